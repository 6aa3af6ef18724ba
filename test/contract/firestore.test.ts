import {
  type CollectionReference,
  FieldValue,
  type Firestore,
  GeoPoint,
  Timestamp,
} from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates } from '../helpers/firestore-emulators.ts';

/*
 * Documents and writes by the official client, against this project's emulator and against Google's. Where the two differ
 * on purpose: docs/decisions/0085.
 */

const NOT_FOUND = { code: 5 };
const ALREADY_EXISTS = { code: 6 };
const FAILED_PRECONDITION = { code: 9 };
const INVALID_ARGUMENT = { code: 3 };

let turn = 0;

for (const candidate of await firestoreCandidates()) {
  describe.skipIf(candidate.missing)(`Firestore, ${candidate.missing ?? candidate.name}`, () => {
    let emulator: FirestoreUnderTest;
    let db: Firestore;
    let things: CollectionReference;

    beforeAll(async () => {
      emulator = await candidate.start();
      db = emulator.db;
    });
    afterAll(() => emulator?.close());
    beforeEach(() => {
      turn += 1;
      things = db.collection(`things-${turn}`);
    });

    describe('values', () => {
      const everything = {
        nothing: null,
        yes: true,
        integer: 42,
        negative: -7,
        large: Number.MAX_SAFE_INTEGER,
        half: 0.5,
        nan: Number.NaN,
        infinite: Number.NEGATIVE_INFINITY,
        text: 'zażółć \u{1f600}',
        empty: '',
        bytes: Buffer.from([0, 1, 255]),
        time: new Timestamp(1_700_000_000, 123_456_000),
        ancient: new Timestamp(-62_135_596_800, 0),
        place: new GeoPoint(-89.5, 179.25),
        list: [1, 'two', { three: [3] }],
        map: { 'a.b': { '`': 1 }, empty: {} },
        vector: FieldValue.vector([1, 2.5, -3]),
      };

      it('come back as they were written', async () => {
        const reference = things.doc('all');

        await reference.set({ ...everything, self: reference });

        const read = (await reference.get()).data();
        expect(read).toEqual({ ...everything, self: reference });
      });

      it('have 64 bits where they are integers', async () => {
        await things.doc('large').set({ value: 2n ** 63n - 1n, least: -(2n ** 63n) });

        const query = things.where('value', '==', 2n ** 63n - 1n);
        expect((await query.get()).size).toBe(1);
        expect((await things.where('value', '==', 2n ** 63n - 2n).get()).size).toBe(0);
      });

      it('keep microseconds and drop what is finer', async () => {
        await things.doc('fine').set({ time: new Timestamp(1, 123_456_789) });

        expect((await things.doc('fine').get()).get('time')).toEqual(new Timestamp(1, 123_456_000));
      });

      it.each<[string, unknown]>([
        ['a string longer than a document may be', 'x'.repeat(1_048_577)],
        ['a field name between underscores', { __mine__: 1 }],
      ])('are refused where they are %s', async (_what, value) => {
        await expect(things.doc('bad').set({ value })).rejects.toMatchObject(INVALID_ARGUMENT);
        expect((await things.doc('bad').get()).exists).toBe(false);
      });
    });

    describe('writes', () => {
      it('set the whole document, or merge into it', async () => {
        await things.doc('a').set({ keep: 1, map: { x: 1, y: 2 }, gone: true });
        await things.doc('a').set({ map: { y: 3, z: 4 }, gone: FieldValue.delete() }, { merge: true });
        expect((await things.doc('a').get()).data()).toEqual({ keep: 1, map: { x: 1, y: 3, z: 4 } });

        await things.doc('a').set({ map: { only: 1 }, other: 2 }, { mergeFields: ['map'] });
        expect((await things.doc('a').get()).data()).toEqual({ keep: 1, map: { only: 1 } });

        await things.doc('a').set({ fresh: true });
        expect((await things.doc('a').get()).data()).toEqual({ fresh: true });
      });

      it('update fields by their paths', async () => {
        await things.doc('a').set({ map: { x: 1, y: { deep: 1 } }, list: [1] });
        await things.doc('a').update({ 'map.y.deep': 2, 'map.x': FieldValue.delete(), list: [] });

        expect((await things.doc('a').get()).data()).toEqual({ map: { y: { deep: 2 } }, list: [] });
      });

      it('hold to their preconditions', async () => {
        await expect(things.doc('none').update({ a: 1 })).rejects.toMatchObject(NOT_FOUND);
        const { writeTime } = await things.doc('a').create({ a: 1 });
        await expect(things.doc('a').create({ a: 2 })).rejects.toMatchObject(ALREADY_EXISTS);
        await things.doc('a').update({ a: 3 }, { lastUpdateTime: writeTime });
        await expect(things.doc('a').update({ a: 4 }, { lastUpdateTime: writeTime })).rejects.toMatchObject(
          FAILED_PRECONDITION,
        );
        await expect(things.doc('a').delete({ lastUpdateTime: writeTime })).rejects.toMatchObject(
          FAILED_PRECONDITION,
        );
        await expect(things.doc('none').delete({ exists: true })).rejects.toMatchObject(NOT_FOUND);
        await things.doc('none').delete();

        expect((await things.doc('a').get()).data()).toEqual({ a: 3 });
      });

      it('leave the update time alone where they change nothing', async () => {
        const { writeTime: first } = await things.doc('a').set({ a: 1 });
        await things.doc('a').set({ a: 1 });
        const same = await things.doc('a').get();
        await things.doc('a').set({ a: 2 });
        const changed = await things.doc('a').get();

        expect(same.updateTime?.isEqual(first)).toBe(true);
        expect(changed.createTime?.isEqual(first)).toBe(true);
        expect((changed.updateTime?.valueOf() ?? '') > first.valueOf()).toBe(true);
      });

      it('are all or none in a batch, at one time', async () => {
        const batch = db.batch();
        batch.set(things.doc('a'), { a: 1 });
        batch.set(things.doc('b'), { b: 1 });
        batch.update(things.doc('a'), { more: 2 });
        const results = await batch.commit();
        const [a, b] = await db.getAll(things.doc('a'), things.doc('b'));
        expect(new Set(results.map(({ writeTime }) => writeTime.valueOf())).size).toBe(1);
        expect([a?.data(), b?.data()]).toEqual([{ a: 1, more: 2 }, { b: 1 }]);
        expect(a?.updateTime?.isEqual(b?.updateTime ?? Timestamp.now())).toBe(true);

        const failing = db.batch().delete(things.doc('a')).update(things.doc('none'), { a: 1 });
        await expect(failing.commit()).rejects.toMatchObject(NOT_FOUND);
        expect((await things.doc('a').get()).exists).toBe(true);
      });

      it('succeed or fail one by one by the bulk writer', async () => {
        await things.doc('taken').set({});
        const writer = db.bulkWriter();
        writer.onWriteError(() => false);
        const written = Array.from({ length: 50 }, (_, index) =>
          writer.set(things.doc(`n${index}`), { index }),
        );
        const failed = expect(writer.create(things.doc('taken'), {})).rejects.toMatchObject(ALREADY_EXISTS);
        await writer.close();
        await Promise.all(written);
        await failed;

        expect((await things.count().get()).data().count).toBe(51);
      });
    });

    describe('transforms', () => {
      it('take the time of the server', async () => {
        const before = Date.now() - 60_000;
        await things
          .doc('a')
          .set({ at: FieldValue.serverTimestamp(), map: { at: FieldValue.serverTimestamp() } });

        const { at, map } = (await things.doc('a').get()).data() ?? {};
        expect((at as Timestamp).toMillis()).toBeGreaterThan(before);
        expect((at as Timestamp).nanoseconds % 1_000_000).toBe(0);
        expect(map.at).toEqual(at);
      });

      it.each<[string, unknown, FieldValue, unknown]>([
        ['an increment', 40, FieldValue.increment(2), 42],
        ['an increment by a fraction', 40, FieldValue.increment(0.5), 40.5],
        ['an increment of a text', 'text', FieldValue.increment(2), 2],
        ['an increment of nothing', undefined, FieldValue.increment(2), 2],
        ['an increment beyond 64 bits', 2n ** 63n - 1n, FieldValue.increment(1), 2 ** 63],
        ['a union', [1, 2], FieldValue.arrayUnion(2, 3, 3), [1, 2, 3]],
        ['a union of equal numbers', [1, Number.NaN], FieldValue.arrayUnion(1, Number.NaN), [1, Number.NaN]],
        ['a union with no array', 'text', FieldValue.arrayUnion({ a: 1 }), [{ a: 1 }]],
        ['a removal', [1, 2, 1, { a: 1 }], FieldValue.arrayRemove(1, { a: 1 }), [2]],
        ['a removal from nothing', undefined, FieldValue.arrayRemove(1), []],
      ])('are %s', async (_what, stored, transform, expected) => {
        await things.doc('a').set(stored === undefined ? {} : { value: stored });
        await things.doc('a').update({ value: transform });

        expect((await things.doc('a').get()).get('value')).toEqual(expected);
      });

      it('apply after the fields of their write, and make the document where there is none', async () => {
        await things.doc('a').set({ n: FieldValue.increment(1), list: FieldValue.arrayUnion('x'), plain: 1 });

        expect((await things.doc('a').get()).data()).toEqual({ n: 1, list: ['x'], plain: 1 });
      });
    });

    describe('reads', () => {
      it('answer many documents, missing ones, and some of their fields', async () => {
        await things.doc('a').set({ x: 1, map: { y: 2, z: 3 } });

        const [a, none] = await db.getAll(things.doc('a'), things.doc('none'), {
          fieldMask: ['map.y', 'nothing'],
        });

        expect(a?.data()).toEqual({ map: { y: 2 } });
        expect(none?.exists).toBe(false);
      });

      it('list documents, also those that only have documents below them', async () => {
        await things.doc('a').set({});
        await things.doc('b/deep/c').set({});

        expect((await things.listDocuments()).map(({ id }) => id)).toEqual(['a', 'b']);
        expect((await things.get()).docs.map(({ id }) => id)).toEqual(['a']);
        expect((await things.doc('b').listCollections()).map(({ id }) => id)).toEqual(['deep']);
      });

      it('list collections', async () => {
        await Promise.all([things.doc('a/one/x').set({}), things.doc('a/two/x/three/y').set({})]);

        const collections = await things.doc('a').listCollections();

        expect(collections.map(({ id }) => id)).toEqual(['one', 'two']);
      });

      it('delete a document and everything below it', async () => {
        await Promise.all([
          things.doc('a').set({}),
          things.doc('a/below/x').set({}),
          things.doc('b').set({}),
        ]);

        await db.recursiveDelete(things.doc('a'));

        expect((await things.listDocuments()).map(({ id }) => id)).toEqual(['b']);
      });
    });
  });
}
