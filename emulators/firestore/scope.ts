import { collectionOf, lastId } from './paths.ts';
import type { Query } from './query.ts';

/** The collections that a query reads. */
export type Scope = Pick<Query, 'parent' | 'collectionId' | 'allDescendants'>;

/** The one collection of a scope by its full name; undefined where there may be several. */
export function soleCollection({ parent, collectionId, allDescendants }: Scope): string | undefined {
  return collectionId === undefined || allDescendants ? undefined : `${parent}/${collectionId}`;
}

/** Whether documents of a collection, by its full name, are in a scope. */
export function collectionInScope(collection: string, scope: Scope): boolean {
  const sole = soleCollection(scope);
  if (sole !== undefined) return collection === sole;
  if (!collection.startsWith(`${scope.parent}/`)) return false;
  if (!scope.allDescendants) return !collection.includes('/', scope.parent.length + 1);
  return scope.collectionId === undefined || lastId(collection) === scope.collectionId;
}

/** Whether a document is in a scope, by its name. */
export function inScope(documentName: string, scope: Scope): boolean {
  return collectionInScope(collectionOf(documentName), scope);
}
