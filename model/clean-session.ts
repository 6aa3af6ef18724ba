import { KINDS, type Kind, kindOf, type TrainingSession } from './session.ts';

/** A session as the model sees it: one click per step, and what kind of click. */
export interface CleanSession {
  readonly items: readonly string[];
  readonly kinds: readonly Kind[];
  /** Epoch milliseconds of the last click; undefined without times. */
  readonly endedAt: number | undefined;
}

export interface CleaningLimits {
  /** More clicks than a person makes: the session is a bot's and is left out whole. */
  readonly maxClicks: number;
  /** Characters of an item id. */
  readonly maxIdLength: number;
  /** Sessions that ended before this, in epoch milliseconds, have a broken clock. */
  readonly earliest: number;
  /** Sessions that end after this have one too. */
  readonly latest: number;
}

/** Why a session was left out. */
export type Rejection = 'too_long' | 'clock' | 'no_items';

/**
 * Cleans one session of what no person did.
 * @returns the clicks, or why the session is left out
 */
export function cleanSession(session: TrainingSession, limits: CleaningLimits): CleanSession | Rejection {
  if (!Array.isArray(session.items) || session.items.length === 0) return 'no_items';
  if (session.items.length > limits.maxClicks) return 'too_long';
  const endedAt = session.times?.at(-1);
  if (endedAt !== undefined && !(endedAt >= limits.earliest && endedAt <= limits.latest)) return 'clock';
  const clicks = clicksOf(session, limits.maxIdLength);
  return clicks.items.length === 0 ? 'no_items' : { ...clicks, endedAt };
}

/**
 * A session's clicks: ids that are not strings are left out; an item's view, cart and purchase in a row become one
 * click of the strongest kind (only where events are given, since a bare repeat may be a real return).
 */
export function clicksOf(
  { items, events }: Pick<TrainingSession, 'items' | 'events'>,
  maxIdLength = Number.POSITIVE_INFINITY,
): Pick<CleanSession, 'items' | 'kinds'> {
  const kept: string[] = [];
  const kinds: Kind[] = [];
  items.forEach((item: unknown, at) => {
    if (typeof item !== 'string' || item.length === 0 || item.length > maxIdLength) return;
    const kind = kindOf(events?.[at]);
    const last = kinds.length - 1;
    if (events && kept[last] === item && (kind !== KINDS.view || kinds[last] !== KINDS.view)) {
      kinds[last] = Math.max(kinds[last] ?? KINDS.view, kind) as Kind;
      return;
    }
    kept.push(item);
    kinds.push(kind);
  });
  return { items: kept, kinds };
}
