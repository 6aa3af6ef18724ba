import { MOST_EVENTS, type PendingEvent } from './tracker.ts';

/** Events that outlive the page, each id once. Other tabs share it: what two of them send is one event to the collector. */
export interface EventStore {
  all(): readonly PendingEvent[];
  /** Adds what it has not; the oldest go where there are too many. */
  add(events: readonly PendingEvent[]): void;
  remove(ids: ReadonlySet<string>): void;
  clear(): void;
}

/** The part of `localStorage` that is used; each may throw, where storage is full or forbidden. */
export type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Characters kept; a browser gives an origin some five million. */
const MOST_CHARACTERS = 250_000;

/** Keeps events as JSON under one key. Where the browser keeps nothing, neither does it, silently: a shop must not fail for that. */
export function makeEventStore(storage: () => KeyValues, key = 'nextclick.events'): EventStore {
  const all = (): readonly PendingEvent[] => {
    try {
      const kept: unknown = JSON.parse(storage().getItem(key) ?? '[]');
      return Array.isArray(kept) ? kept.filter((event) => typeof event?.event_id === 'string') : [];
    } catch {
      return [];
    }
  };
  const write = (events: readonly PendingEvent[]): void => {
    try {
      const text = JSON.stringify(events);
      if (events.length === 0) storage().removeItem(key);
      else if (text.length > MOST_CHARACTERS) write(events.slice(Math.ceil(events.length / 2)));
      else storage().setItem(key, text);
    } catch {
      // Nothing can be kept here.
    }
  };
  return {
    all,
    add(events) {
      const kept = all();
      const known = new Set(kept.map(({ event_id }) => event_id));
      const fresh = events.filter(({ event_id }) => !known.has(event_id));
      if (fresh.length > 0) write([...kept, ...fresh].slice(-MOST_EVENTS));
    },
    remove(ids) {
      const kept = all();
      if (kept.some(({ event_id }) => ids.has(event_id)))
        write(kept.filter(({ event_id }) => !ids.has(event_id)));
    },
    clear: () => write([]),
  };
}
