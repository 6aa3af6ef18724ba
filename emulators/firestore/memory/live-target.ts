import type { Access, Document, View } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { ListenEvent, Target } from '../listen.ts';
import { parseDocumentName } from '../paths.ts';
import { projected } from '../projection.ts';
import type { DocumentSource } from './document-store.ts';
import type { Change } from './history.ts';
import { planQuery } from './plan.ts';

/** What a listener's target means to its documents. */
export interface LiveTarget {
  /** Everything, for a client that has nothing. */
  all(source: DocumentSource, view: View): readonly ListenEvent[];
  /** What changes make of it, for a client that has what was before. */
  changed(changes: readonly Change[], source: DocumentSource, view: View): readonly ListenEvent[];
  /** Takes up where a client left off. @param former documents as they were then */
  resume(former: DocumentSource): { readonly count: number };
}

/** @throws FirestoreError INVALID_ARGUMENT, or PERMISSION_DENIED by the access, here and in every call */
export function makeLiveTarget(target: Target, access: Access | undefined): LiveTarget {
  return target.kind === 'documents' ? documentsTarget(target, access) : queryTarget(target, access);
}

function documentsTarget(target: Target & { kind: 'documents' }, access: Access | undefined): LiveTarget {
  const names = new Set(target.names);
  for (const name of names) parseDocumentName(name);
  const tell = (name: string, document: Document | undefined, view: View): ListenEvent => {
    access?.get(name, document, view);
    return document ? present(document, target.id) : gone(name, undefined, target.id, view);
  };
  return {
    all: (source, view) => [...names].map((name) => tell(name, source.get(name), view)),
    changed: (changes, _source, view) =>
      changes.filter(({ name }) => names.has(name)).map(({ name, after }) => tell(name, after, view)),
    resume: (former) => ({ count: [...names].filter((name) => former.get(name)).length }),
  };
}

function queryTarget(target: Target & { kind: 'query' }, access: Access | undefined): LiveTarget {
  const { id, query } = target;
  if (query.findNearest) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      'A search for nearest vectors cannot be listened to: run it as a query.',
    );
  }
  const plan = planQuery(query);
  const windowed = query.limit !== undefined || query.offset > 0;
  /** What the client has, where the window makes it depend on other documents. */
  let held: ReadonlyMap<string, Document> = new Map();

  const run = (source: DocumentSource) => {
    const documents = plan.run(source);
    if (windowed) held = new Map(documents.map((document) => [document.name, document]));
    return documents;
  };
  const tell = (document: Document, view: View): ListenEvent => {
    access?.list(query, document, view);
    return present(projected(document, query.select), id);
  };
  const fits = (document: Document | undefined) => document !== undefined && plan.matches(document);

  return {
    all(source, view) {
      access?.list(query, undefined, view);
      return run(source).map((document) => tell(document, view));
    },
    changed(changes, source, view) {
      const relevant = changes.filter(({ before, after }) => fits(before) || fits(after));
      if (relevant.length === 0) return [];
      if (!windowed) {
        return relevant.map(({ name, after }) =>
          after && fits(after) ? tell(after, view) : gone(name, after, id, view),
        );
      }
      const former = held;
      const fresh = run(source).filter((document) => former.get(document.name) !== document);
      const left = [...former.keys()].filter((name) => !held.has(name));
      return [
        ...left.map((name) => gone(name, source.get(name), id, view)),
        ...fresh.map((document) => tell(document, view)),
      ];
    },
    resume: (former) => ({ count: run(former).length }),
  };
}

function present(document: Document, id: number): ListenEvent {
  return { kind: 'change', document, targetIds: [id], removedTargetIds: [] };
}

/** A document that still exists but left is told with its contents, lest the client ask for it. */
function gone(name: string, document: Document | undefined, id: number, view: View): ListenEvent {
  return document
    ? { kind: 'change', document, targetIds: [], removedTargetIds: [id] }
    : { kind: 'delete', name, readTime: view.time, removedTargetIds: [id] };
}
