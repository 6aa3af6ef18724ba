import { messageOf } from '../shared/errors.ts';

/** What ingest took responsibility for: in the pipeline, or on record as failed events. */
export interface Delivery {
  readonly accepted: number;
  readonly rejected: number;
}

export interface IngestClient {
  /**
   * Sends events by the native protocol and resolves once ingest answers 2xx. Outages, overload and a lost answer are
   * retried with backoff and jitter; the events' ids make that harmless.
   * @throws Error on an answer that a retry cannot change, or when `patienceMs` is over.
   */
  send(events: readonly object[], options?: SendOptions): Promise<Delivery>;
}

export interface SendOptions {
  /** The time that the client's own clock shows, as RFC 3339; said with each attempt. Default: none is said. */
  readonly sentAt?: () => string;
}

export interface IngestClientOptions {
  readonly url: string;
  readonly writeKey: string;
  /** How long one call is retried; default two minutes. */
  readonly patienceMs?: number;
  /** Told of each attempt that has to be repeated: the status it was answered with, undefined where it had no answer. */
  readonly onRetry?: (status: number | undefined) => void;
}

/** A client of `POST /v1/events`, as a shop's server would write it. */
export function makeIngestClient(options: IngestClientOptions): IngestClient {
  const { url, writeKey, patienceMs = 120_000, onRetry } = options;
  return {
    async send(events, { sentAt } = {}) {
      const deadline = Date.now() + patienceMs;
      for (let attempt = 0; ; attempt += 1) {
        const body = JSON.stringify({ events, ...(sentAt && { sent_at: sentAt() }) });
        const outcome = await post(`${url}/v1/events`, writeKey, body);
        if ('delivery' in outcome) return outcome.delivery;
        if (!outcome.retry || Date.now() > deadline)
          throw new Error(`ingest did not take events: ${outcome.why}`);
        onRetry?.(outcome.status);
        const backoff = Math.min(2000, 100 * 2 ** attempt) * (0.5 + Math.random());
        await new Promise((resolve) => setTimeout(resolve, Math.max(backoff, outcome.waitMs)));
      }
    },
  };
}

type Outcome =
  | { readonly delivery: Delivery }
  | {
      readonly retry: boolean;
      readonly status: number | undefined;
      readonly why: string;
      readonly waitMs: number;
    };

async function post(url: string, writeKey: string, body: string): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': writeKey },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (response.ok) return { delivery: JSON.parse(text) as Delivery };
    const retry = response.status === 429 || response.status >= 500;
    const waitMs = Math.min(2000, Number(response.headers.get('retry-after') ?? 0) * 1000);
    return { retry, status: response.status, why: `${response.status} ${text.slice(0, 300)}`, waitMs };
  } catch (error) {
    return { retry: true, status: undefined, why: messageOf(error), waitMs: 0 };
  }
}
