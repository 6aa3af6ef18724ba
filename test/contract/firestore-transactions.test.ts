import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates, ids } from '../helpers/firestore-emulators.ts';

/** Transactions by the official client, against this project's emulator and against Google's. */

let turn = 0;

for (const candidate of await firestoreCandidates()) {
  describe.skipIf(candidate.missing)(
    `Firestore's transactions, ${candidate.missing ?? candidate.name}`,
    () => {
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
        things = db.collection(`held-${turn}`);
      });

      it('read, then write all at once', async () => {
        await things.doc('a').set({ n: 1 });

        const result = await db.runTransaction(async (transaction) => {
          const a = await transaction.get(things.doc('a'));
          transaction.update(things.doc('a'), { n: a.get('n') + 1 });
          transaction.create(things.doc('b'), { copy: a.get('n') });
          return 'done';
        });

        expect(result).toBe('done');
        expect((await things.get()).docs.map((each) => each.data())).toEqual([{ n: 2 }, { copy: 1 }]);
      });

      it('write nothing where they throw', async () => {
        const failing = db.runTransaction(async (transaction) => {
          await transaction.get(things.doc('a'));
          transaction.set(things.doc('a'), { n: 1 });
          throw new Error('on second thoughts');
        });

        await expect(failing).rejects.toThrow('on second thoughts');
        expect((await things.get()).empty).toBe(true);
      });

      it('write nothing where one write fails', async () => {
        const failing = db.runTransaction(async (transaction) => {
          await transaction.get(things.doc('a'));
          transaction.set(things.doc('a'), { n: 1 });
          transaction.update(things.doc('none'), { n: 1 });
        });

        await expect(failing).rejects.toMatchObject({ code: 5 });
        expect((await things.get()).empty).toBe(true);
      });

      it('count right where several contend, by trying again', async () => {
        const counter = things.doc('counter');
        await counter.set({ n: 0 });
        const increment = () =>
          db.runTransaction(
            async (transaction) => {
              const { n } = (await transaction.get(counter)).data() ?? {};
              transaction.set(counter, { n: n + 1 });
            },
            { maxAttempts: 20 },
          );

        await Promise.all([increment(), increment(), increment()]);

        expect((await counter.get()).data()).toEqual({ n: 3 });
      });

      it('hold back the write of another until they end', async () => {
        await things.doc('a').set({ n: 1 });
        let outside: Promise<unknown> | undefined;

        await db.runTransaction(async (transaction) => {
          const { n } = (await transaction.get(things.doc('a'))).data() ?? {};
          outside ??= things.doc('a').update({ outside: true });
          transaction.update(things.doc('a'), { n: n + 1 });
        });
        await outside;

        expect((await things.doc('a').get()).data()).toEqual({ n: 2, outside: true });
      });

      it('see a new result of their query, or hold it back', async () => {
        let attempts = 0;
        let outside: Promise<unknown> | undefined;

        const counted = await db.runTransaction(async (transaction) => {
          attempts += 1;
          const found = await transaction.get(things.where('kind', '==', 'seat'));
          outside ??= things.doc('late').set({ kind: 'seat', by: 'another' });
          transaction.set(things.doc('tally'), { seats: found.size });
          return found.size;
        });
        await outside;

        expect(attempts).toBeGreaterThan(0);
        expect((await things.doc('tally').get()).data()).toEqual({ seats: counted });
        expect((await things.doc('late').get()).exists).toBe(true);
      });

      it('read as of one time where they only read', async () => {
        await Promise.all([things.doc('a').set({ n: 1 }), things.doc('b').set({ n: 1 })]);

        const read = await db.runTransaction(
          async (transaction) => {
            const a = await transaction.get(things.doc('a'));
            await db.batch().set(things.doc('a'), { n: 2 }).set(things.doc('b'), { n: 2 }).commit();
            const b = await transaction.get(things.doc('b'));
            return [a.get('n'), b.get('n')];
          },
          { readOnly: true },
        );

        expect(read).toEqual([1, 1]);
      });

      it('read queries, and documents together', async () => {
        for (const id of ['a', 'b', 'c']) await things.doc(id).set({ id });

        const read = await db.runTransaction(async (transaction) => {
          const some = await transaction.getAll(things.doc('c'), things.doc('none'));
          const all = await transaction.get(things.orderBy('id', 'desc').limit(2));
          return [some.map((each) => each.exists), ids(all)];
        });

        expect(read).toEqual([
          [true, false],
          ['c', 'b'],
        ]);
      });
    },
  );
}
