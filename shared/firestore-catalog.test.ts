import { describe, expect, test } from 'vitest';
import { TransientError } from './errors.ts';
import { type CatalogStore, makeFirestoreCatalog } from './firestore-catalog.ts';

/** A store of documents that records the ids of each read. */
function fakeStore(documents: Readonly<Record<string, unknown>>) {
  const reads: (readonly string[])[] = [];
  let fault: Error | undefined;
  const store = {
    collection: () => ({ doc: (id: string) => ({ id }) }),
    getAll: async (...references: readonly { readonly id: string }[]) => {
      reads.push(references.map((reference) => reference.id));
      if (fault) throw fault;
      return references.map(({ id }) => ({ data: () => documents[id] }));
    },
  } as unknown as CatalogStore;
  const failWith = (error: Error | undefined) => {
    fault = error;
  };
  return { store, reads, failWith };
}

const shoe = { item_id: 'shoe', title: 'Shoe', price: 10 };
const options = { ttlMs: 1000, maxEntries: 10 };

describe('makeFirestoreCatalog', () => {
  test('answers the products it has, in one read, absent ones left out', async () => {
    const { store, reads } = fakeStore({ shoe, broken: { price: 'free' } });
    const catalog = makeFirestoreCatalog(store, options);
    const found = await catalog.products(['shoe', 'hat', 'broken', 'shoe']);
    expect([...found]).toEqual([['shoe', shoe]]);
    expect(reads).toEqual([['shoe', 'hat', 'broken']]);
  });

  test('reuses answers, absences too, until they expire', async () => {
    let now = 0;
    const { store, reads } = fakeStore({ shoe });
    const catalog = makeFirestoreCatalog(store, { ...options, clock: () => now });
    await catalog.products(['shoe', 'hat']);
    now = 999;
    expect((await catalog.products(['shoe', 'hat'])).size).toBe(1);
    expect(reads).toHaveLength(1);
    now = 1000;
    await catalog.products(['hat']);
    expect(reads[1]).toEqual(['hat']);
  });

  test('shares a read that is under way', async () => {
    const { store, reads } = fakeStore({ shoe });
    const catalog = makeFirestoreCatalog(store, options);
    const [first, second] = await Promise.all([catalog.products(['shoe']), catalog.products(['shoe'])]);
    expect(first).toEqual(second);
    expect(reads).toHaveLength(1);
  });

  test('answers more ids than it may keep', async () => {
    const ids = Array.from({ length: 700 }, (_, index) => `item-${index}`);
    const { store, reads } = fakeStore(
      Object.fromEntries(ids.map((item_id) => [item_id, { item_id, title: item_id }])),
    );
    const found = await makeFirestoreCatalog(store, options).products(ids);
    expect(found.size).toBe(700);
    expect(reads.map((read) => read.length)).toEqual([300, 300, 100]);
  });

  test('a failed read is transient, and forgotten', async () => {
    const { store, failWith } = fakeStore({ shoe });
    const catalog = makeFirestoreCatalog(store, options);
    failWith(new Error('UNAVAILABLE'));
    await expect(catalog.products(['shoe'])).rejects.toThrow(TransientError);
    failWith(undefined);
    expect((await catalog.products(['shoe'])).get('shoe')).toEqual(shoe);
  });

  test('reads ids that are no document names under their hash', async () => {
    const { store, reads } = fakeStore({});
    await makeFirestoreCatalog(store, options).products(['a/b']);
    expect(reads[0]?.[0]).toMatch(/^h_[0-9a-f]{32}$/);
  });
});
