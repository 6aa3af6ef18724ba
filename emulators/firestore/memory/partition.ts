import type { Document } from '../backend.ts';
import { isNamePath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { Cursor, Query } from '../query.ts';

/**
 * Names at which a collection group parts into `count` + 1 parts of like size, or fewer.
 * @throws FirestoreError INVALID_ARGUMENT where the query has more than an order by name
 */
export function partitionCursors(
  query: Query,
  documents: readonly Document[],
  count: number,
): readonly Cursor[] {
  const plain =
    !query.where && query.orderBy.every(({ field, descending }) => isNamePath(field) && !descending);
  if (!query.allDescendants || !plain) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      'Only collection groups ordered by __name__, without filters, can be partitioned.',
    );
  }
  if (count <= 0) throw new FirestoreError('INVALID_ARGUMENT', 'partition_count is not positive.');
  const parts = Math.min(count + 1, documents.length);
  return Array.from({ length: Math.max(parts - 1, 0) }, (_, index) => {
    const document = documents[Math.floor(((index + 1) * documents.length) / parts)];
    return { values: document ? [{ kind: 'reference', name: document.name }] : [], before: true };
  });
}
