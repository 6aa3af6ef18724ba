import { gzipSync } from 'node:zlib';
import { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { COLLECTIONS, DATASET, TOPICS } from '../../shared/pipeline.ts';
import {
  type Answer,
  accept,
  closeFakePubSubs,
  eventsOf,
  fakePubSub,
  type PublishRequest,
} from '../../test/helpers/fake-pubsub.ts';
import { endServedFunctions, serveFunction } from '../../test/helpers/serve-function.ts';

const project = 'demo-test';
const emulators: RunningEmulator[] = [];
let env: Record<string, string> = {};
let storage: Storage;
let bigquery: BigQuery;
let storageUrl = '';

beforeAll(async () => {
  const files = await startStorageEmulator();
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators.push(files, warehouse, await startFirestoreEmulator());
  env = Object.assign({ PSEUDONYM_KEY: 'a-key-for-tests-only' }, ...emulators.map((each) => each.env));
  storageUrl = files.url;
  storage = openCloudStorage({ projectId: project, emulatorHost: files.url });
  bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
  await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
  await storage.createBucket(`${project}-inbox`);
  await storage.createBucket(`${project}-staging`);
});
afterEach(() => {
  endServedFunctions();
  closeFakePubSubs();
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
});

/** The function, told of the bucket's objects, and the Pub/Sub it publishes to. */
async function setUp(answers: readonly Answer[]) {
  const pubsub = await fakePubSub(answers);
  const { url } = await serveFunction('load', { ...env, PUBSUB_EMULATOR_HOST: pubsub.emulatorHost });
  const bucket = storage.bucket(`${project}-inbox`);
  const registered = await fetch(`${storageUrl}/_emulator/notifications`, {
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
const wait = { timeout: 40_000 };

describe('under functions-framework, with files from Cloud Storage', () => {
  test('files are loaded as they are stored: plain, gzip, gzip by Content-Encoding', async () => {
    const { bucket, raw, failed } = await setUp([accept]);
    await bucket.file('retailrocket/plain.csv').save(`${ROWS}\n`);
    await bucket.file('retailrocket/day.csv.gz').save(gzipSync(ROWS));
    const metadata = { contentEncoding: 'gzip' };
    await bucket.file('retailrocket/encoded.csv').save(gzipSync(`${ROWS}\n\n`), { metadata });
    await expect.poll(() => [raw().length, failed().length], wait).toEqual([6, 3]);
    expect(raw()).toContainEqual(
      expect.objectContaining({
        event_name: 'purchase',
        collector: expect.objectContaining({ protocol: 'load:retailrocket', origin: 'live' }),
      }),
    );
    expect(failed()).toContainEqual(expect.objectContaining({ reason: 'invalid_row', path: 'timestamp_s' }));
  });

  test('a publish that fails has the object delivered again, with the same ids', async () => {
    const deny: Answer = (_request, callback) => callback({ code: 7, details: 'denied once' });
    const { bucket, raw } = await setUp([deny, accept]);
    const event = { event_name: 'view_item', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    await bucket.file('live/native/x.ndjson').save(JSON.stringify(event));
    await expect.poll(() => raw().length, wait).toBe(2);
    const [first, second] = raw() as { event_id: string }[];
    expect(first?.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.event_id).toBe(first?.event_id);
  });

  test('history is in BigQuery by a load job, and on no topic', async () => {
    const { bucket, raw, failed } = await setUp([accept]);
    await bucket.file('history/retailrocket/years.csv').save(ROWS.replaceAll(',100,', ',history,'));
    const query = `SELECT event_name, origin, session_id, items[SAFE_OFFSET(0)].item_id AS item_id FROM \`${DATASET}.events\` ORDER BY event_time`;
    await expect
      .poll(async () => (await bigquery.query(query))[0], wait)
      .toEqual([
        { event_name: 'view_item', origin: 'history', session_id: 'history', item_id: '10' },
        { event_name: 'purchase', origin: 'history', session_id: 'history', item_id: '10' },
      ]);
    expect(raw()).toEqual([]);
    expect(failed()).toHaveLength(1);
    await expect
      .poll(async () => (await storage.bucket(`${project}-staging`).getFiles())[0].length, wait)
      .toBe(0);
  });

  test('the catalogue is in Firestore; what cannot be loaded is moved, with a report', async () => {
    const { bucket, failed } = await setUp([accept]);
    const firestore = ownerClient(env.FIRESTORE_EMULATOR_HOST ?? '', project);
    await bucket
      .file('catalog/products.csv')
      .save('id,title,price,availability\n10,Shoe,12.50 EUR,in stock\n');
    const shoe = firestore.collection(COLLECTIONS.catalog).doc('10');
    await expect
      .poll(async () => (await shoe.get()).data(), wait)
      .toMatchObject({ item_id: '10', title: 'Shoe', price: 12.5, currency: 'EUR', in_stock: true });
    await firestore.terminate();

    await bucket.file('nobody/x.csv').save('a\n1\n');
    const report = bucket.file('rejected/nobody/x.csv.report.json');
    await expect.poll(async () => (await report.exists())[0], wait).toBe(true);
    await expect.poll(async () => (await bucket.file('nobody/x.csv').exists())[0], wait).toBe(false);
    expect((await bucket.file('rejected/nobody/x.csv').exists())[0]).toBe(true);
    expect(JSON.parse((await report.download())[0].toString())).toMatchObject({
      object: `gs://${bucket.name}/nobody/x.csv`,
      reason: expect.stringContaining('no source is named "nobody"'),
    });
    expect(failed()).toMatchObject([{ reason: 'file_rejected' }]);
  });
});
