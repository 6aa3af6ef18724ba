import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulator.ts';
import { startPubSubEmulator } from '../../pubsub/index.ts';
import { makeQueueReader } from './queue-reader.ts';

let emulator: RunningEmulator;
let pubsub: PubSub;
beforeAll(async () => {
  emulator = await startPubSubEmulator();
  pubsub = new PubSub({
    projectId: 'demo-x',
    apiEndpoint: emulator.url.slice('http://'.length),
    emulatorMode: true,
  });
});
afterAll(async () => {
  await pubsub.close();
  await emulator.close();
});

test('backlog, what is in flight, and the rate over three seconds', async () => {
  const [topic] = await pubsub.createTopic('clicks');
  const [subscription] = await topic.createSubscription('reader--clicks');
  for (let index = 0; index < 6; index += 1) await topic.publishMessage({ data: Buffer.from('x') });
  let now = 10_000;
  const read = makeQueueReader(emulator.url, () => now);
  expect(await read()).toMatchObject({ 'reader--clicks': { backlog: 6, perSecond: 0, deadLettered: 0 } });

  await new Promise<void>((resolve) => {
    let seen = 0;
    subscription.on('message', (message) => {
      void message.ackWithResponse().catch(() => undefined);
      seen += 1;
      if (seen === 6) resolve();
    });
  });
  now += 2000;
  await expect.poll(async () => (await read())['reader--clicks']?.backlog).toBe(0);
  expect((await read())['reader--clicks']?.perSecond).toBe(3);
  now += 60_000;
  expect((await read())['reader--clicks']).toMatchObject({ perSecond: 0, oldestSeconds: 0 });
  await subscription.close();
});

test('an emulator without this face, or that is gone, has no figures', async () => {
  const read = makeQueueReader('http://127.0.0.1:1');
  expect(await read()).toEqual({});
});
