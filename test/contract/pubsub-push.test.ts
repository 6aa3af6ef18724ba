import type { PubSub, Topic } from '@google-cloud/pubsub';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { DIFFERENCES, PUBSUB_TARGETS } from '../helpers/pubsub-emulators.ts';
import { bodyOf, type PushEndpoint, startPushEndpoint, textOf } from '../helpers/push-endpoint.ts';

const PROJECT = 'demo-push';
let count = 0;
const fresh = (kind: string): string => {
  count += 1;
  return `${kind}-${count}`;
};
const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

describe.each(PUBSUB_TARGETS)('$title', ({ name: target, missing, start }) => {
  describe.skipIf(missing !== undefined)('pushing', () => {
    const oursOnly = test.skipIf(target === 'googles');
    let emulator: RunningEmulator;
    let pubsub: PubSub;
    let topic: Topic;
    let endpoint: PushEndpoint;
    beforeAll(async () => {
      emulator = await start();
      pubsub = pubSubClient(PROJECT, new URL(emulator.url).host);
    });
    beforeEach(async () => {
      endpoint = await startPushEndpoint();
      [topic] = await pubsub.createTopic(fresh('topic'));
    });
    afterEach(async () => {
      for (const subscription of (await topic.getSubscriptions())[0]) await subscription.delete();
      await endpoint.close();
    });
    afterAll(async () => {
      await pubsub?.close();
      await emulator?.close();
    });
    const publish = (...texts: readonly string[]): Promise<readonly string[]> =>
      Promise.all(texts.map((text) => topic.publishMessage({ data: Buffer.from(text) })));

    test('posts a message with its wrapper', async () => {
      const pushEndpoint = `${endpoint.url}projects/p/topics/t?token=1`;
      const [{ name }] = await topic.createSubscription(fresh('sub'), { pushEndpoint });
      const id = await topic.publishMessage({ data: Buffer.from('héllo'), attributes: { kind: 'click' } });
      const [pushed] = await endpoint.received(1);
      expect(pushed).toMatchObject({
        path: '/projects/p/topics/t?token=1',
        headers: { 'content-type': 'application/json' },
      });
      const { subscription, message } = bodyOf(pushed);
      expect(subscription).toBe(name);
      expect(message).toMatchObject({
        data: Buffer.from('héllo').toString('base64'),
        attributes: { kind: 'click' },
        messageId: id,
        message_id: id,
        publish_time: message.publishTime,
      });
      expect(Date.now() - Date.parse(message.publishTime)).toBeLessThan(60_000);
    });

    test.each([200, 201, 202, 204])('takes %i for an acknowledgement', async (status) => {
      endpoint.answer = () => status;
      const [subscription] = await topic.createSubscription(fresh('sub'), { pushEndpoint: endpoint.url });
      await publish('x');
      await endpoint.received(1);
      await subscription.modifyPushConfig({ pushEndpoint: '' });
      const left = { subscription: subscription.name, maxMessages: 1, returnImmediately: true };
      const { receivedMessages } = await pullOnce(left);
      expect(receivedMessages ?? []).toEqual([]);
    });

    test.each([302, 400, 429, 500, 503])('delivers again after %i', async (status) => {
      endpoint.answer = () => (endpoint.pushed.length === 1 ? status : 204);
      await topic.createSubscription(fresh('sub'), { pushEndpoint: endpoint.url });
      await publish('x');
      const ids = (await endpoint.received(2)).map((each) => bodyOf(each).message.messageId);
      expect(new Set(ids).size).toBe(1);
    });

    test('delivers everything once an endpoint that was down is back', async () => {
      await endpoint.down();
      await topic.createSubscription(fresh('sub'), { pushEndpoint: endpoint.url });
      const texts = Array.from({ length: 20 }, (_, index) => `text-${index}`);
      await publish(...texts);
      await endpoint.up();
      await endpoint.received(20);
      await expect
        .poll(() => sorted(endpoint.pushed.map(textOf)), { timeout: 15_000 })
        .toEqual(sorted(texts));
    });

    test('gives up after the policy’s attempts, to the dead-letter topic', async () => {
      endpoint.answer = () => 500;
      const [graveyard] = await pubsub.createTopic(fresh('dead'));
      const graves = await startPushEndpoint();
      const [dead] = await graveyard.createSubscription(fresh('sub'), { pushEndpoint: graves.url });
      const [{ name }] = await topic.createSubscription(fresh('sub'), {
        pushEndpoint: endpoint.url,
        deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 },
      });
      await publish('bad');
      const [pushed] = await graves.received(1);
      expect(bodyOf(pushed).message).toMatchObject({
        data: Buffer.from('bad').toString('base64'),
        attributes: {
          CloudPubSubDeadLetterSourceDeliveryCount: '5',
          CloudPubSubDeadLetterSourceSubscription: name.split('/').at(-1),
          CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT,
        },
      });
      expect(endpoint.pushed).toHaveLength(5);
      await dead.delete();
      await graves.close();
    });

    test('posts the payload alone without a wrapper', async () => {
      const noWrapper = { writeMetadata: false };
      await topic.createSubscription(fresh('sub'), { pushConfig: { pushEndpoint: endpoint.url, noWrapper } });
      await topic.publishMessage({ data: Buffer.from('{"a":1}'), attributes: { kind: 'click' } });
      const [pushed] = await endpoint.received(1);
      expect(pushed?.body).toBe('{"a":1}');
      expect(pushed?.headers.kind).toBeUndefined();
    });

    test('says id, time and attributes in headers where asked to', async () => {
      const noWrapper = { writeMetadata: true };
      const pushConfig = { pushEndpoint: endpoint.url, noWrapper };
      const [{ name }] = await topic.createSubscription(fresh('sub'), { pushConfig });
      const id = await topic.publishMessage({ data: Buffer.from('x'), attributes: { kind: 'click' } });
      const [pushed] = await endpoint.received(1);
      expect(pushed).toMatchObject({
        body: 'x',
        headers: {
          kind: 'click',
          'x-goog-pubsub-message-id': id,
          'x-goog-pubsub-subscription-name': name,
          'x-goog-pubsub-publish-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
        },
      });
    });

    test('begins to push what had waited to be pulled', async () => {
      const [subscription] = await topic.createSubscription(fresh('sub'));
      await publish('x');
      await subscription.modifyPushConfig({ pushEndpoint: endpoint.url });
      expect((await endpoint.received(1)).map(textOf)).toEqual(['x']);
    });

    async function pullOnce(request: {
      readonly subscription: string;
      readonly maxMessages: number;
      readonly returnImmediately: boolean;
    }): Promise<{ readonly receivedMessages?: readonly unknown[] }> {
      const response = await fetch(`${emulator.url}/v1/${request.subscription}:pull`, {
        method: 'POST',
        body: JSON.stringify(request),
        headers: { 'content-type': 'application/json' },
      });
      return (await response.json()) as { readonly receivedMessages?: readonly unknown[] };
    }

    oursOnly(`delivers only what the filter lets through (${DIFFERENCES.filter})`, async () => {
      await topic.createSubscription(fresh('sub'), {
        pushEndpoint: endpoint.url,
        filter: 'attributes.kind = "click" AND NOT attributes:test',
      });
      for (const attributes of [{ kind: 'view' }, { kind: 'click', test: '' }, { kind: 'click' }, {}])
        await topic.publishMessage({ data: Buffer.from(JSON.stringify(attributes)), attributes });
      await topic.publishMessage({ data: Buffer.from('last'), attributes: { kind: 'click' } });
      expect((await endpoint.received(2)).map(textOf).sort()).toEqual(['last', '{"kind":"click"}']);
    });

    oursOnly(`says which attempt it is (${DIFFERENCES.attemptInPush})`, async () => {
      endpoint.answer = () => (endpoint.pushed.length < 3 ? 500 : 204);
      const [graveyard] = await pubsub.createTopic(fresh('dead'));
      await topic.createSubscription(fresh('sub'), {
        pushEndpoint: endpoint.url,
        deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 },
      });
      await publish('x');
      const attempts = (await endpoint.received(3)).map((each) => bodyOf(each).deliveryAttempt);
      expect(attempts).toEqual([1, 2, 3]);
    });

    oursOnly(`keeps the order of a key, and says it (${DIFFERENCES.orderingKeyInPush})`, async () => {
      endpoint.answer = (pushed) => (textOf(pushed) === '3' && endpoint.pushed.length === 3 ? 500 : 204);
      await topic.createSubscription(fresh('sub'), {
        pushEndpoint: endpoint.url,
        enableMessageOrdering: true,
      });
      const ordered = pubsub.topic(topic.name, { messageOrdering: true });
      for (let number = 1; number <= 6; number += 1)
        void ordered.publishMessage({ data: Buffer.from(String(number)), orderingKey: 'ada' });
      await ordered.flush();
      const pushed = await endpoint.received(7);
      expect(pushed.map(textOf)).toEqual(['1', '2', '3', '3', '4', '5', '6']);
      expect(new Set(pushed.map((each) => bodyOf(each).message.orderingKey))).toEqual(new Set(['ada']));
    });

    oursOnly(
      `loses nothing under a retry policy while the endpoint is down (${DIFFERENCES.retryAfterRefusedConnection})`,
      async () => {
        await topic.createSubscription(fresh('sub'), {
          pushEndpoint: endpoint.url,
          retryPolicy: { minimumBackoff: { nanos: 100_000_000 }, maximumBackoff: { seconds: 1 } },
        });
        await publish('before');
        await endpoint.received(1);
        await endpoint.down();
        const texts = Array.from({ length: 20 }, (_, index) => `text-${index}`);
        await publish(...texts);
        await endpoint.up();
        await endpoint.received(21);
        expect(sorted(endpoint.pushed.map(textOf))).toEqual(sorted(['before', ...texts]));
      },
    );
  });
});
