import type { Firestore } from '@google-cloud/firestore';
import { z } from 'zod';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { PendingErasure, Tombstones } from './ports.ts';

const Pending = z.object({
  person: z.object({
    userKey: z.string().optional(),
    visitors: z.array(z.string()),
    names: z.array(z.string()),
  }),
  until: z.string(),
});

/**
 * Tombstones in Firestore, `forgotten/{hash}`: `forgotten_at`, `set_at` and, until the sweep, `sweep_after` and the erasure to
 * repeat, which names the person; on the first hash alone.
 */
export function makeFirestoreTombstones(firestore: Firestore, clock: () => number): Tombstones {
  const collection = firestore.collection(COLLECTIONS.forgotten);

  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new TransientError(`the tombstones of a person could not be kept: ${messageOf(error)}`, {
        cause: error,
      });
    }
  };

  return {
    set: (hashes, pending, sweepAfter) =>
      explained(async () => {
        const batch = firestore.batch();
        const set_at = new Date(clock()).toISOString();
        hashes.forEach((hash, index) => {
          const erasure = index === 0 ? { sweep_after: sweepAfter, pending: JSON.stringify(pending) } : {};
          batch.set(collection.doc(hash), { forgotten_at: pending.until, set_at, ...erasure });
        });
        await batch.commit();
      }),

    due: (now) =>
      explained(async () => {
        const found = await collection.where('sweep_after', '<=', now).get();
        return found.docs.map(
          (document) => Pending.parse(JSON.parse(String(document.get('pending')))) as PendingErasure,
        );
      }),

    settle: (hashes) =>
      explained(async () => {
        const batch = firestore.batch();
        for (const document of await firestore.getAll(...hashes.map((hash) => collection.doc(hash)))) {
          const { forgotten_at, set_at } = document.data() ?? {};
          if (document.exists) batch.set(document.ref, { forgotten_at, set_at });
        }
        await batch.commit();
      }),
  };
}
