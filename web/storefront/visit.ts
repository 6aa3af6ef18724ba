import type { Choice, Tracker } from '../tracker/tracker.ts';
import type { ForYou } from './for-you/for-you.ts';
import type { Live } from './live/live.ts';
import type { KeyValues } from './shop/cart.ts';

/** What of it the visit needs. */
type Account = Pick<Live, 'signIn' | 'follow' | 'forget'>;

export interface VisitOptions {
  readonly tracker: Pick<Tracker, 'choose' | 'identify'>;
  readonly forYou: Pick<ForYou, 'allow' | 'receive' | 'reach'>;
  /** Loads the Firebase SDK, which visitors who want no personal picks never do. */
  readonly openLive: () => Promise<Account>;
  readonly newId: () => string;
  readonly storage: () => KeyValues;
  readonly schedule: (run: () => void, ms: number) => void;
}

const KEY = 'shop.visitor';
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Lets a choice take effect. Personal picks: a nameless account at Firebase, whose uid events carry and under which the list is
 * read. Statistics alone: a random id of our own. Neither: no id at all, and what there was is deleted.
 */
export function makeVisit(options: VisitOptions): (choice: Choice | undefined) => Promise<void> {
  const { tracker, forYou, openLive, newId, storage, schedule } = options;
  let turn = 0;
  let isWanted = false;
  let live: Account | undefined;
  let stopFollowing = (): void => undefined;

  const personal = async (mine: number, waitMs: number): Promise<void> => {
    const again = (): void => {
      forYou.reach(false);
      schedule(() => {
        if (turn === mine) void personal(mine, Math.min(LONGEST_WAIT_MS, waitMs * 2));
      }, waitMs);
    };
    try {
      live ??= await openLive();
      if (turn !== mine) return;
      const uid = await live.signIn();
      if (turn !== mine) {
        // Taken back meanwhile: there was no account yet to delete.
        if (!isWanted) await live.forget();
        return;
      }
      tracker.identify({ anonymous_id: uid });
      forYou.reach(true);
      stopFollowing = live.follow(uid, forYou.receive, () => {
        if (turn === mine) again();
      });
    } catch {
      if (turn !== mine) return;
      // Events are counted meanwhile, under an id that no list belongs to.
      tracker.identify({ anonymous_id: ownId(storage, newId) });
      again();
    }
  };

  return async (choice) => {
    turn += 1;
    isWanted = choice?.personalization === true;
    stopFollowing();
    stopFollowing = () => undefined;
    forYou.allow(choice);
    if (!choice?.analytics) {
      tracker.identify(undefined);
      forgetId(storage);
    } else if (!choice.personalization) tracker.identify({ anonymous_id: ownId(storage, newId) });
    tracker.choose(choice);
    if (choice?.personalization) await personal(turn, FIRST_WAIT_MS);
    else if (choice) await live?.forget().catch(() => undefined);
  };
}

function ownId(storage: () => KeyValues, newId: () => string): string {
  try {
    const id = storage().getItem(KEY) ?? newId();
    storage().setItem(KEY, id);
    return id;
  } catch {
    return newId();
  }
}

function forgetId(storage: () => KeyValues): void {
  try {
    storage().removeItem(KEY);
  } catch {
    // Nothing is kept here.
  }
}
