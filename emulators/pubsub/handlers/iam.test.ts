import type { PubSub } from '@google-cloud/pubsub';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulator.ts';
import { pubSubClient } from '../../google/pubsub.ts';
import { startPubSubEmulator } from '../index.ts';

/** Policies, by the official client and over REST. */

const BINDING = { role: 'roles/pubsub.publisher', members: ['serviceAccount:a@b.example'] };
let emulator: RunningEmulator;
let pubsub: PubSub;
beforeEach(async () => {
  emulator = await startPubSubEmulator();
  pubsub = pubSubClient('demo-x', new URL(emulator.url).host);
  await pubsub.createTopic('clicks');
});
afterEach(async () => {
  await pubsub.close();
  await emulator.close();
});

test('a policy that is set is read, by the client and by both verbs of REST', async () => {
  const { iam } = pubsub.topic('clicks');
  expect((await iam.getPolicy())[0].bindings).toEqual([]);

  await iam.setPolicy({ bindings: [BINDING] });

  expect((await iam.getPolicy())[0].bindings).toMatchObject([BINDING]);
  for (const method of ['GET', 'POST']) {
    const path = '/v1/projects/demo-x/topics/clicks:getIamPolicy';
    const response = await fetch(emulator.url + path, { method });
    expect(await response.json()).toEqual({ bindings: [BINDING], etag: expect.stringMatching(/=$/) });
  }
});

test('a policy that was changed since it was read is not overwritten', async () => {
  const { iam } = pubsub.topic('clicks');
  const [stale] = await iam.getPolicy();
  const [changed] = await iam.setPolicy({ ...stale, bindings: [BINDING] });

  await expect(iam.setPolicy({ ...stale, bindings: [] })).rejects.toMatchObject({ code: 10 });

  await iam.setPolicy({ ...changed, bindings: [] });
  expect((await iam.getPolicy())[0].bindings).toEqual([]);
});

test('everyone may do everything with what exists', async () => {
  await pubsub.topic('clicks').createSubscription('clicks-sub');
  const permissions = ['pubsub.subscriptions.consume', 'pubsub.subscriptions.get'];

  const [allowed] = await pubsub.subscription('clicks-sub').iam.testPermissions(permissions);

  expect(allowed).toEqual({
    'pubsub.subscriptions.consume': true,
    'pubsub.subscriptions.get': true,
  });
  await expect(pubsub.topic('missing').iam.getPolicy()).rejects.toMatchObject({ code: 5 });
});

test('a policy goes with what it is for: deleted, or reset', async () => {
  const bindingsOf = async (resource: { readonly iam: { getPolicy(): Promise<unknown[]> } }) =>
    ((await resource.iam.getPolicy())[0] as { bindings: unknown }).bindings;
  const topic = pubsub.topic('clicks');
  const [subscription] = await topic.createSubscription('clicks-sub');
  await topic.iam.setPolicy({ bindings: [BINDING] });
  await subscription.iam.setPolicy({ bindings: [BINDING] });

  await subscription.delete();
  await topic.createSubscription('clicks-sub');
  expect(await bindingsOf(subscription)).toEqual([]);
  await topic.delete();
  await pubsub.createTopic('clicks');
  expect(await bindingsOf(topic)).toEqual([]);

  await topic.iam.setPolicy({ bindings: [BINDING] });
  expect((await fetch(`${emulator.url}/reset`, { method: 'POST' })).ok).toBe(true);
  await pubsub.createTopic('clicks');
  expect(await bindingsOf(topic)).toEqual([]);
});
