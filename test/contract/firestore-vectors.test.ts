import {
  type CollectionReference,
  FieldValue,
  type Query,
  type VectorQueryOptions,
} from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FirestoreUnderTest, firestoreCandidates } from '../helpers/firestore-emulators.ts';

/** Searches for nearest vectors by the official client, against this project's emulator and against Google's. */

/** Points on a plane, and what is no result. */
const PLACES: Readonly<Record<string, object>> = {
  near: { at: FieldValue.vector([1, 0]), color: 'red' },
  far: { at: FieldValue.vector([3, 4]), color: 'red' },
  farther: { at: FieldValue.vector([-6, -8]), color: 'blue', in: { at: FieldValue.vector([0, 1]) } },
  zero: { at: FieldValue.vector([0, 0]), color: 'blue' },
  'three-dimensions': { at: FieldValue.vector([1, 0, 0]), color: 'red' },
  array: { at: [1, 0], color: 'red' },
  none: { color: 'red' },
};

type Search = Pick<VectorQueryOptions, 'distanceMeasure'> & Partial<VectorQueryOptions>;

for (const candidate of await firestoreCandidates()) {
  describe.skipIf(candidate.missing)(`Firestore's vectors, ${candidate.missing ?? candidate.name}`, () => {
    let emulator: FirestoreUnderTest;
    let places: CollectionReference;

    beforeAll(async () => {
      emulator = await candidate.start();
      places = emulator.db.collection('places');
      const batch = emulator.db.batch();
      for (const [id, place] of Object.entries(PLACES)) batch.set(places.doc(id), place);
      await batch.commit();
    });
    afterAll(() => emulator.close());

    /** Ids, and distances where they were asked for. */
    async function found(of: Query, search: Search): Promise<readonly unknown[]> {
      const { docs } = await of
        .findNearest({ vectorField: 'at', queryVector: [1, 1], limit: 10, ...search })
        .get();
      const field = search.distanceResultField;
      return docs.map((each) => (field === undefined ? each.id : [each.id, each.get(field)]));
    }

    it.each<[string, Search, readonly unknown[]]>([
      ['EUCLIDEAN', { distanceMeasure: 'EUCLIDEAN' }, ['near', 'zero', 'far', 'farther']],
      ['DOT_PRODUCT', { distanceMeasure: 'DOT_PRODUCT' }, ['far', 'near', 'zero', 'farther']],
      ['a limit', { distanceMeasure: 'EUCLIDEAN', limit: 1 }, ['near']],
      ['a threshold', { distanceMeasure: 'EUCLIDEAN', distanceThreshold: 1 }, ['near']],
      ['a threshold of products', { distanceMeasure: 'DOT_PRODUCT', distanceThreshold: 1 }, ['far', 'near']],
      [
        'distances',
        { distanceMeasure: 'EUCLIDEAN', queryVector: [0, 0], distanceResultField: 'd' },
        [
          ['zero', 0],
          ['near', 1],
          ['far', 5],
          ['farther', 10],
        ],
      ],
      [
        'products',
        { distanceMeasure: 'DOT_PRODUCT', distanceResultField: 'd', limit: 2 },
        [
          ['far', 7],
          ['near', 1],
        ],
      ],
      ['no results', { distanceMeasure: 'EUCLIDEAN', queryVector: [1] }, []],
    ])('are found by %s', async (_what, search, expected) => {
      expect(await found(places, search)).toEqual(expected);
    });

    // Google's emulator looks for vectors in the fields of documents only; the service, by any path.
    it.skipIf(candidate.name !== 'ours')('are found by a field in a map', async () => {
      expect(await found(places, { distanceMeasure: 'EUCLIDEAN', vectorField: 'in.at' })).toEqual([
        'farther',
      ]);
    });

    it('are found by their angle', async () => {
      const results = await found(places, {
        distanceMeasure: 'COSINE',
        queryVector: [3, 4],
        distanceResultField: 'd',
        distanceThreshold: 2,
      });
      const distances = new Map(results as readonly [string, number][]);
      expect(results[0]).toEqual(['far', expect.closeTo(0)]);
      expect(distances.get('near')).toBeCloseTo(0.4);
      expect(distances.get('farther')).toBeCloseTo(2);
    });

    it('are found among what a filter leaves, with the fields that are selected', async () => {
      const search = { distanceMeasure: 'EUCLIDEAN', distanceResultField: 'd' } as const;
      const red = places.where('color', '==', 'red');
      expect(await found(red, search)).toEqual([
        ['near', 1],
        ['far', Math.sqrt(13)],
      ]);
      const { docs } = await red
        .select('color', 'd')
        .findNearest({ vectorField: 'at', queryVector: [1, 0], limit: 1, ...search })
        .get();
      expect(docs.map((each) => each.data())).toEqual([{ color: 'red', d: 0 }]);
    });

    // At once, since the client asks five times before it gives up.
    it('are not found by more results than there may be, nor by too many dimensions', async () => {
      const refused: readonly Search[] = [
        { distanceMeasure: 'EUCLIDEAN', limit: 1001 },
        { distanceMeasure: 'EUCLIDEAN', queryVector: Array(2049).fill(1) },
      ];
      const answers = await Promise.allSettled(refused.map((search) => found(places, search)));
      expect(answers).toMatchObject(refused.map(() => ({ status: 'rejected', reason: { code: 3 } })));
    });
  });
}
