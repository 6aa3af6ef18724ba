import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import type { Product } from '../../shared/events.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { makeAssortment } from './firestore-assortment.ts';

let emulator: RunningEmulator;
let firestore: Firestore;

beforeAll(async () => {
  emulator = await startFirestoreEmulator({});
  firestore = ownerClient(emulator.env.FIRESTORE_EMULATOR_HOST ?? '', 'demo-assortment');
  const products: readonly Product[] = [
    { item_id: 'old', title: 'Old', added_at: '2020-01-01T00:00:00.000Z' },
    { item_id: 'new', title: 'New', added_at: '2026-11-20T00:00:00.000Z' },
    { item_id: 'gone', title: 'Gone', added_at: '2026-11-21T00:00:00.000Z', in_stock: false },
    { item_id: 'secret', title: 'Secret', hidden: true },
    { item_id: 'plain', title: 'Plain' },
  ];
  for (const product of products)
    await firestore.collection(COLLECTIONS.catalog).doc(product.item_id).set(product);
  await firestore.collection(COLLECTIONS.catalog).doc('broken').set({ title: 7 });
});
afterAll(async () => {
  await firestore.terminate();
  await emulator.close();
});

const ids = (products: readonly Product[]) => products.map(({ item_id }) => item_id);

test('what may be sold, the newest first; read once, then again after its time', async () => {
  let now = 0;
  const assortment = makeAssortment(firestore, { ttlMs: 1000, size: 10, clock: () => now });
  const first = await assortment();
  expect(ids(first.newest)).toEqual(['new', 'old']);
  expect(ids(first.some).toSorted()).toEqual(['new', 'old', 'plain']);
  await firestore.collection(COLLECTIONS.catalog).doc('plain').delete();
  now = 999;
  expect(await assortment()).toBe(first);
  now = 1000;
  expect(ids((await assortment()).some).toSorted()).toEqual(['new', 'old']);
});

test('a read that failed is tried again', async () => {
  let broken = true;
  const collection = (name: string) => {
    if (broken) throw new Error('Firestore is away');
    return firestore.collection(name);
  };
  expect(() => makeAssortment({ collection }, { ttlMs: 1000, size: 1, clock: () => 0 })).toThrow('away');
  broken = false;
  const assortment = makeAssortment({ collection }, { ttlMs: 1000, size: 1, clock: () => 0 });
  expect(ids((await assortment()).newest)).toEqual([]);
});
