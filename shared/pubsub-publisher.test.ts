import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  accept,
  closeFakePubSubs,
  eventsOf,
  fakePubSub,
  hang,
  refuse,
} from '../test/helpers/fake-pubsub.ts';
import { TransientError } from './errors.ts';
import { TOPICS } from './pipeline.ts';
import { makePubSubPublisher } from './pubsub-publisher.ts';

afterEach(closeFakePubSubs);

/** Longer than a busy machine takes: only where Pub/Sub is silent does a call come again. */
const options = { projectId: 'demo-test', timeoutMs: 40_000, attemptMs: 20_000 };
const impatient = { ...options, timeoutMs: 3_000, attemptMs: 300 };

describe('makePubSubPublisher', () => {
  test('publishes batches with their attributes, in order, in one call', async () => {
    const pubsub = await fakePubSub([accept]);
    const publisher = makePubSubPublisher({ ...options, emulatorHost: pubsub.emulatorHost });
    const events = Array.from({ length: 1_200 }, (_each, index) => ({ index }));

    await publisher.publish(TOPICS.raw, events, { traceparent: 'x' });

    expect(pubsub.requests).toHaveLength(1);
    expect(pubsub.requests[0]?.topic).toBe('projects/demo-test/topics/clickstream-raw');
    expect(pubsub.requests[0]?.messages).toHaveLength(3);
    expect(pubsub.requests[0]?.messages[0]?.attributes).toEqual({ traceparent: 'x' });
    expect(eventsOf(pubsub.requests[0])).toEqual(events);
  });

  test('publishing nothing calls nothing', async () => {
    const pubsub = await fakePubSub([accept]);
    await makePubSubPublisher({ ...options, emulatorHost: pubsub.emulatorHost }).publish(TOPICS.raw, []);
    expect(pubsub.requests).toHaveLength(0);
  });

  test.each([
    { name: 'unavailable', first: refuse(status.UNAVAILABLE) },
    { name: 'out of quota', first: refuse(status.RESOURCE_EXHAUSTED) },
  ])('tries again where Pub/Sub is $name', async ({ first }) => {
    const pubsub = await fakePubSub([first, accept]);
    const publisher = makePubSubPublisher({ ...options, emulatorHost: pubsub.emulatorHost });
    await publisher.publish(TOPICS.raw, [{ a: 1 }]);
    expect(pubsub.requests).toHaveLength(2);
    expect(eventsOf(pubsub.requests[1])).toEqual([{ a: 1 }]);
  });

  test('tries again where Pub/Sub is silent', async () => {
    const pubsub = await fakePubSub([hang, accept]);
    const publisher = makePubSubPublisher({ ...impatient, emulatorHost: pubsub.emulatorHost });
    await publisher.publish(TOPICS.raw, [{ a: 1 }]);
    expect(pubsub.requests.length).toBeGreaterThan(1);
    expect(eventsOf(pubsub.requests[1])).toEqual([{ a: 1 }]);
  });

  test.each([
    { name: 'a missing topic', answer: refuse(status.NOT_FOUND), says: 'NOT_FOUND' },
    { name: 'no permission', answer: refuse(status.PERMISSION_DENIED), says: 'PERMISSION_DENIED' },
  ])('$name fails at once, as transient: an operator may mend it', async ({ answer, says }) => {
    const pubsub = await fakePubSub([answer]);
    const publisher = makePubSubPublisher({ ...options, emulatorHost: pubsub.emulatorHost });
    const failure = await publisher.publish(TOPICS.raw, [{ a: 1 }]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransientError);
    expect(String(failure)).toContain('publishing to clickstream-raw failed');
    expect(String(failure)).toContain(says);
    expect(pubsub.requests).toHaveLength(1);
  });

  test.each([
    { name: 'never answers', answers: [hang] },
    { name: 'always refuses', answers: [refuse(status.UNAVAILABLE)] },
  ])(
    'settles within its time where Pub/Sub $name',
    async ({ answers }) => {
      const pubsub = await fakePubSub(answers);
      const publisher = makePubSubPublisher({
        ...impatient,
        timeoutMs: 700,
        emulatorHost: pubsub.emulatorHost,
      });
      // Of its own accord a publish may take longer than this test.
      await expect(publisher.publish(TOPICS.raw, [{ a: 1 }])).rejects.toBeInstanceOf(TransientError);
    },
    8_000,
  );

  test('one refused call fails the publish though others were taken', async () => {
    const pubsub = await fakePubSub([accept, refuse(status.INVALID_ARGUMENT)]);
    const publisher = makePubSubPublisher({ ...options, emulatorHost: pubsub.emulatorHost });
    const events = Array.from({ length: 180 }, () => ({ text: 'x'.repeat(30_000) }));
    await expect(publisher.publish(TOPICS.raw, events)).rejects.toThrow('INVALID_ARGUMENT');
    expect(pubsub.requests).toHaveLength(2);
  });

  test('refuses at once what exceeds the bytes that may wait, and takes it when they are acknowledged', async () => {
    let release = (): void => undefined;
    const held: Answer = (request, callback) => {
      release = () => accept(request, callback);
    };
    const pubsub = await fakePubSub([held, accept]);
    const publisher = makePubSubPublisher({
      ...options,
      emulatorHost: pubsub.emulatorHost,
      maxOutstandingBytes: 1_000,
    });
    const first = publisher.publish(TOPICS.raw, [{ text: 'x'.repeat(900) }]);
    await expect(publisher.publish(TOPICS.raw, [{ text: 'y'.repeat(900) }])).rejects.toThrow('was refused');
    await expect.poll(() => pubsub.requests.length).toBe(1);
    release();
    await first;
    await publisher.publish(TOPICS.raw, [{ text: 'y'.repeat(900) }]);
    expect(pubsub.requests).toHaveLength(2);
  });

  test('recovers by itself after Pub/Sub was gone', async () => {
    const before = await fakePubSub([accept]);
    const publisher = makePubSubPublisher({ ...impatient, emulatorHost: before.emulatorHost });
    await publisher.publish(TOPICS.raw, [{ n: 1 }]);
    before.server.forceShutdown();
    await expect(publisher.publish(TOPICS.raw, [{ n: 2 }])).rejects.toBeInstanceOf(TransientError);

    const after = await fakePubSub([accept], before.port);
    await expect
      .poll(
        () =>
          publisher.publish(TOPICS.raw, [{ n: 3 }]).then(
            () => true,
            () => false,
          ),
        { timeout: 8_000 },
      )
      .toBe(true);
    expect(eventsOf(after.requests.at(-1))).toEqual([{ n: 3 }]);
  });
});
