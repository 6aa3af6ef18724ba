import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliverMessage } from '../../infra/trial/deliver.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { BenchStack } from '../tools/stack.ts';
import { type RecordedEvent, startRecorder } from './recorder.ts';
import { documentOf, watchScreen } from './screen.ts';

/** What is between a click and its document, by name: the least milliseconds that each took, with nothing else going on. */
export type Hops = Readonly<Record<string, number>>;

/** Messages between ingest and push: to enrich, to recommend, to push. */
const DELIVERIES = 3;
const VISITOR = 'hops-visitor';

/** A click of that visitor, at this moment. */
export function clickOf(visitor: string, at: number): { readonly event_id: string } & RecordedEvent {
  return {
    event_id: randomUUID(),
    event_name: 'view_item',
    event_time: new Date().toISOString(),
    anonymous_id: visitor,
    items: [{ item_id: `sku-${String(1 + (at % 90)).padStart(4, '0')}`, price: 9.5 }],
  };
}

/** Measures each hop alone, so many times; the next begins when nothing is left of the last. */
export async function measureHops(bench: BenchStack, times: number): Promise<Hops> {
  const { stores } = bench;
  const recorder = await startRecorder(stores.pubsub, [TOPICS.raw, TOPICS.enriched, TOPICS.recommendations]);
  const screen = watchScreen(documentOf(stores.firestore, VISITOR));
  try {
    const ingest = await least(
      bench,
      times,
      async (at) => void (await bench.ingest.send([clickOf(VISITOR, at)])),
    );
    const deliver = async (name: string, topic: Topic, after?: (eventId: string) => Promise<unknown>) => {
      const event = await recorder.newest(topic);
      return least(bench, times, async () => {
        const { eventId, renewed } = renew(event);
        const data = Buffer.from(JSON.stringify({ events: [renewed] })).toString('base64');
        const message = { data, messageId: eventId, publishTime: new Date().toISOString() };
        await deliverMessage(bench.stack.functions.get(name)?.url ?? '', topic, message);
        await after?.(eventId);
      });
    };
    return {
      'ingest: request to answer': ingest,
      [`Pub/Sub: ${DELIVERIES} × publish to push`]: DELIVERIES * (await deliveryOf(bench, times)),
      'enrich: push to answer': await deliver('enrich', TOPICS.raw),
      'recommend: push to answer': await deliver('recommend', TOPICS.enriched),
      'push: push to the listener’s document': await deliver('push', TOPICS.recommendations, (eventId) =>
        screen.answerTo(eventId),
      ),
    };
  } finally {
    screen.close();
    await recorder.close();
  }
}

export function sumOf(hops: Hops): number {
  return Object.values(hops).reduce((sum, each) => sum + each, 0);
}

async function least(
  { drained }: BenchStack,
  times: number,
  work: (at: number) => Promise<void>,
): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < times; at += 1) {
    await drained();
    const began = performance.now();
    await work(at);
    shortest = Math.min(shortest, performance.now() - began);
  }
  await drained();
  return shortest;
}

/** The same event as if it had happened now, with an id of its own: nobody has seen it. */
function renew(event: RecordedEvent): { readonly eventId: string; readonly renewed: RecordedEvent } {
  const eventId = randomUUID();
  const now = new Date().toISOString();
  const own = { event_id: eventId, event_time: now };
  const { trigger, collector } = event as { readonly trigger?: object; readonly collector?: object };
  if (trigger) {
    const renewed = { ...event, recommendation_id: eventId, generated_at: now };
    return { eventId, renewed: { ...renewed, trigger: { ...trigger, ...own, received_at: now } } };
  }
  const received = collector ? { collector: { ...collector, received_at: now } } : { received_at: now };
  return { eventId, renewed: { ...event, ...own, ...received } };
}

/** Milliseconds from a publish to its push, the server idle. */
async function deliveryOf(bench: BenchStack, times: number): Promise<number> {
  let arrived = (): void => undefined;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end();
      arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [topic] = await bench.stores.pubsub.createTopic(`bench-${randomUUID()}`);
  const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const [subscription] = await topic.createSubscription(topic.name.split('/').at(-1) ?? '', { pushEndpoint });
  // As functions publish: at once. By itself the client waits for more.
  topic.setPublishOptions({ batching: { maxMessages: 1 } });
  const data = Buffer.alloc(1024, 'x');
  try {
    return await least(bench, times, async () => {
      const came = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      await topic.publishMessage({ data });
      await came;
    });
  } finally {
    await subscription.delete();
    await topic.delete();
    server.close();
    server.closeAllConnections();
  }
}
