import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { buildModel } from '../../model/build.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { aisleSessions } from '../../test/model/sessions.ts';
import { makeFirestoreRelated } from './firestore-related.ts';
import { NOW } from './fixtures.ts';
import { makeRelate, type RelatedStore } from './related.ts';

let emulator: RunningEmulator;
let firestore: Firestore;

beforeAll(async () => {
  emulator = await startFirestoreEmulator({});
  firestore = ownerClient(emulator.env.FIRESTORE_EMULATOR_HOST ?? '', 'demo-related');
});
afterAll(async () => {
  await firestore.terminate();
  await emulator.close();
});

const SERVED = { model_version: 'v2', artifact_uri: 'gs://models/v2' };
const slashed = aisleSessions(60).map(({ items }) => ({ items: items.map((id) => id.replace('-', '/')) }));

async function relate(products: number, store: RelatedStore = makeFirestoreRelated(firestore)) {
  const asked: string[] = [];
  const load = async (uri: string) => {
    asked.push(uri);
    return buildModel(slashed);
  };
  return { written: await makeRelate({ load, store, products, clock: () => NOW })(SERVED), asked };
}

test('the served model’s lists are where pages look for them, whatever the ids are made of', async () => {
  expect(await relate(40)).toEqual({ written: 40, asked: ['gs://models/v2'] });
  const { docs } = await firestore.collection(COLLECTIONS.related).get();
  expect(docs).toHaveLength(40);
  for (const document of docs) {
    const { item_id, similar, together, model_version, expires_at } = document.data();
    expect(document.id).toBe(documentId(item_id));
    expect(model_version).toBe('v2');
    expect(expires_at.toMillis()).toBe(NOW + 30 * 86_400_000);
    expect(similar.length).toBeGreaterThan(2);
    expect(new Set([...similar, ...together]).has(item_id)).toBe(false);
    expect(similar.every((id: string) => id.split('/')[0] === item_id.split('/')[0])).toBe(true);
  }
});

test('a list replaces the one before', async () => {
  const [first] = (await firestore.collection(COLLECTIONS.related).get()).docs;
  await first?.ref.set({ item_id: first.get('item_id'), similar: ['old'], left: 'over' });
  await relate(40);
  const again = (await first?.ref.get())?.data() ?? {};
  expect(again.similar).not.toContain('old');
  expect(again).not.toHaveProperty('left');
});

test('none asked for: the model is not even read', async () => {
  expect(await relate(0)).toEqual({ written: 0, asked: [] });
});

test('what cannot be written is said, and the message comes again', async () => {
  const refusing: RelatedStore = makeFirestoreRelated({
    collection: (path: string) => firestore.collection(path),
    bulkWriter: () => ({
      set: () => Promise.reject(new Error('PERMISSION_DENIED')),
      flush: async () => undefined,
      close: async () => undefined,
    }),
  } as unknown as Firestore);
  await expect(relate(3, refusing)).rejects.toThrow(
    '3 of 3 lists by product could not be written: PERMISSION_DENIED',
  );
});
