import type { Firestore } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { TombstoneStore } from './forgotten.ts';

/** Tombstones in Firestore, `forgotten/{hash}`, whose `set_at` and `forgotten_at` are RFC 3339 in UTC, and so sort as text. */
export function makeFirestoreTombstones(firestore: Firestore): TombstoneStore {
  return {
    async since(time) {
      try {
        const found = await firestore
          .collection(COLLECTIONS.forgotten)
          .where('set_at', '>', new Date(time).toISOString())
          .select('forgotten_at')
          .get();
        return new Map(
          found.docs.flatMap((document) => {
            const until = Date.parse(String(document.get('forgotten_at')));
            return Number.isNaN(until) ? [] : [[document.id, until] as const];
          }),
        );
      } catch (error) {
        throw new TransientError(`who is forgotten could not be read: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}
