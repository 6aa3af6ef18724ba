import type { Firestore } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { ProductStore } from './sinks/catalog.ts';

/**
 * The catalogue in Firestore, `catalog/{documentId(item_id)}`: one read and one write for each product of a batch, all in one
 * transaction.
 */
export function makeFirestoreProducts(firestore: Firestore): ProductStore {
  const collection = firestore.collection(COLLECTIONS.catalog);
  return {
    async upsert(products, asOf) {
      const references = products.map(({ item_id }) => collection.doc(documentId(item_id)));
      try {
        // What is read stays so until what follows from it is written: two files may be loaded at the same time.
        await firestore.runTransaction(async (transaction) => {
          const known = await transaction.getAll(...references, { fieldMask: ['updated_at'] });
          products.forEach((product, index) => {
            const since = Date.parse(String(known[index]?.get('updated_at') ?? ''));
            const reference = references[index];
            if (since > asOf || !reference) return;
            const fields = { ...product, updated_at: new Date(asOf).toISOString() };
            transaction.set(reference, fields, { merge: true });
          });
        });
      } catch (cause) {
        throw new TransientError(`the catalogue could not be written: ${messageOf(cause)}`, { cause });
      }
    },
  };
}
