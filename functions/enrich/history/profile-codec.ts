import { isoTime } from '../../../shared/iso-time.ts';
import type { HistoryEvent, HistoryLine, Profile, SessionSpan } from './profile.ts';

/**
 * A profile as the fields of its document. Lists are JSON text of tuples: a tenth of the bytes of maps, and one value
 * for Firestore to read and to index.
 */
export interface ProfileDocument {
  readonly user_key: string;
  /** RFC 3339; also sorts as text. */
  readonly first_seen: string;
  /** Time of the newest kept event; null while there is none. */
  readonly last_event: string | null;
  readonly linked_to: string | null;
  readonly linked_at: string | null;
  readonly history: string;
  readonly sessions: string;
}

export function encodeProfile(userKey: string, profile: Profile): ProfileDocument {
  const newest = profile.events[0];
  return {
    user_key: userKey,
    first_seen: isoTime(profile.first_seen),
    last_event: newest === undefined ? null : isoTime(newest.at),
    linked_to: profile.link?.user_key ?? null,
    linked_at: profile.link === undefined ? null : isoTime(profile.link.at),
    history: JSON.stringify(
      profile.events.map(({ event_id, at, event_name, items }) => [
        event_id,
        at,
        event_name,
        items.map(({ item_id, category, quantity, value }) => [
          item_id,
          category ?? 0,
          quantity ?? 0,
          value ?? 0,
        ]),
      ]),
    ),
    sessions: JSON.stringify(profile.sessions.map(({ id, start, end }) => [id, start, end])),
  };
}

/** The profile in a document's fields. Parts that cannot be read are left out, so that one bad entry spoils no profile. */
export function decodeProfile(document: Readonly<Record<string, unknown>>): Profile {
  const linkedAt = Date.parse(String(document.linked_at));
  const firstSeen = Date.parse(String(document.first_seen));
  return {
    first_seen: Number.isNaN(firstSeen) ? Number.POSITIVE_INFINITY : firstSeen,
    events: tuples(document.history).flatMap(readEvent),
    sessions: tuples(document.sessions).flatMap(readSpan),
    ...(typeof document.linked_to === 'string' && !Number.isNaN(linkedAt)
      ? { link: { user_key: document.linked_to, at: linkedAt } }
      : {}),
  };
}

function tuples(text: unknown): readonly (readonly unknown[])[] {
  if (typeof text !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((entry) => Array.isArray(entry)) : [];
  } catch {
    return [];
  }
}

function readEvent([event_id, at, event_name, items]: readonly unknown[]): HistoryEvent[] {
  if (typeof event_id !== 'string' || !isTime(at) || typeof event_name !== 'string') return [];
  const lines = Array.isArray(items)
    ? items.flatMap((line: unknown) => (Array.isArray(line) ? readLine(line) : []))
    : [];
  return [{ event_id, at, event_name, items: lines }];
}

function readLine([item_id, category, quantity, value]: readonly unknown[]): HistoryLine[] {
  if (typeof item_id !== 'string') return [];
  return [
    {
      item_id,
      ...(typeof category === 'string' ? { category } : {}),
      ...(typeof quantity === 'number' && quantity !== 0 ? { quantity } : {}),
      ...(typeof value === 'number' && value !== 0 ? { value } : {}),
    },
  ];
}

function readSpan([id, start, end]: readonly unknown[]): SessionSpan[] {
  return typeof id === 'string' && isTime(start) && isTime(end) ? [{ id, start, end }] : [];
}

/** The range of `Date`. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}
