import { randomUUID } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { messageOf } from '../../shared/errors.ts';
import { stableId } from '../../shared/ids.ts';
import type { StoredObject } from './object-store.ts';
import type { PostJson } from './post-json.ts';
import { objectResource } from './resources.ts';

/** Objects finalized in a bucket are reported to an endpoint, usually a function's address. */
export interface StorageNotification {
  readonly bucket: string;
  readonly endpoint: string;
}

/** How deliveries are retried: waits double from `minBackoffMs` to `maxBackoffMs`. */
export interface RetryPolicy {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Deliveries of one event, the first included, before it is given up. */
  readonly maxAttempts: number;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number;
  /** Deliveries to one endpoint at the same time. */
  readonly concurrency: number;
}

export interface NotificationState extends StorageNotification {
  readonly id: string;
  readonly pending: number;
  readonly delivered: number;
  /** Events given up after the last attempt. */
  readonly abandoned: number;
  readonly lastError?: string;
}

export interface Notifier {
  /** Adds a notification; the same one again changes nothing. */
  register(notification: StorageNotification): NotificationState;
  list(): readonly NotificationState[];
  /** Ends a notification and its pending deliveries; false for an unknown id. */
  remove(id: string): boolean;
  /** Reports a new generation of an object. */
  finalized(object: StoredObject): void;
  close(): void;
}

export interface NotifierOptions {
  readonly post: PostJson;
  readonly retry: RetryPolicy;
  /** Base of links in events, `http://HOST:PORT`. */
  readonly base: () => string;
  readonly setTimer: (task: () => void, ms: number) => void;
}

interface Entry {
  readonly notification: StorageNotification;
  readonly limit: LimitFunction;
  ended: boolean;
  pending: number;
  delivered: number;
  abandoned: number;
  lastError: string | undefined;
}

/**
 * Delivers object-finalized CloudEvents in the binary mode of the HTTP binding, at least once, until a 2xx:
 * https://cloud.google.com/eventarc/docs/cloudevents#storage. Pending deliveries do not outlive the process.
 */
export function makeNotifier({ post, retry, base, setTimer }: NotifierOptions): Notifier {
  const entries = new Map<string, Entry>();

  const deliver = async (
    entry: Entry,
    headers: Readonly<Record<string, string>>,
    body: string,
    attempt: number,
  ) => {
    if (entry.ended) return;
    const problem = await entry.limit(async () => {
      try {
        const status = await post(entry.notification.endpoint, headers, body, retry.timeoutMs);
        return status >= 200 && status < 300 ? undefined : `the endpoint answered ${status}`;
      } catch (error) {
        return messageOf(error);
      }
    });
    if (problem === undefined) {
      entry.pending -= 1;
      entry.delivered += 1;
      return;
    }
    entry.lastError = `${headers['ce-subject']}, attempt ${attempt}: ${problem}`;
    if (attempt >= retry.maxAttempts) {
      entry.pending -= 1;
      entry.abandoned += 1;
      return;
    }
    const wait = Math.min(retry.maxBackoffMs, retry.minBackoffMs * 2 ** (attempt - 1));
    setTimer(() => void deliver(entry, headers, body, attempt + 1), wait);
  };

  return {
    register(notification) {
      const id = stableId(notification.bucket, notification.endpoint);
      const entry: Entry = entries.get(id) ?? {
        notification,
        limit: pLimit(retry.concurrency),
        ended: false,
        pending: 0,
        delivered: 0,
        abandoned: 0,
        lastError: undefined,
      };
      entries.set(id, entry);
      return stateOf(id, entry);
    },
    list: () => [...entries].map(([id, entry]) => stateOf(id, entry)),
    remove(id) {
      const entry = entries.get(id);
      if (entry) entry.ended = true;
      return entries.delete(id);
    },
    finalized(object) {
      const headers = finalizedHeaders(object);
      const body = JSON.stringify(objectResource(object, base()));
      for (const entry of entries.values()) {
        if (entry.notification.bucket !== object.bucket) continue;
        entry.pending += 1;
        void deliver(entry, headers, body, 1);
      }
    },
    close() {
      for (const entry of entries.values()) entry.ended = true;
      entries.clear();
    },
  };
}

/** The event's attributes as headers. */
function finalizedHeaders(object: StoredObject): Readonly<Record<string, string>> {
  return {
    'ce-id': randomUUID(),
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.storage.object.v1.finalized',
    'ce-source': `//storage.googleapis.com/projects/_/buckets/${object.bucket}`,
    'ce-subject': `objects/${headerValue(object.name)}`,
    'ce-bucket': object.bucket,
    'ce-time': object.timeCreated,
  };
}

/** Percent-encodes what the HTTP binding has encoded: all but printable ASCII, and space, quote and percent. */
function headerValue(text: string): string {
  return text.replace(/[^\x21-\x7e]|["%]/gu, encodeURIComponent);
}

function stateOf(
  id: string,
  { notification, pending, delivered, abandoned, lastError }: Entry,
): NotificationState {
  return {
    id,
    ...notification,
    pending,
    delivered,
    abandoned,
    ...(lastError === undefined ? {} : { lastError }),
  };
}
