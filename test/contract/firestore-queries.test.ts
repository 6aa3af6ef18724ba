import {
  AggregateField,
  type CollectionReference,
  FieldPath,
  Filter,
  type Firestore,
  GeoPoint,
  type Query,
  Timestamp,
} from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates, ids } from '../helpers/firestore-emulators.ts';

/** Queries by the official client, against this project's emulator and against Google's. */

const ID = FieldPath.documentId();

/** In Firestore's order of types. */
const MIXED = {
  null: null,
  'null-too': null,
  false: false,
  true: true,
  nan: Number.NaN,
  negative: -1,
  zero: 0,
  'zero-minus': -0,
  one: 1,
  'one-and-a-half': 1.5,
  time: new Timestamp(0, 0),
  'text-upper': 'Z',
  'text-a': 'a',
  'text-z': 'z',
  'text-private': '\uffee',
  'text-astral': '\u{1f600}',
  bytes: Buffer.from([1]),
  'bytes-longer': Buffer.from([1, 0]),
  place: new GeoPoint(1, 2),
  array: [1],
  'array-longer': [1, 0],
  map: { a: 1 },
  'map-later': { b: 0 },
};

const SHOES: Readonly<Record<string, object>> = {
  a: { color: 'red', size: 40, tags: ['new', 'sale'], price: 10 },
  b: { color: 'red', size: 42, tags: ['new'], price: 20 },
  c: { color: 'blue', size: 42, tags: [], price: 30.5 },
  d: { color: 'blue', size: 44, tags: ['sale'] },
  e: { color: null, size: 46 },
  f: { size: 'one', price: 'free' },
  g: { color: 'green', nested: { deep: 1 }, size: Number.NaN },
};

for (const candidate of await firestoreCandidates()) {
  describe.skipIf(candidate.missing)(`Firestore's queries, ${candidate.missing ?? candidate.name}`, () => {
    let emulator: FirestoreUnderTest;
    let db: Firestore;
    let shoes: CollectionReference;
    let mixed: CollectionReference;

    beforeAll(async () => {
      emulator = await candidate.start();
      db = emulator.db;
      shoes = db.collection('shoes');
      mixed = db.collection('mixed');
      const batch = db.batch();
      for (const [id, fields] of Object.entries(SHOES)) batch.set(shoes.doc(id), fields);
      for (const [id, value] of Object.entries(MIXED)) batch.set(mixed.doc(id), { value });
      batch.set(mixed.doc('without'), { other: 1 });
      batch.set(db.doc('shoes/a/reviews/1'), { stars: 5 });
      batch.set(db.doc('shoes/b/reviews/2'), { stars: 3 });
      batch.set(db.doc('hats/a/reviews/3'), { stars: 4 });
      batch.set(db.doc('reviews/4'), { stars: 1 });
      for (const id of ['__id7__', '__id-3__', '__id10__', 'a', 'B', '10', '9'])
        batch.set(db.doc(`ids/${id}`), {});
      await batch.commit();
    });
    afterAll(() => emulator?.close());

    const filters: readonly (readonly [string, (of: CollectionReference) => Query, readonly string[]])[] = [
      ['all', (of) => of, ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
      ['==', (of) => of.where('color', '==', 'red'), ['a', 'b']],
      ['== null', (of) => of.where('color', '==', null), ['e']],
      ['== NaN', (of) => of.where('size', '==', Number.NaN), ['g']],
      ['!= null', (of) => of.where('color', '!=', null), ['c', 'd', 'g', 'a', 'b']],
      ['!= NaN', (of) => of.where('size', '!=', Number.NaN), ['a', 'b', 'c', 'd', 'e', 'f']],
      ['!=', (of) => of.where('color', '!=', 'red'), ['c', 'd', 'g']],
      ['<, within a type and without NaN', (of) => of.where('size', '<', 44), ['a', 'b', 'c']],
      ['<=', (of) => of.where('size', '<=', 42), ['a', 'b', 'c']],
      ['>', (of) => of.where('size', '>', 42), ['d', 'e']],
      ['>= a text', (of) => of.where('size', '>=', ''), ['f']],
      ['a range', (of) => of.where('size', '>', 40).where('size', '<', 46), ['b', 'c', 'd']],
      ['two ranges', (of) => of.where('size', '>', 40).where('price', '<', 30), ['b']],
      ['a nested field', (of) => of.where('nested.deep', '==', 1), ['g']],
      ['a whole map', (of) => of.where('nested', '==', { deep: 1 }), ['g']],
      ['a whole array', (of) => of.where('tags', '==', ['new', 'sale']), ['a']],
      ['array-contains', (of) => of.where('tags', 'array-contains', 'new'), ['a', 'b']],
      ['array-contains-any', (of) => of.where('tags', 'array-contains-any', ['sale', 'old']), ['a', 'd']],
      ['in', (of) => of.where('color', 'in', ['red', 'green']), ['a', 'b', 'g']],
      ['in, of other types', (of) => of.where('size', 'in', [40, 'one', 46.0]), ['a', 'e', 'f']],
      ['not-in', (of) => of.where('color', 'not-in', ['red', 'green']), ['c', 'd']],
      ['not-in with null', (of) => of.where('color', 'not-in', ['red', null]), []],
      ['and', (of) => of.where('color', '==', 'red').where('size', '==', 42), ['b']],
      [
        'or',
        (of) => of.where(Filter.or(Filter.where('size', '==', 40), Filter.where('color', '==', 'green'))),
        ['a', 'g'],
      ],
      [
        'or of ands',
        (of) =>
          of.where(
            Filter.or(
              Filter.and(Filter.where('color', '==', 'red'), Filter.where('size', '>', 41)),
              Filter.where('tags', 'array-contains', 'sale'),
            ),
          ),
        ['a', 'b', 'd'],
      ],
      ['ids', (of) => of.where(ID, 'in', ['c', 'a', 'none']), ['a', 'c']],
      ['a range of ids', (of) => of.where(ID, '>=', 'b').where(ID, '<', 'd'), ['b', 'c']],
      ['an id', (of) => of.where(ID, '==', 'f'), ['f']],
    ];
    it.each(filters)('find by %s', async (_what, query, expected) => {
      expect(ids(await query(shoes).get())).toEqual(expected);
    });

    const orders: typeof filters = [
      ['a field', (of) => of.orderBy('size'), ['g', 'a', 'b', 'c', 'd', 'e', 'f']],
      ['a field, descending', (of) => of.orderBy('size', 'desc'), ['f', 'e', 'd', 'c', 'b', 'a', 'g']],
      ['a field that not all have', (of) => of.orderBy('price'), ['a', 'b', 'c', 'f']],
      ['two fields', (of) => of.orderBy('color').orderBy('size', 'desc'), ['e', 'd', 'c', 'g', 'b', 'a']],
      ['a limit', (of) => of.orderBy('size').limit(2), ['g', 'a']],
      ['an offset', (of) => of.orderBy('size').offset(2).limit(2), ['b', 'c']],
      ['an offset beyond the end', (of) => of.offset(100), []],
      ['the last', (of) => of.orderBy('size').limitToLast(2), ['e', 'f']],
      ['a start', (of) => of.orderBy('size').startAt(42), ['b', 'c', 'd', 'e', 'f']],
      ['a start after', (of) => of.orderBy('size').startAfter(42), ['d', 'e', 'f']],
      ['an end', (of) => of.orderBy('size').endAt(42), ['g', 'a', 'b', 'c']],
      ['an end before', (of) => of.orderBy('size').endBefore(42), ['g', 'a']],
      ['a start, descending', (of) => of.orderBy('size', 'desc').startAt(42), ['c', 'b', 'a', 'g']],
      [
        'a start of two',
        (of) => of.orderBy('color').orderBy('size').startAt('blue', 43),
        ['d', 'g', 'a', 'b'],
      ],
      ['a start at an id', (of) => of.orderBy(ID).startAfter('e'), ['f', 'g']],
      [
        'a start and an end, the last of them',
        (of) => of.orderBy('size').startAt(40).endBefore(46).limitToLast(2),
        ['c', 'd'],
      ],
    ];
    it.each(orders)('order by %s', async (_what, query, expected) => {
      expect(ids(await query(shoes).get())).toEqual(expected);
    });

    it('go on from a document', async () => {
      const second = await shoes.doc('b').get();

      expect(ids(await shoes.orderBy('size').startAfter(second).limit(2).get())).toEqual(['c', 'd']);
      expect(ids(await shoes.orderBy('size', 'desc').endBefore(second).get())).toEqual(['f', 'e', 'd', 'c']);
    });

    it('order values of all types', async () => {
      expect(ids(await mixed.orderBy('value').get())).toEqual(Object.keys(MIXED));
    });

    it('order ids by their bytes, numbers first', async () => {
      const found = ids(await db.collection('ids').get());

      expect(found).toEqual(['__id-3__', '__id7__', '__id10__', '10', '9', 'B', 'a']);
    });

    it('answer some fields', async () => {
      const found = await shoes.where('size', '==', 40).select('color', 'nested.deep', 'tags').get();

      expect(found.docs[0]?.data()).toEqual({ color: 'red', tags: ['new', 'sale'] });
      expect((await shoes.select().limit(1).get()).docs[0]?.data()).toEqual({});
    });

    it('find in every collection of an id', async () => {
      const reviews = db.collectionGroup('reviews');

      expect(ids(await reviews.get())).toEqual(['3', '4', '1', '2']);
      expect(ids(await reviews.where('stars', '>', 2).orderBy('stars', 'desc').get())).toEqual([
        '1',
        '3',
        '2',
      ]);
      expect(ids(await reviews.where(ID, '>', 'reviews/0').get())).toEqual(['4', '1', '2']);
    });

    // Google's has neither of these two; the service has both.
    const only = it.skipIf(candidate.name !== 'ours');
    only('order by id, descending', async () => {
      expect(ids(await shoes.orderBy(ID, 'desc').limit(3).get())).toEqual(['g', 'f', 'e']);
    });

    only('part a collection group', async () => {
      const found: string[] = [];
      for await (const partition of db.collectionGroup('reviews').getPartitions(3)) {
        found.push(...ids(await partition.toQuery().get()));
      }

      expect(found).toEqual(['3', '4', '1', '2']);
    });

    describe('that aggregate', () => {
      const { count, sum, average } = AggregateField;

      it('count, with and without filters and limits', async () => {
        const asked = [
          shoes,
          shoes.where('color', '==', 'red'),
          shoes.limit(3),
          shoes.offset(5),
          shoes.orderBy('price'),
        ];

        const counts = await Promise.all(
          asked.map(async (query) => (await query.count().get()).data().count),
        );

        expect(counts).toEqual([7, 2, 3, 2, 4]);
      });

      it.each<[string, string, number | null, number | null]>([
        ['numbers, without what is none', 'price', 60.5, 60.5 / 3],
        ['NaN', 'size', Number.NaN, Number.NaN],
        ['no numbers', 'color', 0, null],
      ])('sum and average %s', async (_what, field, total, mean) => {
        const [added] = [(await shoes.aggregate({ it: sum(field) }).get()).data().it];
        const [meaned] = [(await shoes.aggregate({ it: average(field) }).get()).data().it];

        expect(added).toEqual(total);
        expect(meaned).toEqual(mean);
      });

      it('do it at once', async () => {
        const red = shoes.where('color', '==', 'red');

        const found = await red.aggregate({ n: count(), total: sum('price'), mean: average('size') }).get();

        expect(found.data()).toEqual({ n: 2, total: 30, mean: 41 });
      });
    });

    // At once, since the client asks five times before it gives up.
    it('are refused where they have too much', async () => {
      const upTo = (end: number) => Array.from({ length: end }, (_, n) => n);
      const refused = {
        'more than 30 disjunctions': shoes.where('size', 'in', upTo(31)),
        'an empty list': shoes.where('size', 'in', []),
        'not-in along with !=': shoes.where('size', 'not-in', [1]).where('color', '!=', 'red'),
        'not-in along with in': shoes.where('size', 'not-in', [1]).where('color', 'in', ['red']),
        'more than 10 values in not-in': shoes.where('size', 'not-in', upTo(11)),
      };

      const codes = await Promise.all(
        Object.entries(refused).map(async ([what, query]) => {
          const error: unknown = await query.get().catch((reason: unknown) => reason);
          return [what, (error as { code?: unknown }).code];
        }),
      );

      expect(codes).toEqual(Object.keys(refused).map((what) => [what, 3]));
    });

    it('read what was then', async () => {
      const changing = db.collection('changing');
      const { writeTime } = await changing.doc('a').set({ n: 1 });
      await changing.doc('a').set({ n: 2 });
      await changing.doc('b').set({ n: 3 });

      const then = await db.runTransaction((transaction) => transaction.get(changing), {
        readOnly: true,
        readTime: writeTime,
      });

      expect(then.docs.map((document) => document.data())).toEqual([{ n: 1 }]);
    });
  });
}
