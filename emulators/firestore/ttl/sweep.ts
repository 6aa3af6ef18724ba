import type { Backend } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { Micros } from '../values.ts';
import type { TtlPolicy } from './policies.ts';

/**
 * Deletes documents whose time has passed; what has changed since it was found stays, until the next sweep. Documents
 * below them stay, as in the service. https://firebase.google.com/docs/firestore/ttl
 * @returns how many were deleted
 */
export async function sweep(backend: Backend, policies: readonly TtlPolicy[], now: Micros): Promise<number> {
  let deleted = 0;
  for (const { database, collectionGroup, field } of policies) {
    const { documents } = await backend.query({
      parent: `${database}/documents`,
      collectionId: collectionGroup,
      allDescendants: true,
      where: { kind: 'field', field, op: 'LESS_THAN_OR_EQUAL', value: { kind: 'timestamp', micros: now } },
      orderBy: [],
      offset: 0,
    });
    const writes = documents.map(({ name, updateTime }) => ({
      kind: 'delete' as const,
      name,
      precondition: { kind: 'updateTime' as const, updateTime },
    }));
    const results = await backend.batchWrite(database, writes);
    deleted += results.filter((result) => !(result instanceof FirestoreError)).length;
  }
  return deleted;
}
