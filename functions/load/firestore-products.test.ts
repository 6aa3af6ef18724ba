import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { makeFirestoreProducts } from './firestore-products.ts';

let emulator: RunningEmulator;
let clients: readonly Firestore[];

beforeAll(async () => {
  emulator = await startFirestoreEmulator();
  const { host } = new URL(emulator.url);
  clients = [0, 1].map(() => ownerClient(host, 'demo-products'));
});
afterAll(async () => {
  for (const client of clients) await client.terminate();
  await emulator.close();
});

const MONDAY = Date.UTC(2026, 10, 16);
const TUESDAY = Date.UTC(2026, 10, 17);
const idsOf = (prefix: string): readonly string[] =>
  Array.from({ length: 400 }, (_each, n) => `${prefix}-${n}`);

test('two files loaded at the same time leave what the later one says', async () => {
  const [first, second] = clients.map(makeFirestoreProducts);
  if (!first || !second) throw new Error('there are two clients');
  for (let round = 0; round < 2; round += 1) {
    const ids = idsOf(`round${round}`);
    const products = (price: number, more: object = {}) =>
      ids.map((item_id) => ({ item_id, price, ...more }));
    await Promise.all([
      second.upsert(products(2), TUESDAY),
      first.upsert(products(1, { title: 'of Monday' }), MONDAY),
    ]);
    const collection = clients[0]?.collection(COLLECTIONS.catalog).where('item_id', 'in', [ids[0], ids[399]]);
    const kept = (await collection?.get())?.docs.map((document) => document.data());
    expect(kept).toHaveLength(2);
    for (const product of kept ?? []) {
      expect(product).toMatchObject({ price: 2, updated_at: new Date(TUESDAY).toISOString() });
    }
  }
});

test('a file of before changes nothing, one of after what it tells of', async () => {
  const [store] = clients.map(makeFirestoreProducts);
  await store?.upsert([{ item_id: 'shoe', title: 'Shoe', price: 2 }], TUESDAY);
  await store?.upsert(
    [
      { item_id: 'shoe', price: 1 },
      { item_id: 'hat', price: 1 },
    ],
    MONDAY,
  );
  await store?.upsert([{ item_id: 'hat', title: 'Hat' }], TUESDAY);
  const documents = clients[0]?.collection(COLLECTIONS.catalog);
  expect((await documents?.doc('shoe').get())?.data()).toMatchObject({ title: 'Shoe', price: 2 });
  expect((await documents?.doc('hat').get())?.data()).toMatchObject({ title: 'Hat', price: 1 });
});
