import type {
  CollectionReference,
  DocumentReference,
  Firestore,
  Query,
  QuerySnapshot,
} from '@google-cloud/firestore';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates, ids } from '../helpers/firestore-emulators.ts';

/** Listening by the official client, against this project's emulator and against Google's. */

let turn = 0;

for (const candidate of await firestoreCandidates()) {
  describe.skipIf(candidate.missing)(`Firestore's listeners, ${candidate.missing ?? candidate.name}`, () => {
    let emulator: FirestoreUnderTest;
    let db: Firestore;
    let things: CollectionReference;
    let unsubscribe: (() => void)[] = [];

    beforeAll(async () => {
      emulator = await candidate.start();
      db = emulator.db;
    });
    afterAll(() => emulator?.close());
    beforeEach(() => {
      turn += 1;
      things = db.collection(`heard-${turn}`);
    });
    afterEach(() => {
      for (const stop of unsubscribe) stop();
      unsubscribe = [];
    });

    /** What a query's listener hears: per snapshot its ids and changes. */
    function hear(query: Query) {
      const heard: { readonly ids: readonly string[]; readonly changes: readonly string[] }[] = [];
      const failed = vi.fn();
      unsubscribe.push(query.onSnapshot((snapshot) => heard.push(told(snapshot)), failed));
      return { heard, failed, until: (count: number) => vi.waitUntil(() => heard.length >= count, 10_000) };
    }

    function hearDocument(reference: DocumentReference) {
      const heard: unknown[] = [];
      unsubscribe.push(reference.onSnapshot((snapshot) => heard.push(snapshot.data() ?? null)));
      return { heard, until: (count: number) => vi.waitUntil(() => heard.length >= count, 10_000) };
    }

    it('hear a document come, change and go', async () => {
      const { heard, until } = hearDocument(things.doc('a'));
      await until(1);
      await things.doc('a').set({ n: 1 });
      await until(2);
      await things.doc('b').set({ n: 'not heard' });
      await things.doc('a').update({ n: 2 });
      await until(3);
      await things.doc('a').delete();
      await until(4);

      expect(heard).toEqual([null, { n: 1 }, { n: 2 }, null]);
    });

    it('hear results come, change, move and go', async () => {
      await things.doc('a').set({ n: 1 });
      const { heard, until } = hear(things.where('n', '<', 10).orderBy('n'));
      await until(1);
      await things.doc('b').set({ n: 0 });
      await until(2);
      await things.doc('b').set({ n: 5 });
      await until(3);
      await things.doc('c').set({ n: 50 });
      await things.doc('a').set({ n: 11 });
      await until(4);
      await things.doc('b').delete();
      await until(5);

      expect(heard).toEqual([
        { ids: ['a'], changes: ['added a'] },
        { ids: ['b', 'a'], changes: ['added b'] },
        { ids: ['a', 'b'], changes: ['modified b'] },
        { ids: ['b'], changes: ['removed a'] },
        { ids: [], changes: ['removed b'] },
      ]);
    });

    it('hear nothing of a query without results, once', async () => {
      const { heard, until } = hear(things);
      await until(1);
      await things.doc('a').set({});
      await until(2);

      expect(heard).toEqual([
        { ids: [], changes: [] },
        { ids: ['a'], changes: ['added a'] },
      ]);
    });

    it('hear a batch as one change', async () => {
      await Promise.all([things.doc('a').set({ n: 1 }), things.doc('gone').set({ n: 0 })]);
      const { heard, until } = hear(things.orderBy('n'));
      await until(1);
      await db
        .batch()
        .set(things.doc('b'), { n: 2 })
        .update(things.doc('a'), { n: 3 })
        .delete(things.doc('gone'))
        .commit();
      await until(2);

      expect(heard[1]).toEqual({ ids: ['b', 'a'], changes: ['removed gone', 'added b', 'modified a'] });
    });

    it('hear a limited query fill up and overflow', async () => {
      for (const n of [1, 2, 3]) await things.doc(`n${n}`).set({ n });
      const { heard, until } = hear(things.orderBy('n').limit(2));
      await until(1);
      await things.doc('n0').set({ n: 0 });
      await until(2);
      await things.doc('n0').delete();
      await until(3);
      await things.doc('n1').update({ n: 9 });
      await until(4);

      expect(heard.map((each) => each.ids)).toEqual([
        ['n1', 'n2'],
        ['n0', 'n1'],
        ['n1', 'n2'],
        ['n2', 'n3'],
      ]);
    });

    it('hear the last of a query', async () => {
      for (const n of [1, 2, 3]) await things.doc(`n${n}`).set({ n });
      const { heard, until } = hear(things.orderBy('n').limitToLast(2));
      await until(1);
      await things.doc('n4').set({ n: 4 });
      await until(2);

      expect(heard.map((each) => each.ids)).toEqual([
        ['n2', 'n3'],
        ['n3', 'n4'],
      ]);
    });

    it('hear every collection of an id', async () => {
      const { heard, until } = hear(db.collectionGroup(`deep-${turn}`));
      await until(1);
      await things.doc(`a/deep-${turn}/x`).set({});
      await until(2);
      await db.doc(`deep-${turn}/y`).set({});
      await until(3);

      expect(heard.map((each) => [...each.ids].sort())).toEqual([[], ['x'], ['x', 'y']]);
    });

    it('hear some fields of results', async () => {
      await things.doc('a').set({ n: 1, more: 2 });
      const heard: unknown[] = [];
      unsubscribe.push(
        things.select('n').onSnapshot((snapshot) => heard.push(snapshot.docs.map((each) => each.data()))),
      );
      await vi.waitUntil(() => heard.length >= 1, 10_000);

      expect(heard).toEqual([[{ n: 1 }]]);
    });

    it('hear alike, however many they are', async () => {
      const listeners = Array.from({ length: 5 }, () => hear(things.where('n', '>', 0)));
      await Promise.all(listeners.map(({ until }) => until(1)));
      await things.doc('a').set({ n: 1 });
      await Promise.all(listeners.map(({ until }) => until(2)));

      for (const { heard } of listeners) {
        expect(heard).toEqual([
          { ids: [], changes: [] },
          { ids: ['a'], changes: ['added a'] },
        ]);
      }
    });

    it('hear no more once they have stopped', async () => {
      const stopped = hear(things);
      const other = hear(things);
      await Promise.all([stopped.until(1), other.until(1)]);
      unsubscribe[0]?.();
      await things.doc('a').set({});
      await other.until(2);

      expect(stopped.heard).toHaveLength(1);
    });

    it('are told why a query is refused', async () => {
      const { failed } = hear(
        things.where(
          'n',
          'not-in',
          Array.from({ length: 11 }, (_, n) => n),
        ),
      );

      await vi.waitUntil(() => failed.mock.calls.length > 0, 10_000);
      expect(String(failed.mock.calls[0]?.[0])).toMatch(/^Error: Error 3: /);
    });
  });
}

function told(snapshot: QuerySnapshot): {
  readonly ids: readonly string[];
  readonly changes: readonly string[];
} {
  return { ids: ids(snapshot), changes: snapshot.docChanges().map(({ type, doc }) => `${type} ${doc.id}`) };
}
