import { canonicalJson } from '../../../shared/json.ts';

/** Events a profile keeps. */
export const HISTORY_LENGTH = 200;
/** Sessions a profile keeps, for placing late events. */
export const SESSIONS_KEPT = 50;

/** An item of a kept event. */
export interface HistoryLine {
  readonly item_id: string;
  readonly category?: string;
  readonly quantity?: number;
  /** Price × quantity, in the event's currency. */
  readonly value?: number;
}

/** An event as kept in a profile. */
export interface HistoryEvent {
  readonly event_id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event_name: string;
  readonly items: readonly HistoryLine[];
}

/** A session of ours: its id never changes once given, its span grows. Epoch milliseconds. */
export interface SessionSpan {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** That a device's visitor is known: whose profile its events belong to, and by an event of when. */
export interface Link {
  readonly user_key: string;
  readonly at: number;
}

/** What is known of a person, or of a device whose person is not known yet. */
export interface Profile {
  /** Epoch milliseconds. */
  readonly first_seen: number;
  /** Newest first, each id once, at most HISTORY_LENGTH. */
  readonly events: readonly HistoryEvent[];
  /** Latest first, at most SESSIONS_KEPT. */
  readonly sessions: readonly SessionSpan[];
  /** Set on a device's profile once its events belong to a person's. */
  readonly link?: Link;
}

/** The profile of somebody never seen: the join's neutral element. */
export const NOBODY: Profile = { first_seen: Number.POSITIVE_INFINITY, events: [], sessions: [] };

/**
 * The newest events of both, each id once. With `first_seen` (the minimum) it makes a profile's history a join-semilattice:
 * joining is commutative, associative and idempotent, so that a history depends on the set of events alone, not on
 * their order, their batches or their redelivery. Equal ids with unequal content resolve to the greater by `compareEvents`.
 * @param a a history: newest first, each id once
 * @param b more events, in any order
 */
export function joinEvents(a: readonly HistoryEvent[], b: readonly HistoryEvent[]): readonly HistoryEvent[] {
  if (b.length === 0) return a;
  // `a` has each id once, so that only those of `b`, which are few, can come again.
  const repeatable = new Set(b.map((event) => event.event_id));
  const seen = new Set<string>();
  const joined: HistoryEvent[] = [];
  for (const event of mergeOrdered(a, b.toSorted(compareEvents))) {
    if (repeatable.has(event.event_id)) {
      if (seen.has(event.event_id)) continue;
      seen.add(event.event_id);
    }
    joined.push(event);
    if (joined.length === HISTORY_LENGTH) break;
  }
  return joined;
}

/** Both lists as one in order: a few events among many need no sorting of all. */
function mergeOrdered(many: readonly HistoryEvent[], few: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const merged: HistoryEvent[] = [];
  let from = 0;
  for (const event of few) {
    let until = from;
    for (let next = many[until]; next && compareEvents(next, event) <= 0; next = many[until]) until += 1;
    merged.push(...many.slice(from, until), event);
    from = until;
  }
  merged.push(...many.slice(from));
  return merged;
}

/** A total order, newest first: by time, then id, then content. */
function compareEvents(a: HistoryEvent, b: HistoryEvent): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.event_id !== b.event_id) return a.event_id < b.event_id ? 1 : -1;
  const [textA, textB] = [canonicalJson(a), canonicalJson(b)];
  return textA === textB ? 0 : textA < textB ? 1 : -1;
}

/** Sessions of both: those of one id united, the latest kept. */
function joinSessions(a: readonly SessionSpan[], b: readonly SessionSpan[]): readonly SessionSpan[] {
  if (b.length === 0) return a;
  const byId = new Map(a.map((span) => [span.id, span]));
  for (const span of b) {
    const known = byId.get(span.id);
    byId.set(
      span.id,
      known
        ? { id: span.id, start: Math.min(known.start, span.start), end: Math.max(known.end, span.end) }
        : span,
    );
  }
  return [...byId.values()].sort(compareSpans).slice(0, SESSIONS_KEPT);
}

/** Latest first. */
export function compareSpans(a: SessionSpan, b: SessionSpan): number {
  return b.end - a.end || b.start - a.start || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** One person's profiles as one: histories, sessions and `first_seen` joined, the link of the first kept. */
export function joinProfiles(a: Profile, b: Profile): Profile {
  return {
    ...a,
    first_seen: Math.min(a.first_seen, b.first_seen),
    events: joinEvents(a.events, b.events),
    sessions: joinSessions(a.sessions, b.sessions),
  };
}

/** Whether two profiles hold the same. */
export function isSameProfile(a: Profile, b: Profile): boolean {
  return (
    a.first_seen === b.first_seen &&
    a.link?.user_key === b.link?.user_key &&
    a.link?.at === b.link?.at &&
    isSameList(a.events, b.events, (x, y) => compareEvents(x, y) === 0) &&
    isSameList(a.sessions, b.sessions, (x, y) => compareSpans(x, y) === 0)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => {
      const other = b[index];
      return other !== undefined && (item === other || isSame(item, other));
    })
  );
}
