import type { NativeEvent } from '../../shared/events.ts';
import type { EventStore } from './event-store.ts';

/** What the visitor allowed; without `analytics` nothing is kept or sent. */
export interface Choice {
  readonly analytics: boolean;
  readonly personalization: boolean;
}

/** Who the events are of. */
export interface Visitor {
  /** The browser: a random id, or the uid of an anonymous sign-in. */
  readonly anonymous_id: string;
  /** The account, once the visitor is signed in to one. */
  readonly user_id?: string;
}

/** What an event says beside its name, as in docs/protocols/native.md. */
export type EventFields = Omit<
  NativeEvent,
  'event_name' | 'event_id' | 'event_time' | 'anonymous_id' | 'user_id' | 'consent'
>;

/** An event that waits. Who and what was allowed are added when it is sent, where they were not known before. */
export type PendingEvent = NativeEvent & { readonly event_id: string };

/** The way to the collector. */
export interface Transport {
  /** The answer's status, 0 where there was none, and how long to wait if it said so. Never rejects. */
  send(body: string): Promise<{ readonly status: number; readonly retryAfterMs?: number }>;
  /** Hands a body over to the browser, which sends it after the page is gone; false where it does not take it. */
  beacon(body: string): boolean;
}

export interface TrackerOptions {
  readonly writeKey: string;
  readonly transport: Transport;
  readonly store: EventStore;
  /** Page and whatever else every event carries, at the moment of the event. */
  readonly context: () => EventFields;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** Runs something later; answers what undoes that. */
  readonly schedule: (run: () => void, ms: number) => () => void;
  /** How long the first event of a batch waits for others; those that come while a request is under way share the next. Milliseconds. */
  readonly batchMs: number;
}

/** Whether a request may outlive its page: a browser takes 64 KiB of those, and fails what is more. */
export function mayOutlive(body: string): boolean {
  return new TextEncoder().encode(body).length <= BATCH_BYTES;
}

/** Sends a page's events to nextclick's collector. */
export interface Tracker {
  /** Notes an event, which is sent once the visitor allowed it and is known. Answers its id; undefined where it is refused. */
  track(name: string, fields?: EventFields): string | undefined;
  /** Whose the events are from now on, and those that nobody's name is on yet. */
  identify(visitor: Visitor | undefined): void;
  /** What the visitor allowed; undefined: not asked yet, events wait in memory. A refusal forgets all that waits. */
  choose(choice: Choice | undefined): void;
  /** Sends what waits at once, where it would have waited for the end of the task or of `batchMs`. */
  flush(): void;
  /** The page may be gone next: hands over what waits. */
  leave(): void;
  /** The page or the network is back: what waits is tried at once. */
  wake(): void;
  /** Events not known to be with the collector. */
  pending(): number;
}

/** Events kept while they cannot be sent; the oldest go first. */
export const MOST_EVENTS = 200;
/** Events of one request. */
const BATCH = 40;
const BATCH_BYTES = 60_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export function makeTracker(options: TrackerOptions): Tracker {
  const { writeKey, transport, store, context, clock, newId, random, schedule, batchMs } = options;
  let queue: PendingEvent[] = [];
  let choice: Choice | undefined;
  let visitor: Visitor | undefined;
  let sending: readonly PendingEvent[] = [];
  let failures = 0;
  let cancel: (() => void) | undefined;

  const mayKeep = (): boolean => choice?.analytics === true && visitor !== undefined;

  /** With the visitor's name on it, where it has nobody's. */
  const named = (event: PendingEvent): PendingEvent =>
    event.anonymous_id === undefined ? { ...visitor, ...event } : event;

  const flushIn = (ms: number): void => {
    cancel ??= schedule(flush, ms);
  };

  /** The longest head of these that fits a request. */
  const bodyOf = (
    events: readonly PendingEvent[],
  ): { readonly body: string; readonly events: readonly PendingEvent[] } => {
    const all = events.map((event) => ({ ...named(event), consent: { ...choice } }));
    const body = JSON.stringify({ writeKey, sent_at: new Date(clock()).toISOString(), events: all });
    return events.length === 1 || mayOutlive(body)
      ? { body, events }
      : bodyOf(events.slice(0, events.length >> 1));
  };

  const forget = (events: readonly PendingEvent[]): void => {
    const gone = new Set(events.map(({ event_id }) => event_id));
    queue = queue.filter(({ event_id }) => !gone.has(event_id));
    store.remove(gone);
  };

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (sending.length > 0 || queue.length === 0 || !mayKeep()) return;
    const { body, events } = bodyOf(queue.slice(0, BATCH));
    sending = events;
    void transport.send(body).then(({ status, retryAfterMs }) => {
      sending = [];
      if (mayTryAgain(status)) {
        if (mayKeep()) store.add(queue.map(named));
        const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
        failures += 1;
        flushIn(Math.max(retryAfterMs ?? 0, wait * (0.5 + random() / 2)));
        return;
      }
      failures = 0;
      forget(events);
      flush();
    });
  };

  const wake = (): void => {
    if (!mayKeep()) return;
    const known = new Set(queue.map(({ event_id }) => event_id));
    queue = [...store.all().filter(({ event_id }) => !known.has(event_id)), ...queue].slice(-MOST_EVENTS);
    flush();
  };

  return {
    track(event_name, fields) {
      if (choice?.analytics === false) return undefined;
      const event_time = new Date(clock()).toISOString();
      const event = { ...context(), ...fields, ...visitor, event_name, event_id: newId(), event_time };
      queue = [...queue, event].slice(-MOST_EVENTS);
      if (failures > 0 && mayKeep()) store.add([event]);
      flushIn(batchMs);
      return event.event_id;
    },
    identify(next) {
      visitor = next;
      wake();
    },
    choose(next) {
      choice = next;
      if (next?.analytics === false) {
        queue = [];
        store.clear();
      }
      wake();
    },
    leave() {
      if (!mayKeep()) return;
      let rest = queue.filter((event) => !sending.includes(event));
      while (failures === 0 && rest.length > 0) {
        const { body, events } = bodyOf(rest.slice(0, BATCH));
        if (!transport.beacon(body)) break;
        forget(events);
        rest = rest.slice(events.length);
      }
      store.add(queue.map(named));
    },
    wake,
    flush,
    pending: () => queue.length,
  };
}

/** No answer, too slow, too many, or the collector's own trouble; any other refusal would be repeated. */
function mayTryAgain(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
