import type { Document } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { collectionOf, comparePaths, lastId } from '../paths.ts';
import { inScope } from '../scope.ts';
import type { Micros } from '../values.ts';
import type { DocumentSource } from './document-store.ts';

/** What one commit did to one document. */
export interface Change {
  readonly name: string;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

/** The latest changes: by them reads go back in time, and listeners take up where they left off. */
export interface History {
  record(time: Micros, changes: readonly Change[]): void;
  /** Documents that changed after a time, as they were then. Undefined where that is too long ago. */
  since(time: Micros): ReadonlyMap<string, Document | undefined> | undefined;
  /** @throws FirestoreError FAILED_PRECONDITION where the time is too long ago */
  at(time: Micros, current: DocumentSource): DocumentSource;
}

/**
 * @param begins when the store began: what was before is unknown
 * @param kept changes that are kept, at the least; at most twice as many
 */
export function makeHistory(begins: Micros, kept = 10_000): History {
  let known = begins;
  let log: (Change & { readonly time: Micros })[] = [];

  function since(time: Micros): ReadonlyMap<string, Document | undefined> | undefined {
    if (time < known) return undefined;
    const before = new Map<string, Document | undefined>();
    for (let index = log.length - 1; index >= 0; index--) {
      const change = log[index];
      if (change === undefined || change.time <= time) break;
      before.set(change.name, change.before);
    }
    return before;
  }

  return {
    record(time, changes) {
      for (const change of changes) log.push({ ...change, time });
      if (log.length <= kept * 2) return;
      const dropped = log.length - kept;
      known = log[dropped - 1]?.time ?? known;
      log = log.slice(dropped);
    },
    since,
    at(time, current) {
      const changed = since(time);
      if (changed === undefined) {
        throw new FirestoreError(
          'FAILED_PRECONDITION',
          'The requested snapshot version is too old: read at a later time.',
        );
      }
      return changed.size === 0 ? current : withChanges(current, changed);
    },
  };
}

/** A source as it was before some of its documents changed. */
function withChanges(
  current: DocumentSource,
  changed: ReadonlyMap<string, Document | undefined>,
): DocumentSource {
  return {
    get: (name) => (changed.has(name) ? changed.get(name) : current.get(name)),
    scan(scope) {
      const kept = current.scan(scope).filter(({ name }) => !changed.has(name));
      const former = [...changed.values()].filter((each) => each !== undefined);
      return [...kept, ...former.filter(({ name }) => inScope(name, scope))].sort((a, b) =>
        comparePaths(a.name, b.name),
      );
    },
    collections() {
      const former = [...changed].flatMap(([name, each]) => (each ? [collectionOf(name)] : []));
      const kept = [...current.collections()].filter((collection) => {
        const scope = {
          parent: collectionOf(collection),
          collectionId: lastId(collection),
          allDescendants: false,
        };
        return current.scan(scope).some(({ name }) => !changed.has(name));
      });
      return new Set([...kept, ...former]);
    },
  };
}
