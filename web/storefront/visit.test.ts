import { describe, expect, test } from 'vitest';
import type { Live } from './live/live.ts';
import type { ShownList } from './live/shown-list.ts';
import { makeVisit } from './visit.ts';

const ALL = { analytics: true, personalization: true };
const COUNTED = { analytics: true, personalization: false };
const NOTHING = { analytics: false, personalization: false };
const list: ShownList = {
  recommendationId: 'r',
  items: [],
  source: 'model',
  modelVersion: 'v',
  triggerId: 'e',
};

/** A visit whose Firebase the test holds; `said` is what tracker and row were told, in order. */
function rig(live: Partial<Live> = {}, loaded: Promise<void> = Promise.resolve()) {
  const said: string[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const kept = new Map<string, string>();
  const visit = makeVisit({
    tracker: {
      identify: (visitor) => said.push(`identify ${visitor?.anonymous_id}`),
      choose: (choice) => said.push(`choose ${choice?.analytics} ${choice?.personalization}`),
    },
    forYou: {
      allow: (choice) => said.push(`allow ${choice?.personalization}`),
      receive: ({ recommendationId }) => said.push(`receive ${recommendationId}`),
      reach: (reachable) => said.push(`reach ${reachable}`),
    },
    openLive: () =>
      loaded.then(() => ({
        signIn: async () => 'uid-1',
        follow: (uid, onList) => {
          said.push(`follow ${uid}`);
          onList(list);
          return () => said.push('unfollow');
        },
        forget: async () => void said.push('forget'),
        ...live,
      })),
    newId: () => 'random-1',
    storage: () => ({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    }),
    schedule: (run, ms) => void timers.push({ run, ms }),
  });
  return { visit, said, timers, kept };
}

describe('a choice takes effect', () => {
  test('personal picks: events under the uid whose list is followed', async () => {
    const { visit, said, kept } = rig();
    await visit(ALL);
    expect(said).toEqual([
      'allow true',
      'choose true true',
      'identify uid-1',
      'reach true',
      'follow uid-1',
      'receive r',
    ]);
    expect(kept.size).toBe(0);
  });

  test('counted: an id of our own, and nothing of Firebase', async () => {
    const { visit, said, kept } = rig({ signIn: () => Promise.reject(new Error('must not be asked')) });
    await visit(COUNTED);
    expect(said).toEqual(['allow false', 'identify random-1', 'choose true false']);
    expect([...kept.values()]).toEqual(['random-1']);
  });

  test('not asked yet: nobody', async () => {
    const { visit, said } = rig();
    await visit(undefined);
    expect(said).toEqual(['allow undefined', 'identify undefined', 'choose undefined undefined']);
  });

  test('taken back: nothing is followed or kept, and the account is deleted', async () => {
    const { visit, said, kept } = rig();
    await visit(COUNTED);
    await visit(ALL);
    said.length = 0;
    await visit(NOTHING);
    expect(said).toEqual(['unfollow', 'allow false', 'identify undefined', 'choose false false', 'forget']);
    expect(kept.size).toBe(0);
  });

  test('taken back before Firebase is loaded: there is no account', async () => {
    let load = (): void => undefined;
    const loaded = new Promise<void>((resolve) => {
      load = resolve;
    });
    const { visit, said } = rig({ signIn: () => Promise.reject(new Error('must not be asked')) }, loaded);
    const first = visit(ALL);
    await visit(NOTHING);
    said.length = 0;
    load();
    await first;
    expect(said).toEqual([]);
  });

  test('a list that can be followed no longer is followed anew', async () => {
    let fail: (error: unknown) => void = () => undefined;
    let follows = 0;
    const { visit, said, timers } = rig({
      follow: (_uid, _onList, onError) => {
        follows += 1;
        fail = onError;
        return () => undefined;
      },
    });
    await visit(ALL);
    fail(new Error('the token was revoked'));
    expect(said.at(-1)).toBe('reach false');
    timers.shift()?.run();
    await new Promise((resolve) => setImmediate(resolve));
    expect(follows).toBe(2);
    expect(said.at(-1)).toBe('reach true');
    await visit(NOTHING);
    fail(new Error('late'));
    expect(timers).toEqual([]);
  });

  test('taken back while signing in: the uid is not used', async () => {
    let signedIn = (_uid: string): void => undefined;
    const { visit, said } = rig({
      signIn: () =>
        new Promise((resolve) => {
          signedIn = resolve;
        }),
    });
    const first = visit(ALL);
    await new Promise((resolve) => setImmediate(resolve));
    await visit(NOTHING);
    said.length = 0;
    signedIn('uid-1');
    await first;
    expect(said).toEqual(['forget']);
  });

  test('Firebase is not reached: events are counted under our own id, and it is tried again, later and later', async () => {
    let reachable = false;
    const { visit, said, timers } = rig({
      signIn: async () => {
        if (!reachable) throw new Error('no network');
        return 'uid-1';
      },
    });
    await visit(ALL);
    expect(said.slice(2)).toEqual(['identify random-1', 'reach false']);
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const timer = timers.shift();
      waits.push(timer?.ms ?? 0);
      if (round === 6) reachable = true;
      timer?.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(said.slice(-4)).toEqual(['identify uid-1', 'reach true', 'follow uid-1', 'receive r']);
  });
});
