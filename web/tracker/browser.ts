import { type KeyValues, makeEventStore } from './event-store.ts';
import {
  type Choice,
  type EventFields,
  makeTracker,
  mayOutlive,
  type Tracker,
  type Transport,
  type Visitor,
} from './tracker.ts';

export interface StartOptions {
  /** The collector: `https://collect.shop.example`. */
  readonly url: string;
  readonly writeKey: string;
  /** What the visitor allowed before; without it, events wait in memory for `choose`. */
  readonly choice?: Choice | undefined;
  /** Default: a random id, made and kept in localStorage once analytics are allowed. Null: events wait for `identify`. */
  readonly visitor?: Visitor | null;
  /** Default 0: what happens in one go is sent together, at once. */
  readonly batchMs?: number;
}

const VISITOR_KEY = 'nextclick.visitor';

/** A tracker on this page: leaving, coming back and the network are seen to. */
export function startTracker({ url, writeKey, choice, visitor, batchMs = 0 }: StartOptions): Tracker {
  const tracker = makeTracker({
    writeKey,
    transport: makeTransport(`${url}/v1/events`),
    store: makeEventStore(() => localStorage),
    context: makeContext(),
    clock: Date.now,
    newId,
    random: Math.random,
    schedule: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    batchMs,
  });
  const choose = (next: Choice | undefined): void => {
    if (visitor === undefined) tracker.identify(next?.analytics ? ownVisitor(() => localStorage) : undefined);
    if (visitor === undefined && next?.analytics === false) forgetVisitor(() => localStorage);
    tracker.choose(next);
  };
  if (visitor) tracker.identify(visitor);
  choose(choice);
  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? tracker.leave() : tracker.wake(),
  );
  addEventListener('pagehide', tracker.leave);
  addEventListener('online', tracker.wake);
  return { ...tracker, choose };
}

/** As text: a browser sends that to another origin without asking first. */
function makeTransport(url: string): Transport {
  return {
    async send(body) {
      try {
        const keepalive = mayOutlive(body);
        const response = await fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' });
        const seconds = Number(response.headers.get('retry-after'));
        // Until its answer is read, a request counts towards the 64 KiB that may outlive the page.
        await response.arrayBuffer();
        return { status: response.status, ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) };
      } catch {
        return { status: 0 };
      }
    },
    beacon: (body) => navigator.sendBeacon(url, body),
  };
}

/** The page, and where the visitor came from: within a page that changes its address, the address before. */
function makeContext(): () => EventFields {
  let url = location.href;
  let { referrer } = document;
  return () => {
    if (location.href !== url) {
      referrer = url;
      url = location.href;
    }
    return { page: { url, title: document.title, ...(referrer && { referrer }) } };
  };
}

function ownVisitor(storage: () => KeyValues): Visitor {
  try {
    const anonymous_id = storage().getItem(VISITOR_KEY) ?? newId();
    storage().setItem(VISITOR_KEY, anonymous_id);
    return { anonymous_id };
  } catch {
    return { anonymous_id: newId() };
  }
}

function forgetVisitor(storage: () => KeyValues): void {
  try {
    storage().removeItem(VISITOR_KEY);
  } catch {
    // Nothing is kept here.
  }
}

/** `crypto.randomUUID`, which pages without TLS do not have. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
