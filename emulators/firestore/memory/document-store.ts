import type { Document } from '../backend.ts';
import { collectionOf, comparePaths } from '../paths.ts';
import { collectionInScope, type Scope, soleCollection } from '../scope.ts';

/** Documents to read, as of one time. */
export interface DocumentSource {
  get(name: string): Document | undefined;
  /** The documents of a scope, by name. */
  scan(scope: Scope): readonly Document[];
  /** Full names of the collections that have documents. */
  collections(): Iterable<string>;
}

/** The current documents, in memory. */
export interface DocumentStore extends DocumentSource {
  put(document: Document): void;
  remove(name: string): void;
  all(): Iterable<Document>;
}

interface Collection {
  readonly documents: Map<string, Document>;
  /** Names in order; undefined since a document came or went. */
  names: readonly string[] | undefined;
}

export function makeDocumentStore(): DocumentStore {
  const collections = new Map<string, Collection>();
  const find = (name: string) => collections.get(collectionOf(name));
  return {
    get: (name) => find(name)?.documents.get(name),
    scan(scope) {
      const sole = soleCollection(scope);
      if (sole !== undefined) return inOrder(collections.get(sole));
      const found = [...collections].filter(([name]) => collectionInScope(name, scope));
      const documents = found.flatMap(([, collection]) => inOrder(collection));
      return found.length > 1 ? documents.sort((a, b) => comparePaths(a.name, b.name)) : documents;
    },
    collections: () => collections.keys(),
    put(document) {
      let collection = find(document.name);
      if (!collection) {
        collection = { documents: new Map(), names: undefined };
        collections.set(collectionOf(document.name), collection);
      }
      if (!collection.documents.has(document.name)) collection.names = undefined;
      collection.documents.set(document.name, document);
    },
    remove(name) {
      const collection = find(name);
      if (!collection?.documents.delete(name)) return;
      collection.names = undefined;
      if (collection.documents.size === 0) collections.delete(collectionOf(name));
    },
    *all() {
      for (const { documents } of collections.values()) yield* documents.values();
    },
  };
}

function inOrder(collection: Collection | undefined): readonly Document[] {
  if (!collection) return [];
  collection.names ??= [...collection.documents.keys()].sort(comparePaths);
  return collection.names.flatMap((name) => collection.documents.get(name) ?? []);
}
