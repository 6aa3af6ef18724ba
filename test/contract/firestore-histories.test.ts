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
import { search } from '../helpers/search.ts';

/*
 * The same random history of writes on this project's emulator and on Google's leads to the same answers, the same
 * documents, the same query results, and the same snapshots at listeners. FUZZ_RUNS=200 looks further than the default.
 */

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

interface Write {
  readonly kind: 'set' | 'merge' | 'create' | 'update' | 'delete' | 'deleteExisting';
  readonly id: string;
  readonly fields: object;
  readonly path: string;
  readonly to: unknown;
}
const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom('set', 'merge', 'create', 'update', 'update', 'delete', 'deleteExisting'),
  id: fc.constantFrom('p', 'q', 'r', 's'),
  fields: fc.record(
    { a: value, b: value, m: fc.record({ x: value }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  ),
  path: field,
  to: fc.oneof(value, transform),
});
const commit = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(write) },
  fc.array(write, { minLength: 2, maxLength: 4 }),
);

function apply(batch: FirebaseFirestore.WriteBatch, of: CollectionReference, write: Write): void {
  const at = of.doc(write.id);
  if (write.kind === 'set') batch.set(at, write.fields);
  else if (write.kind === 'merge') batch.set(at, write.fields, { merge: true });
  else if (write.kind === 'create') batch.create(at, write.fields);
  else if (write.kind === 'update') batch.update(at, write.path, write.to);
  else batch.delete(at, write.kind === 'delete' ? {} : { exists: true });
}

interface Ask {
  readonly where: readonly [string, WhereFilterOp, unknown] | null;
  readonly orderBy: readonly [string, OrderByDirection] | null;
  readonly limit: number | null;
}
/** Null and NaN are for (un)equal alone. */
const comparable = value.filter((each) => each !== null && !Number.isNaN(each));
const one = (...operators: readonly WhereFilterOp[]) => fc.constantFrom(...operators);
const ask: fc.Arbitrary<Ask> = fc.record({
  where: fc.option(
    fc.oneof(
      fc.tuple(field, one('==', '!='), value),
      fc.tuple(field, one('<', '<=', '>', '>=', 'array-contains'), comparable),
      fc.tuple(field, one('in', 'array-contains-any'), fc.array(comparable, { minLength: 1, maxLength: 3 })),
    ),
  ),
  orderBy: fc.option(fc.tuple(field, fc.constantFrom('asc', 'desc'))),
  limit: fc.option(fc.integer({ min: 1, max: 3 })),
});

function asked(of: CollectionReference, { where, orderBy, limit }: Ask): Query {
  let query: Query = of;
  if (where) query = query.where(...where);
  if (orderBy) query = query.orderBy(...orderBy);
  // The client's own order of what it hears forgets the one that is implied here.
  else if (where?.[1] === '!=') query = query.orderBy(where[0]);
  return limit === null ? query : query.limit(limit);
}

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
      { ...search(8), interruptAfterTimeLimit: 540_000 },
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
  const queries = asks.map((each) => asked(of, each));
  const listeners = queries.map(listen);
  const seen: unknown[] = [];
  try {
    // Google's emulator may lose what is written while a listener begins; ours is held to it by listeners.test.ts.
    for (const listener of listeners) await listener.reaches([]);
    for (const writes of commits) {
      const batch = db.batch();
      for (const each of writes) apply(batch, of, each);
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
    /** Waits until the results are what the query answers; else answers what they are. */
    async reaches(results: unknown): Promise<unknown> {
      const there = () => latest instanceof Error || isDeepStrictEqual(latest, results);
      await vi.waitUntil(there, 15_000).catch(() => undefined);
      if (!there() || latest instanceof Error) return { instead: latest };
      const told = changes;
      changes = [];
      return told;
    },
  };
}

function plain(snapshot: FirebaseFirestore.QuerySnapshot): unknown {
  return snapshot.docs.map((each) => [each.id, each.data()]);
}
