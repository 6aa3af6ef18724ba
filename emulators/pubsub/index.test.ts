import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../emulator.ts';
import { pubSubClient } from '../google/pubsub.ts';
import { startPubSubEmulator } from './index.ts';

let emulator: RunningEmulator;
let pubsub: PubSub;
let subscriber: v1.SubscriberClient;
beforeEach(async () => {
  emulator = await startPubSubEmulator({ maxBytes: 100_000 });
  const host = new URL(emulator.url).host;
  pubsub = pubSubClient('demo-x', host);
  subscriber = new v1.SubscriberClient({
    projectId: 'demo-x',
    apiEndpoint: '127.0.0.1',
    port: Number(host.split(':')[1]),
    sslCreds: credentials.createInsecure(),
  });
});
afterEach(async () => {
  await Promise.all([pubsub.close(), subscriber.close()]);
  await emulator.close();
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(emulator.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const publish = (topic: string, text: string): Promise<string> =>
  pubsub.topic(topic).publishMessage({ data: Buffer.from(text) });

/** Pulls once; answers ack ids and texts. */
async function pull(subscription: string, maxMessages = 100): Promise<{ ackIds: string[]; texts: string[] }> {
  const request = { subscription, maxMessages, returnImmediately: true };
  const [{ receivedMessages }] = await subscriber.pull(request);
  return {
    ackIds: (receivedMessages ?? []).map(({ ackId }) => ackId ?? ''),
    texts: (receivedMessages ?? []).map(({ message }) => Buffer.from(message?.data ?? '').toString()),
  };
}

test('a push carries a token that Google’s own library verifies by the emulator’s keys', async () => {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    tokens.push((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const [topic] = await pubsub.createTopic('topic-a');
  await topic.createSubscription('sub-a', {
    pushConfig: { pushEndpoint, oidcToken: { serviceAccountEmail: 'push@demo-x.iam', audience: 'shop' } },
  });
  await publish('topic-a', 'x');
  await expect.poll(() => tokens.length).toBe(1);
  server.close();
  server.closeAllConnections();

  const { keys } = (await (await fetch(`${emulator.url}/oauth2/v3/certs`)).json()) as {
    keys: (JsonWebKey & { kid: string })[];
  };
  const certificates = Object.fromEntries(
    keys.map((key) => [
      key.kid,
      createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
    ]),
  );
  const verify = (audience: string) =>
    new OAuth2Client().verifySignedJwtWithCertsAsync(tokens[0] ?? '', certificates, audience, [
      'https://accounts.google.com',
    ]);
  expect((await verify('shop')).getPayload()).toMatchObject({
    email: 'push@demo-x.iam',
    email_verified: true,
  });
  await expect(verify('another')).rejects.toThrow(/audience/);
});

test('publishing beyond the bytes that may be outstanding is refused until some are acknowledged', async () => {
  const [topic] = await pubsub.createTopic('topic-a');
  const [{ name }] = await topic.createSubscription('sub-a');
  const text = 'x'.repeat(30_000);
  for (let index = 0; index < 3; index += 1) await publish('topic-a', text);
  const refused = await post('/v1/projects/demo-x/topics/topic-a:publish', {
    messages: [{ data: Buffer.from(text).toString('base64') }],
  });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { status: 'RESOURCE_EXHAUSTED' } });
  const { ackIds } = await pull(name, 1);
  await subscriber.acknowledge({ subscription: name, ackIds });
  expect(await publish('topic-a', text)).toMatch(/^\d+$/);
});

test('with exactly-once delivery, an acknowledgement that comes twice is refused by its id', async () => {
  const [topic] = await pubsub.createTopic('topic-a');
  const [{ name: subscription }] = await topic.createSubscription('sub-a', {
    enableExactlyOnceDelivery: true,
  });
  await publish('topic-a', 'x');
  const { ackIds } = await pull(subscription);
  await subscriber.acknowledge({ subscription, ackIds });
  const [id = ''] = ackIds;
  await expect(subscriber.acknowledge({ subscription, ackIds })).rejects.toMatchObject({
    code: 9,
    errorInfoMetadata: { [id]: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
  });
  const listener = pubsub.subscription('sub-a');
  const answered = new Promise<string>((resolve, reject) => {
    listener.on('error', reject);
    listener.on('message', (message) => message.ackWithResponse().then(resolve, reject));
  });
  await publish('topic-a', 'y');
  expect(await answered).toBe('SUCCESS');
  await listener.close();
});

test('with a folder for its data, a message that was not acknowledged is there after a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'nextclick-pubsub-'));
  const first = await startPubSubEmulator({ dataDir });
  const before = pubSubClient('demo-x', new URL(first.url).host);
  const [topic] = await before.createTopic('topic-a');
  await topic.createSubscription('sub-a');
  const id = await topic.publishMessage({ data: Buffer.from('kept'), attributes: { kind: 'click' } });
  await before.close();
  await first.close();
  const second = await startPubSubEmulator({ dataDir });
  const response = await fetch(`${second.url}/v1/projects/demo-x/subscriptions/sub-a:pull`, {
    method: 'POST',
    body: '{"maxMessages": 10}',
  });
  const message = {
    data: Buffer.from('kept').toString('base64'),
    attributes: { kind: 'click' },
    messageId: id,
  };
  expect(await response.json()).toMatchObject({ receivedMessages: [{ message }] });
  await second.close();
  rmSync(dataDir, { recursive: true });
});

describe('faults', () => {
  test('of methods: a code for a share of the calls, until healed', async () => {
    await pubsub.createTopic('topic-a');
    expect((await post('/_emulator/faults', { methods: ['Publish'], code: 'PERMISSION' })).status).toBe(400);
    await post('/_emulator/faults', { methods: ['Publish'], code: 'FAILED_PRECONDITION' });
    await expect(publish('topic-a', 'x')).rejects.toMatchObject({ code: 9 });
    expect(await pubsub.topic('topic-a').exists()).toEqual([true]);
    await post('/_emulator/faults', {});
    expect(await publish('topic-a', 'x')).toMatch(/^\d+$/);
  });

  test('of delivery: duplicates, each message once more at most', async () => {
    const [topic] = await pubsub.createTopic('topic-a');
    const [{ name: subscription }] = await topic.createSubscription('sub-a');
    await post('/_emulator/faults', { duplicates: 1 });
    await publish('topic-a', 'x');
    const seen: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { ackIds, texts } = await pull(subscription);
      seen.push(...texts);
      if (ackIds.length > 0) await subscriber.acknowledge({ subscription, ackIds });
    }
    expect(seen).toEqual(['x', 'x']);
  });

  test('of order: messages without a key come in another order, all of them', async () => {
    const [topic] = await pubsub.createTopic('topic-a');
    const [{ name }] = await topic.createSubscription('sub-a');
    await post('/_emulator/faults', { reorder: 100 });
    const texts = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'));
    await post('/v1/projects/demo-x/topics/topic-a:publish', {
      messages: texts.map((text) => ({ data: Buffer.from(text).toString('base64') })),
    });
    const got = (await pull(name)).texts;
    expect(got).not.toEqual(texts);
    expect([...got].sort()).toEqual(texts);
  });

  test('of connections: a listener whose connection is reset goes on', async () => {
    const [topic] = await pubsub.createTopic('topic-a');
    const [subscription] = await topic.createSubscription('sub-a');
    const seen: string[] = [];
    subscription.on('message', (message) => {
      seen.push(message.data.toString());
      message.ack();
    });
    await publish('topic-a', 'before');
    await expect.poll(() => seen).toEqual(['before']);
    expect((await post('/_emulator/disconnect', {})).status).toBe(204);
    const again = await post('/v1/projects/demo-x/topics/topic-a:publish', {
      messages: [{ data: Buffer.from('after').toString('base64') }],
    });
    expect(again.status).toBe(200);
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['before', 'after']);
    await subscription.close();
  });
});

test('shows backlog, age and what is in flight, as a page and as JSON; reset empties all', async () => {
  const [topic] = await pubsub.createTopic('topic-a');
  const [{ name }] = await topic.createSubscription('sub-a');
  await publish('topic-a', 'one');
  await publish('topic-a', 'two');
  await pull(name, 1);
  const state = await (await fetch(`${emulator.url}/_emulator/subscriptions`)).json();
  expect(state).toMatchObject({
    subscriptions: [{ name, backlog: 2, in_flight: 1, delivered: 1, acked: 0 }],
  });
  expect(await (await fetch(emulator.url)).text()).toContain(
    '<td title="projects/demo-x/subscriptions/sub-a">sub-a</td>',
  );
  await post('/reset', {});
  expect(await (await fetch(`${emulator.url}/_emulator/subscriptions`)).json()).toEqual({
    subscriptions: [],
  });
  expect((await pubsub.getTopics())[0]).toEqual([]);
});

test.each([
  ['PUT', '/v1/projects/demo-x/topics/topic-a', '{"labels": 1}', 400, /"labels" is an object/],
  ['PUT', '/v1/projects/demo-x/topics/topic-a', '{"lables": {}}', 400, /Unknown name "lables"/],
  [
    'PUT',
    '/v1/projects/demo-x/topics/topic-a',
    '{"schemaSettings": {}}',
    501,
    /schemaSettings is not served/,
  ],
  ['PUT', '/v1/projects/demo-x/topics/topic-a', '{', 400, /Invalid JSON/],
  ['GET', '/v1/projects/demo-x/topics/topic-a', undefined, 404, /Topic not found/],
  ['GET', '/v1/projects/demo-x/schemas', undefined, 404, /is not served/],
])('%s %s %s is answered %i', async (method, path, body, status, words) => {
  const response = await fetch(emulator.url + path, { method, ...(body === undefined ? {} : { body }) });
  expect(response.status).toBe(status);
  expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(words);
});
