import { gzipSync } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import {
  type Answer,
  accept,
  closeFakePubSubs,
  eventsOf,
  fakePubSub,
  type PublishRequest,
} from '../../test/helpers/fake-pubsub.ts';
import { endServedFunctions, serveFunction } from '../../test/helpers/serve-function.ts';

let storage: RunningEmulator | undefined;
afterEach(async () => {
  endServedFunctions();
  closeFakePubSubs();
  await storage?.close();
});

/** The function, the bucket it watches, and the Pub/Sub it publishes to. */
async function setUp(answers: readonly Answer[]) {
  const emulator = await startStorageEmulator();
  storage = emulator;
  const pubsub = await fakePubSub(answers);
  const env = { ...emulator.env, PUBSUB_EMULATOR_HOST: pubsub.emulatorHost };
  const { url } = await serveFunction('load', env);
  const client = new Storage({ projectId: 'demo-test', apiEndpoint: emulator.url });
  const [bucket] = await client.createBucket('demo-test-inbox');
  const registered = await fetch(`${emulator.url}/_emulator/notifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ bucket: bucket.name, endpoint: `${url}/` }),
  });
  expect(registered.ok).toBe(true);
  const on = (topic: string): unknown[] =>
    pubsub.requests
      .filter((request: PublishRequest) => request.topic.endsWith(`/${topic}`))
      .flatMap(eventsOf);
  return { bucket, raw: () => on(TOPICS.raw), failed: () => on(TOPICS.failed) };
}

const ROWS = [
  'timestamp_s,visitorid,event,itemid,sessionid,categoryid',
  '1441852593,1,view,10,100,7',
  'timestamp_s,visitorid,event,itemid,sessionid,categoryid',
  '1441852600,1,transaction,10,100,7',
].join('\n');

describe('under functions-framework, with files from Cloud Storage', () => {
  test.each([
    { name: 'plain', bytes: Buffer.from(ROWS), metadata: {} },
    { name: 'gzip', bytes: gzipSync(ROWS), metadata: {} },
    { name: 'gzip by Content-Encoding', bytes: gzipSync(ROWS), metadata: { contentEncoding: 'gzip' } },
  ])('a file is loaded: $name', async ({ bytes, metadata }) => {
    const { bucket, raw, failed } = await setUp([accept]);
    await bucket.file('retailrocket/day.csv').save(bytes, { metadata });
    await expect.poll(() => [raw().length, failed().length], { timeout: 15_000 }).toEqual([2, 1]);
    expect(raw()).toMatchObject([
      { event_name: 'view_item', collector: { protocol: 'load:retailrocket', origin: 'live' } },
      { event_name: 'purchase' },
    ]);
    expect(failed()).toMatchObject([{ reason: 'invalid_row', path: 'timestamp_s' }]);
  });

  test('a publish that fails has the object delivered again, with the same ids', async () => {
    const deny: Answer = (_request, callback) => callback({ code: 7, details: 'denied once' });
    const { bucket, raw } = await setUp([deny, accept]);
    const event = { event_name: 'view_item', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    await bucket.file('history/native/x.ndjson').save(JSON.stringify(event));
    await expect.poll(() => raw().length, { timeout: 15_000 }).toBe(2);
    const [first, second] = raw() as { event_id: string }[];
    expect(first?.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.event_id).toBe(first?.event_id);
    expect(second).toMatchObject({ collector: { origin: 'history' } });
  });
});
