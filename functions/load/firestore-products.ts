import type { Firestore } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { ProductStore } from './sinks/catalog.ts';

/** The catalogue in Firestore, `catalog/{documentId(item_id)}`: one read and one write for each product of a batch. */
export function makeFirestoreProducts(firestore: Firestore): ProductStore {
  const collection = firestore.collection(COLLECTIONS.catalog);
  return {
    async upsert(products, asOf) {
      const references = products.map(({ item_id }) => collection.doc(documentId(item_id)));
      try {
        const known = await firestore.getAll(...references, { fieldMask: ['updated_at'] });
        const batch = firestore.batch();
        products.forEach((product, index) => {
          const since = Date.parse(String(known[index]?.get('updated_at') ?? ''));
          const reference = references[index];
          if (since > asOf || !reference) return;
          batch.set(reference, { ...product, updated_at: new Date(asOf).toISOString() }, { merge: true });
        });
        await batch.commit();
      } catch (cause) {
        throw new TransientError(`the catalogue could not be written: ${messageOf(cause)}`, { cause });
      }
    },
  };
}
