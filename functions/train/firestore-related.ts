import { type Firestore, Timestamp } from '@google-cloud/firestore';
import type { RelatedItems } from '../../model/related.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { RelatedStore } from './related.ts';

/** Writes under way at once. */
const AT_ONCE = 500;

/**
 * Lists by product in Firestore, `related/{documentId(item_id)}`, which pages read. Written at the pace that Firestore asks of a
 * collection that grows: 500 a second at first.
 */
export function makeFirestoreRelated(firestore: Firestore): RelatedStore {
  const collection = firestore.collection(COLLECTIONS.related);
  return {
    async write(lists: Iterable<RelatedItems>, { version, expiresAt }) {
      const failures: unknown[] = [];
      const writer = firestore.bulkWriter();
      let count = 0;
      for (const { item_id, similar, together } of lists) {
        const expires_at = Timestamp.fromMillis(expiresAt);
        const fields = { item_id, similar, together, model_version: version, expires_at };
        writer
          .set(collection.doc(documentId(item_id)), fields)
          .catch((error: unknown) => failures.push(error));
        count += 1;
        if (count % AT_ONCE === 0) await writer.flush();
      }
      await writer.close();
      if (failures.length > 0)
        throw new TransientError(
          `${failures.length} of ${count} lists by product could not be written: ${messageOf(failures[0])}`,
          { cause: failures[0] },
        );
      return count;
    },
  };
}
