import type { NativeEvent } from '../../shared/events.ts';
import { makeEventStore } from './event-store.ts';
import { makeTracker, type Transport } from './tracker.ts';

/** Every choice allowed. */
export const ALL = { analytics: true, personalization: true };
export const VISITOR = { anonymous_id: 'browser-7' };

/** A request's body. */
export interface Sent {
  readonly writeKey: string;
  readonly sent_at: string;
  readonly events: readonly NativeEvent[];
}

/** Storage that the test looks into. */
export function makeMemory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

/** A tracker whose time, network and storage the test holds. */
export function rig({ memory = makeMemory(), batchMs = 0, first = 0 } = {}) {
  const requests: {
    readonly sent: Sent;
    readonly answer: (status: number, retryAfterMs?: number) => Promise<void>;
  }[] = [];
  const beacons: Sent[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  let takesBeacons = true;
  let ids = first;
  const transport: Transport = {
    send: (body) =>
      new Promise((resolve) => {
        requests.push({
          sent: JSON.parse(body),
          answer: async (status, retryAfterMs) => {
            resolve({ status, ...(retryAfterMs !== undefined && { retryAfterMs }) });
            await new Promise((settled) => setImmediate(settled));
          },
        });
      }),
    beacon: (body) => {
      if (takesBeacons) beacons.push(JSON.parse(body));
      return takesBeacons;
    },
  };
  const tracker = makeTracker({
    writeKey: 'key',
    transport,
    store: makeEventStore(() => memory),
    context: () => ({ page: { url: 'https://shop.example/' } }),
    clock: () => Date.UTC(2026, 0, 1),
    newId: () => `event-${ids++}`,
    random: () => 1,
    schedule: (run, ms) => {
      const timer = { run, ms };
      timers.push(timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    batchMs,
  });
  return {
    tracker,
    requests,
    beacons,
    memory,
    /** Lets the time of the next timer come; answers how long it waited. */
    elapse() {
      const timer = timers.shift();
      timer?.run();
      return timer?.ms;
    },
    refuseBeacons: () => {
      takesBeacons = false;
    },
  };
}

/** The same, of a visitor who allows everything. */
export function allowed(options?: Parameters<typeof rig>[0]) {
  const made = rig(options);
  made.tracker.identify(VISITOR);
  made.tracker.choose(ALL);
  return made;
}

/** What a request tells. */
export const namesOf = ({ events }: Sent) => events.map(({ event_name }) => event_name);
