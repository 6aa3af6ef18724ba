import { type PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { PUBSUB_TARGETS } from '../helpers/pubsub-emulators.ts';

const PROJECT = 'demo-contract';
let count = 0;
/** A name that no other test uses. */
const fresh = (kind: string): string => {
  count += 1;
  return `${kind}-${count}`;
};

describe.each(PUBSUB_TARGETS)('$title', ({ missing, start }) => {
  describe.skipIf(missing !== undefined)('as the official client sees it', () => {
    let emulator: RunningEmulator;
    let pubsub: PubSub;
    let subscriber: v1.SubscriberClient;
    beforeAll(async () => {
      emulator = await start();
      const host = new URL(emulator.url).host;
      pubsub = pubSubClient(PROJECT, host);
      const [apiEndpoint = '', port = ''] = host.split(':');
      subscriber = new v1.SubscriberClient({
        projectId: PROJECT,
        apiEndpoint,
        port: Number(port),
        sslCreds: credentials.createInsecure(),
      });
    });
    afterAll(async () => {
      await Promise.all([pubsub?.close(), subscriber?.close()]);
      await emulator?.close();
    });

    test('shows what was set up', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [subscription] = await topic.createSubscription(fresh('sub'), {
        ackDeadlineSeconds: 30,
        labels: { team: 'web' },
        filter: 'attributes.kind = "click"',
      });
      expect((await subscription.getMetadata())[0]).toMatchObject({
        name: subscription.name,
        topic: topic.name,
        ackDeadlineSeconds: 30,
        labels: { team: 'web' },
        filter: 'attributes.kind = "click"',
        messageRetentionDuration: { seconds: '604800' },
      });
      expect((await pubsub.getTopics())[0].map(({ name }) => name)).toContain(topic.name);
      expect((await topic.getSubscriptions())[0].map(({ name }) => name)).toEqual([subscription.name]);
      await subscription.setMetadata({ ackDeadlineSeconds: 20 });
      expect((await subscription.getMetadata())[0].ackDeadlineSeconds).toBe(20);
      await subscription.delete();
      expect(await subscription.exists()).toEqual([false]);
      await topic.delete();
      expect(await topic.exists()).toEqual([false]);
    });

    test.each([
      [
        'a topic there is already',
        6,
        async () => {
          const [topic] = await pubsub.createTopic(fresh('topic'));
          await pubsub.createTopic(topic.name);
        },
      ],
      ['a topic that is missing', 5, () => pubsub.topic('missing').getMetadata()],
      [
        'publishing to a topic that is missing',
        5,
        () => pubsub.topic('missing').publishMessage({ data: Buffer.from('x') }),
      ],
      [
        'a subscription to a topic that is missing',
        5,
        () => pubsub.topic('missing').createSubscription(fresh('sub')),
      ],
      ['a subscription that is missing', 5, () => pubsub.subscription('missing').getMetadata()],
      ['deleting a subscription that is missing', 5, () => pubsub.subscription('missing').delete()],
      ['a name that begins with a digit', 3, () => pubsub.createTopic('1-topic')],
      ['a name that begins with goog', 3, () => pubsub.createTopic('google-topic')],
      [
        'a deadline of more than ten minutes',
        3,
        async () => {
          const [topic] = await pubsub.createTopic(fresh('topic'));
          await topic.createSubscription(fresh('sub'), { ackDeadlineSeconds: 601 });
        },
      ],
      [
        'a message without data or attributes',
        3,
        async () => {
          const [topic] = await pubsub.createTopic(fresh('topic'));
          await topic.publishMessage({ data: Buffer.alloc(0) });
        },
      ],
      [
        'too few attempts before a dead letter',
        11,
        async () => {
          const [topic] = await pubsub.createTopic(fresh('topic'));
          await topic.createSubscription(fresh('sub'), {
            deadLetterPolicy: { deadLetterTopic: topic.name, maxDeliveryAttempts: 4 },
          });
        },
      ],
    ] as const)('refuses %s with code %i', async (_what, code, act) => {
      await expect(act()).rejects.toMatchObject({ code });
    });

    /** Pulls until it has so many messages, and acknowledges them. */
    async function drain(subscription: string, wanted: number): Promise<Record<string, string>[]> {
      const got: Record<string, string>[] = [];
      while (got.length < wanted) {
        const [{ receivedMessages = [] }] = await subscriber.pull({ subscription, maxMessages: 100 });
        for (const { message } of receivedMessages ?? [])
          got.push({ ...message?.attributes, data: Buffer.from(message?.data ?? '').toString() });
        const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
        if (ackIds.length > 0) await subscriber.acknowledge({ subscription, ackIds });
      }
      return got;
    }

    test('hands over data, attributes, id and time, once to each subscription', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [first] = await topic.createSubscription(fresh('sub'));
      const [second] = await topic.createSubscription(fresh('sub'));
      const data = Buffer.from([0, 255, 128, 10]);
      const id = await topic.publishMessage({ data, attributes: { kind: 'click', empty: '' } });
      for (const { name: subscription } of [first, second]) {
        const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 10 });
        const [received] = receivedMessages ?? [];
        expect(receivedMessages).toHaveLength(1);
        expect(received?.message).toMatchObject({
          data,
          attributes: { kind: 'click', empty: '' },
          messageId: id,
        });
        const age = Date.now() / 1000 - Number(received?.message?.publishTime?.seconds);
        expect(Math.abs(age)).toBeLessThan(60);
        await subscriber.acknowledge({ subscription, ackIds: [received?.ackId ?? ''] });
        const again = { subscription, maxMessages: 10, returnImmediately: true };
        expect((await subscriber.pull(again))[0].receivedMessages ?? []).toEqual([]);
      }
    });

    test('delivers again what is not acknowledged, at once where it is refused', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [{ name: subscription }] = await topic.createSubscription(fresh('sub'), {
        ackDeadlineSeconds: 10,
      });
      await topic.publishMessage({ data: Buffer.from('x') });
      const request = { subscription, maxMessages: 1 };
      const [first] = await subscriber.pull(request);
      const ackIds = (first.receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
      expect(
        (await subscriber.pull({ ...request, returnImmediately: true }))[0].receivedMessages ?? [],
      ).toEqual([]);
      await subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
      expect(await drain(subscription, 1)).toEqual([{ data: 'x' }]);
    });

    test('moves what fails too often to the dead-letter topic, and says where it came from', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [graveyard] = await pubsub.createTopic(fresh('dead'));
      const [{ name: dead }] = await graveyard.createSubscription(fresh('sub'));
      const [{ name: subscription }] = await topic.createSubscription(fresh('sub'), {
        deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 },
      });
      await topic.publishMessage({ data: Buffer.from('bad'), attributes: { kind: 'click' } });
      const attempts: unknown[] = [];
      // Google's moves it when it would be delivered a sixth time, which is why one more is asked for.
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const request = { subscription, maxMessages: 1, returnImmediately: attempt > 5 };
        const [{ receivedMessages }] = await subscriber.pull(request);
        const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
        if (ackIds.length === 0) break;
        attempts.push(receivedMessages?.[0]?.deliveryAttempt);
        await subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
      }
      expect(attempts).toEqual([1, 2, 3, 4, 5]);
      expect(await drain(dead, 1)).toMatchObject([
        {
          data: 'bad',
          kind: 'click',
          CloudPubSubDeadLetterSourceDeliveryCount: '5',
          CloudPubSubDeadLetterSourceSubscription: subscription.split('/').at(-1),
          CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT,
        },
      ]);
    });

    test('goes back to a snapshot, and to a time', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [subscription] = await topic.createSubscription(fresh('sub'), { retainAckedMessages: true });
      const publish = (text: string) => topic.publishMessage({ data: Buffer.from(text) });
      const before = new Date();
      await publish('one');
      const [snapshot] = await subscription.createSnapshot(fresh('snap'));
      expect(await drain(subscription.name, 1)).toEqual([{ data: 'one' }]);
      await publish('two');
      expect(await drain(subscription.name, 1)).toEqual([{ data: 'two' }]);
      await snapshot.seek();
      const texts = (await drain(subscription.name, 2)).map(({ data }) => data);
      expect(texts.sort()).toEqual(['one', 'two']);
      await subscription.seek(new Date(before.getTime() - 60_000));
      expect((await drain(subscription.name, 2)).map(({ data }) => data).sort()).toEqual(['one', 'two']);
      await publish('three');
      await subscription.seek(new Date(Date.now() + 60_000));
      const request = { subscription: subscription.name, maxMessages: 1, returnImmediately: true };
      expect((await subscriber.pull(request))[0].receivedMessages ?? []).toEqual([]);
      await snapshot.delete();
    });

    test('waits for a message when asked to pull one', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [{ name: subscription }] = await topic.createSubscription(fresh('sub'));
      const pulling = drain(subscription, 1);
      await topic.publishMessage({ data: Buffer.from('late') });
      expect(await pulling).toEqual([{ data: 'late' }]);
    });
  });
});
