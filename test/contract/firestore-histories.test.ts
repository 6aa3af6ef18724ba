import { isDeepStrictEqual } from 'node:util';
import {
  type CollectionReference,
  FieldValue,
  type Firestore,
  type OrderByDirection,
  type Query,
  Timestamp,
  type WhereFilterOp,
} from '@google-cloud/firestore';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates } from '../helpers/firestore-emulators.ts';

/*
 * The same random history of writes on this project's emulator and on Google's leads to the same answers, the same
 * documents, the same query results, and the same snapshots at listeners. FUZZ_RUNS=200 looks further than the default.
 */

const RUNS = Number(process.env.FUZZ_RUNS ?? 8);
const candidates = await firestoreCandidates();
const missing = candidates.find((candidate) => candidate.missing)?.missing;

/** How a value is made for a client; those that a transform applies to are frequent. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -2, max: 3 }) },
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0.5,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'a',
    'é',
    '\u{1f600}',
  ),
  fc.constantFrom<unknown>(
    new Timestamp(5, 1000),
    Buffer.from('x'),
    [],
    [1, 'a'],
    [null],
    {},
    { a: 1 },
    { a: { b: 2 } },
  ),
  fc.constantFrom<unknown>(FieldValue.vector([1]), FieldValue.vector([0, 0])),
);
const field = fc.constantFrom('a', 'b', 'm.x');
const transform = fc.oneof(
  fc.constantFrom(1, -2, 0.5).map((by) => FieldValue.increment(by)),
  fc.constantFrom<unknown>(1, 'a', null).map((element) => FieldValue.arrayUnion(element, 2)),
  fc.constantFrom<unknown>(1, 'a', null).map((element) => FieldValue.arrayRemove(element)),
  fc.constant(FieldValue.delete()),
);
const id = fc.constantFrom('p', 'q', 'r', 's');

type Write = (batch: FirebaseFirestore.WriteBatch, of: CollectionReference) => unknown;
const document = fc.record(
  { a: value, b: value, m: fc.record({ x: value }, { requiredKeys: [] }) },
  { requiredKeys: [] },
);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(id, document).map(
    ([at, fields]): Write =>
      (batch, of) =>
        batch.set(of.doc(at), fields),
  ),
  fc.tuple(id, document).map(
    ([at, fields]): Write =>
      (batch, of) =>
        batch.set(of.doc(at), fields, { merge: true }),
  ),
  fc.tuple(id, document).map(
    ([at, fields]): Write =>
      (batch, of) =>
        batch.create(of.doc(at), fields),
  ),
  fc.tuple(id, field, fc.oneof(value, transform)).map(
    ([at, path, to]): Write =>
      (batch, of) =>
        batch.update(of.doc(at), path, to),
  ),
  id.map(
    (at): Write =>
      (batch, of) =>
        batch.delete(of.doc(at)),
  ),
  id.map(
    (at): Write =>
      (batch, of) =>
        batch.delete(of.doc(at), { exists: true }),
  ),
);
const commit = fc.oneof(
  { weight: 3, arbitrary: write.map((each) => [each]) },
  fc.array(write, { minLength: 2, maxLength: 4 }),
);

type Ask = (of: CollectionReference) => Query;
const operators = fc.constantFrom<WhereFilterOp>('<', '<=', '==', '!=', '>', '>=', 'array-contains');
const where = fc.oneof(
  fc
    .tuple(field, operators, value)
    // Clients and emulators agree on null and NaN with (un)equal alone.
    .filter(([, op, to]) => op === '==' || op === '!=' || (to !== null && !Number.isNaN(to)))
    .map(
      ([path, op, to]) =>
        (query: Query) =>
          query.where(path, op, to),
    ),
  fc
    .tuple(
      field,
      fc.constantFrom<WhereFilterOp>('in', 'array-contains-any'),
      fc.array(value, { minLength: 1, maxLength: 3 }),
    )
    .filter(([, , values]) => values.every((each) => each !== null && !Number.isNaN(each)))
    .map(
      ([path, op, to]) =>
        (query: Query) =>
          query.where(path, op, to),
    ),
);
const order = fc.tuple(field, fc.constantFrom<OrderByDirection>('asc', 'desc')).map(
  ([path, direction]) =>
    (query: Query) =>
      query.orderBy(path, direction),
);
const limit = fc.integer({ min: 1, max: 3 }).map((most) => (query: Query) => query.limit(most));
const ask: fc.Arbitrary<Ask> = fc
  .tuple(fc.option(where), fc.option(order), fc.option(limit))
  .map((steps) => (of) => steps.reduce<Query>((query, step) => (step ? step(query) : query), of));

describe.skipIf(missing)(`Firestore's histories, ours and Google's${missing ? `: ${missing}` : ''}`, () => {
  let emulators: readonly FirestoreUnderTest[] = [];
  let turn = 0;

  beforeAll(async () => {
    emulators = await Promise.all(candidates.map((candidate) => candidate.start()));
  });
  afterAll(() => Promise.all(emulators.map((emulator) => emulator.close())));

  it('lead to the same', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { minLength: 1, maxLength: 8 }),
        fc.array(ask, { minLength: 2, maxLength: 4 }),
        async (commits, asks) => {
          turn += 1;
          const [ours, googles] = await Promise.all(
            emulators.map(({ db }) => live(db, db.collection(`history-${turn}`), commits, asks)),
          );

          expect(ours).toEqual(googles);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** Everything a client sees of a history. */
async function live(
  db: Firestore,
  of: CollectionReference,
  commits: readonly (readonly Write[])[],
  asks: readonly Ask[],
): Promise<readonly unknown[]> {
  const queries = asks.map((each) => each(of));
  const listeners = queries.map(listen);
  const seen: unknown[] = [];
  try {
    for (const writes of commits) {
      const batch = db.batch();
      for (const each of writes) each(batch, of);
      seen.push(
        await batch.commit().then(
          () => 'committed',
          (error: { code?: unknown }) => error.code,
        ),
      );
      const documents = await of.get();
      seen.push(
        documents.docs.map((each) => [each.id, each.data(), each.createTime.isEqual(each.updateTime)]),
      );
      for (const [index, query] of queries.entries()) {
        const results = plain(await query.get());
        seen.push(results, await listeners[index]?.reaches(results));
      }
    }
  } finally {
    for (const listener of listeners) listener.stop();
  }
  return seen;
}

/** A listener, and what it was told since last asked. */
function listen(query: Query) {
  let latest: unknown;
  let changes: string[] = [];
  const stop = query.onSnapshot(
    (snapshot) => {
      latest = plain(snapshot);
      changes.push(...snapshot.docChanges().map(({ type, doc }) => `${type} ${doc.id}`));
    },
    (error) => {
      latest = error;
    },
  );
  return {
    stop,
    /** Waits until the results are what the query answers. */
    async reaches(results: unknown): Promise<readonly string[]> {
      await vi.waitUntil(() => latest instanceof Error || isDeepStrictEqual(latest, results), 30_000);
      if (latest instanceof Error) throw latest;
      const told = changes;
      changes = [];
      return told;
    },
  };
}

function plain(snapshot: FirebaseFirestore.QuerySnapshot): unknown {
  return snapshot.docs.map((each) => [each.id, each.data()]);
}
