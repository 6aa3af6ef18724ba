import { stableId } from '../../../shared/ids.ts';
import { compareSpans, SESSIONS_KEPT, type SessionSpan } from './profile.ts';

/** A gap longer than this ends a session. Milliseconds; the usual half hour of web analytics. */
export const IDLE_MS = 30 * 60_000;
/** How far a span may lag behind its session's last event: it saves a write for each of a burst of page views. */
const GRAIN_MS = 60_000;

export interface Placed {
  readonly id: string;
  readonly sessions: readonly SessionSpan[];
}

/**
 * Puts an event into the session nearest to it in time, at most half an hour away, else begins one, named after the
 * person and its first event's time. A session's id never changes: a late event joins the session it falls into, before or after
 * what is known of it, and a redelivered event finds the session that it was put into.
 */
export function placeInSession(sessions: readonly SessionSpan[], userKey: string, at: number): Placed {
  const nearest = nearestSpan(sessions, at);
  if (!nearest) {
    const begun: SessionSpan = { id: stableId(userKey, String(at)), start: at, end: at };
    return { id: begun.id, sessions: [begun, ...sessions].sort(compareSpans).slice(0, SESSIONS_KEPT) };
  }
  if (distance(nearest, at) <= GRAIN_MS) return { id: nearest.id, sessions };
  const grown = { ...nearest, start: Math.min(nearest.start, at), end: Math.max(nearest.end, at) };
  const others = sessions.filter((span) => span !== nearest);
  return { id: nearest.id, sessions: [grown, ...others].sort(compareSpans) };
}

/**
 * The session of an event that may leave no trace in a profile (no consent to personalization, or a bot): the visitor's half
 * hour by the clock.
 */
export function sessionWithoutProfile(visitorId: string, at: number): string {
  return stableId(visitorId, 'half-hour', String(Math.floor(at / IDLE_MS)));
}

/** How many sessions events make, newest first. Epoch milliseconds. */
export function countSessions(events: readonly { readonly at: number }[]): number {
  let count = 0;
  let later = Number.POSITIVE_INFINITY;
  for (const { at } of events) {
    if (later - at > IDLE_MS) count += 1;
    later = at;
  }
  return count;
}

function nearestSpan(sessions: readonly SessionSpan[], at: number): SessionSpan | undefined {
  let best: SessionSpan | undefined;
  for (const span of sessions) {
    const away = distance(span, at);
    if (away > IDLE_MS) continue;
    if (!best || away < distance(best, at) || (away === distance(best, at) && span.start < best.start))
      best = span;
  }
  return best;
}

function distance(span: SessionSpan, at: number): number {
  return Math.max(0, span.start - at, at - span.end);
}
