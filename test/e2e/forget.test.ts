import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConservation } from '../../emulators/conservation.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import type { CurrentModel } from '../../shared/events.ts';
import { pseudonym } from '../../shared/ids.ts';
import { LIMITS } from '../../shared/limits.ts';
import { BUCKETS, bucketName, COLLECTIONS } from '../../shared/pipeline.ts';
import { searchStores } from '../helpers/search-stores.ts';

const ADA = 'ada@shop.example';
const HAPPENED = new Date(Date.now() - 60_000).toISOString();
const BOB = 'bob@shop.example';
const PATIENCE = { timeout: 40_000 };

let stack: Stack;
let stores: Stores;

beforeAll(async () => {
  stack = await startStack({
    project: 'demo-forget',
    functions: ['ingest', 'load', 'enrich', 'warehouse', 'recommend', 'push', 'forget'],
    env: { FORGOTTEN_TTL_MS: '1' },
  });
  stores = openStores(stack);
  // A model that does not answer: what is popular is recommended.
  const model: CurrentModel = {
    model_version: 'none',
    artifact_uri: 'gs://none/none',
    endpoint: `projects/${stack.project}/locations/us-central1/endpoints/0`,
    deployed_at: new Date().toISOString(),
    popular: ['hat', 'scarf'],
  };
  await stores.firestore.collection(COLLECTIONS.models).doc('current').set(model);
  for (const visitor of ['phone-of-ada', 'phone-of-bob']) {
    const device = stores.firestore.doc(`${COLLECTIONS.devices}/${visitor}/tokens/t`);
    await device.set({ token: `token-of-${visitor}`, updated_at: new Date() });
  }
}, 90_000);
afterAll(async () => {
  await stores?.close();
  await stack?.close();
});

/** What a shopper leaves: clicks before and after the login, and events that fail, one of them too long for a row. */
function eventsOf(name: string, user_id: string) {
  const click = {
    event_name: 'view_item',
    event_time: HAPPENED,
    anonymous_id: `phone-of-${name}`,
    items: [{ item_id: 'shoe' }],
  };
  return [
    { ...click, event_id: `${name}-1` },
    { ...click, event_id: `${name}-2`, user_id },
    { ...click, event_id: `${name}-3`, user_id, items: 'none' },
    { ...click, event_id: `${name}-4`, user_id, items: 'x'.repeat(LIMITS.failedPayload) },
  ];
}

async function forget(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['functions/forget/cli/forget-command.ts', '--json', ...args],
    { env: { ...process.env, ...stack.env, PSEUDONYM_KEY: stack.pseudonymKey, SWEEP_AFTER_MS: '0' } },
  );
  return JSON.parse(stdout) as unknown;
}

async function counts(): Promise<readonly number[]> {
  const { warehouse_distinct, failed, consent_dropped } = await readConservation(stores);
  return [warehouse_distinct, failed, consent_dropped];
}

const screenOf = async (name: string) =>
  (await stores.firestore.collection(COLLECTIONS.recommendations).doc(`phone-of-${name}`).get()).exists;

test('a person who went through the whole pipeline is in no store afterwards, and comes back into none', async () => {
  const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
  await ingest.send([...eventsOf('ada', ADA), ...eventsOf('bob', BOB)]);
  const again = [...eventsOf('ada', ADA).slice(0, 2), ...eventsOf('bob', BOB).slice(0, 2)];
  await stores.storage
    .bucket(bucketName(stack.project, BUCKETS.inbox))
    .file('live/native/day.ndjson')
    .save(again.map((event) => JSON.stringify(event)).join('\n'), { resumable: false });
  await expect.poll(counts, PATIENCE).toEqual([4, 4, 0]);
  await expect
    .poll(async () => [await screenOf('ada'), await screenOf('bob')], PATIENCE)
    .toEqual([true, true]);
  const loads = stores.firestore.collection(COLLECTIONS.loads).where('state', '==', 'done');
  await expect.poll(async () => (await loads.get()).size, PATIENCE).toBe(1);

  const adas = [ADA, pseudonym(stack.pseudonymKey, ADA), 'phone-of-ada'];
  const places = await searchStores(stores, adas);
  const kinds = [
    'events_raw',
    'failed_events_raw',
    'recommendations_raw',
    'profiles/',
    '-quarantine/',
    '-inbox/',
  ];
  for (const kind of kinds) expect(places.join('\n')).toContain(kind);
  const bobs = await searchStores(stores, [BOB, 'phone-of-bob']);

  expect(await forget('--user', ADA)).toMatchObject({ keys: 2, left: [] });
  const before = await counts();
  const late = { ...eventsOf('ada', ADA)[1], event_id: 'ada-late' };
  await ingest.send([late]);
  await expect.poll(counts, PATIENCE).toEqual([before[0], before[1], Number(before[2]) + 1]);

  // Until the sweep a tombstone says who is to be erased once more.
  expect(await forget('--sweep')).toEqual({ repeated: 1 });
  expect(await searchStores(stores, adas)).toEqual([]);
  // A file that is loaded is deleted whole: its events are in the warehouse.
  const kept = bobs.filter((place) => !place.includes('-inbox/'));
  expect(await searchStores(stores, [BOB, 'phone-of-bob'])).toEqual(kept);
}, 100_000);
