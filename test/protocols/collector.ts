import { FailedEvent, RawEvent } from '../../shared/events.ts';
import { type Answer, accept, eventsOf, fakePubSub } from '../helpers/fake-pubsub.ts';
import { serveFunction } from '../helpers/serve-function.ts';

export const WRITE_KEY = 'k1';

/** The deployed collector in a process of its own, before a Pub/Sub that a test can make fail. */
export interface TestCollector {
  readonly url: string;
  readonly port: number;
  /** Every event that Pub/Sub has acknowledged on `clickstream-raw` since the last `clear`, in order. */
  acknowledged(): RawEvent[];
  /** The same, on `failed-events`. */
  failed(): FailedEvent[];
  /** Calls to Pub/Sub since the last `clear`, acknowledged or not. */
  publishes(): number;
  /** How Pub/Sub answers from now on; `times` calls only where given, then it acknowledges again. */
  answer(answer: Answer, times?: number): void;
  clear(): void;
}

/** Starts one; end it with `endServedFunctions` and `closeFakePubSubs`. */
export async function startCollector(env: Readonly<Record<string, string>> = {}): Promise<TestCollector> {
  const acknowledged: RawEvent[] = [];
  const failed: FailedEvent[] = [];
  let publishes = 0;
  let answering: Answer = accept;
  let left = Number.POSITIVE_INFINITY;
  const pubsub = await fakePubSub([
    (request, callback) => {
      publishes += 1;
      const answer = left > 0 ? answering : accept;
      left -= 1;
      answer(request, (error, response) => {
        if (!error && request.topic.endsWith('/clickstream-raw')) {
          acknowledged.push(...RawEvent.array().parse(eventsOf(request)));
        }
        if (!error && request.topic.endsWith('/failed-events')) {
          failed.push(...FailedEvent.array().parse(eventsOf(request)));
        }
        callback(error, response);
      });
    },
  ]);
  const { url, output } = await serveFunction('ingest', {
    PUBSUB_EMULATOR_HOST: pubsub.emulatorHost,
    WRITE_KEYS: WRITE_KEY,
    ...env,
  });
  const health = await fetch(`${url}/health`).catch(() => undefined);
  if (health?.status !== 200) throw new Error(`ingest does not serve:\n${output()}`);
  return {
    url,
    port: Number(new URL(url).port),
    acknowledged: () => acknowledged,
    failed: () => failed,
    publishes: () => publishes,
    answer(answer, times = Number.POSITIVE_INFINITY) {
      answering = answer;
      left = times;
    },
    clear() {
      acknowledged.length = 0;
      failed.length = 0;
      publishes = 0;
    },
  };
}
