import { beforeEach, describe, expect, test } from 'vitest';
import { makeVirtualScheduler, type VirtualScheduler } from '../../../test/helpers/virtual-scheduler.ts';
import type { Appetite, Backend } from '../backend.ts';
import { subscriptionOf } from '../handlers/subscriptions.ts';
import type { Delivery } from '../message.ts';
import { makeMemoryBackend } from './memory-backend.ts';

const TOPIC = 'projects/p/topics/clicks';
const DEAD = 'projects/p/topics/dead';
const SUB = 'projects/p/subscriptions/all';
const DEAD_SUB = 'projects/p/subscriptions/dead';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const hungry: Appetite = { messages: 100, bytes: 100_000, perKey: 100, deadlineMs: 10_000 };

let scheduler: VirtualScheduler;
let backend: Backend;
beforeEach(() => {
  scheduler = makeVirtualScheduler();
  backend = makeMemoryBackend({ scheduler, maxBytes: 10_000 });
  for (const name of [TOPIC, DEAD]) backend.createTopic({ name, resource: { name }, retentionMs: 0 });
});

const subscribe = (fields: object = {}, name = SUB, topic = TOPIC): void =>
  backend.createSubscription(subscriptionOf({ name, topic, ...fields }, false));
const publish = (...texts: readonly string[]): readonly string[] =>
  backend.publish(TOPIC, texts.map(messageOf));
/** `key:text`, or a text without a key. */
function messageOf(text: string) {
  const [orderingKey = ''] = text.includes(':') ? text.split(':') : [];
  return { data: Buffer.from(text), attributes: {}, orderingKey };
}
const take = (appetite: Partial<Appetite> = {}): readonly Delivery[] =>
  backend.source(SUB).take({ ...hungry, ...appetite });
const textsOf = (deliveries: readonly Delivery[]): string[] =>
  deliveries.map(({ message }) => message.data.toString());
const idsOf = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ ackId }) => ackId);

describe('a delivery', () => {
  test('that is not acknowledged in time comes again; its acknowledgement is stale then', () => {
    subscribe();
    publish('x');
    const first = take();
    scheduler.pass(9_999);
    expect(take()).toEqual([]);
    scheduler.pass(1);
    expect(textsOf(take())).toEqual(['x']);
    expect(backend.source(SUB).ack(idsOf(first))).toEqual(idsOf(first));
    expect(backend.stats(SUB)).toMatchObject({ backlog: 1, inFlight: 1, delivered: 2, nacked: 1 });
  });

  test('that is extended waits as long as was asked for', () => {
    subscribe();
    publish('x');
    const taken = take();
    scheduler.pass(9_000);
    expect(backend.source(SUB).extend(idsOf(taken), 60_000)).toEqual([]);
    scheduler.pass(59_999);
    expect(backend.source(SUB).due).toBe(false);
    scheduler.pass(1);
    expect(textsOf(take())).toEqual(['x']);
  });

  test('says when it is over, whichever way', () => {
    subscribe();
    publish('a', 'b', 'c');
    const over: string[] = [];
    const taken = take({ onOver: (message) => over.push(message.data.toString()) });
    const [a = '', b = ''] = idsOf(taken);
    backend.source(SUB).ack([a]);
    backend.source(SUB).nack([b]);
    expect(over).toEqual(['a', 'b']);
    scheduler.pass(10_000);
    expect(over).toEqual(['a', 'b', 'c']);
  });

  test('never goes beyond what the consumer can take, but a message that alone is too big', () => {
    subscribe();
    publish('a'.repeat(400), 'b'.repeat(400), 'c'.repeat(400));
    expect(take({ bytes: 1_100 })).toHaveLength(2);
    expect(take({ bytes: 10 })).toHaveLength(1);
  });
});

test('a retry policy doubles the wait from its minimum to its maximum', () => {
  subscribe({ retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 5 } } });
  publish('x');
  const waits: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    backend.source(SUB).nack(idsOf(take()));
    const from = scheduler.now();
    while (!backend.source(SUB).due) scheduler.pass(100);
    waits.push(scheduler.now() - from);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
});

test('after the last attempt a message goes to the dead-letter topic, with what it was', () => {
  subscribe({ deadLetterPolicy: { deadLetterTopic: DEAD, maxDeliveryAttempts: 5 } });
  subscribe({}, DEAD_SUB, DEAD);
  publish('bad');
  const attempts: unknown[] = [];
  for (let deliveries = take(); deliveries.length > 0; deliveries = take()) {
    attempts.push(...deliveries.map(({ attempt }) => attempt));
    backend.source(SUB).nack(idsOf(deliveries));
  }
  expect(attempts).toEqual([1, 2, 3, 4, 5]);
  expect(backend.stats(SUB)).toMatchObject({ backlog: 0, deadLettered: 1 });
  const [dead] = backend.source(DEAD_SUB).take(hungry);
  expect(dead?.message.attributes).toMatchObject({
    CloudPubSubDeadLetterSourceDeliveryCount: '5',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z',
  });
});

test('without its dead-letter topic, a message that fails stays and is tried on', () => {
  subscribe({ deadLetterPolicy: { deadLetterTopic: DEAD, maxDeliveryAttempts: 5 } });
  backend.deleteTopic(DEAD);
  publish('bad');
  for (let attempt = 0; attempt < 7; attempt += 1) backend.source(SUB).nack(idsOf(take()));
  expect(textsOf(take())).toEqual(['bad']);
});

describe('an ordering key', () => {
  test('holds its messages back until those before them are acknowledged; other keys go on', () => {
    subscribe({ enableMessageOrdering: true });
    publish('a:1', 'a:2', 'b:1', 'free');
    const first = take({ perKey: 1 });
    expect(textsOf(first).sort()).toEqual(['a:1', 'b:1', 'free']);
    expect(take({ perKey: 1 })).toEqual([]);
    backend.source(SUB).ack(idsOf(first));
    expect(textsOf(take({ perKey: 1 }))).toEqual(['a:2']);
  });

  test('has all behind a failed message delivered again, in order, after the wait', () => {
    subscribe({
      enableMessageOrdering: true,
      retryPolicy: { minimumBackoff: { seconds: 2 }, maximumBackoff: { seconds: 2 } },
    });
    publish('a:1', 'a:2', 'a:3', 'a:4');
    const [one = '', two = '', three = ''] = idsOf(take({ perKey: 3 }));
    backend.source(SUB).ack([one]);
    backend.source(SUB).nack([two]);
    expect(backend.source(SUB).ack([three])).toEqual([three]);
    scheduler.pass(1_999);
    expect(take()).toEqual([]);
    scheduler.pass(1);
    expect(textsOf(take())).toEqual(['a:2', 'a:3', 'a:4']);
  });
});

test('what is older than the retention is let go, delivered or not, and its bytes are free again', () => {
  subscribe({ messageRetentionDuration: { seconds: 3600 } });
  publish('x'.repeat(4_000), 'y'.repeat(4_000));
  const [delivered] = take({ messages: 1, deadlineMs: 2 * HOUR });
  expect(() => publish('z'.repeat(4_000))).toThrow(
    /8200 bytes of messages are outstanding and at most 10000/,
  );
  scheduler.pass(HOUR + MINUTE);
  expect(backend.stats(SUB)).toMatchObject({ backlog: 0, inFlight: 0, oldest: undefined });
  expect(backend.source(SUB).ack([delivered?.ackId ?? ''])).toHaveLength(1);
  expect(publish('z'.repeat(4_000))).toHaveLength(1);
});

test('a snapshot keeps what was not acknowledged and what comes, until it expires', () => {
  subscribe();
  publish('one', 'two');
  const [first] = take({ messages: 1 });
  backend.source(SUB).ack([first?.ackId ?? '']);
  backend.createSnapshot({ name: 'projects/p/snapshots/s', labels: {} }, SUB);
  publish('three');
  const rest = take();
  backend.source(SUB).ack(idsOf(rest));
  backend.seekToSnapshot(SUB, 'projects/p/snapshots/s');
  expect(textsOf(take())).toEqual(['two', 'three']);
  scheduler.pass(7 * 24 * HOUR + MINUTE);
  expect(() => backend.snapshot('projects/p/snapshots/s')).toThrow(/does not exist/);
});

test('what wakes a consumer: a message, the end of a wait, the end of the subscription', async () => {
  subscribe({ retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 1 } } });
  let woken = 0;
  backend.source(SUB).watch(() => {
    woken += 1;
  });
  publish('x');
  await Promise.resolve();
  expect(woken).toBe(1);
  const source = backend.source(SUB);
  source.nack(idsOf(take()));
  await Promise.resolve();
  expect(woken).toBe(1);
  scheduler.pass(1_000);
  await Promise.resolve();
  expect(woken).toBe(2);
  take();
  backend.deleteSubscription(SUB);
  await Promise.resolve();
  expect([woken, source.closed]).toEqual([3, true]);
});
