import type { Backend, ListOptions, View } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { comparePaths, parseResource } from '../paths.ts';
import type { Query } from '../query.ts';
import { compareText } from '../text-order.ts';
import type { DocumentSource } from './document-store.ts';
import { planQuery } from './plan.ts';

const DEFAULT_PAGE_SIZE = 300;

type Entry = Awaited<ReturnType<Backend['list']>>['entries'][number];

/** What a listing reads, as a query. */
export function listedQuery({ parent, collectionId, orderBy = [] }: ListOptions): Query {
  return { parent, collectionId, allDescendants: false, orderBy, offset: 0 };
}

/** A page of documents. @throws FirestoreError INVALID_ARGUMENT, PERMISSION_DENIED */
export function listPage(
  options: ListOptions,
  source: DocumentSource,
  view: View,
): Awaited<ReturnType<Backend['list']>> {
  const query = listedQuery(options);
  options.access?.list(query, undefined, view);
  const documents = planQuery(query).run(source);
  const found: readonly Entry[] = documents.map((document) => ({ name: document.name, document }));
  const entries =
    options.showMissing && query.orderBy.length === 0
      ? [...found, ...missing(query, source)].sort((a, b) => comparePaths(a.name, b.name))
      : found;
  const start = firstOfPage(entries, options);
  const end = start + (options.pageSize || DEFAULT_PAGE_SIZE);
  const page = entries.slice(start, end);
  for (const { document } of page) if (document) options.access?.list(query, document, view);
  const last = end < entries.length ? page.at(-1) : undefined;
  return {
    entries: page,
    ...(last ? { nextPageToken: Buffer.from(last.name).toString('base64url') } : {}),
  };
}

/** Ids of the collections right below a parent, also where documents are only further below. */
export function collectionIds(parent: string, source: DocumentSource): readonly string[] {
  parseResource(parent);
  const ids = [...source.collections()].flatMap((name) => segmentBelow(parent, name) ?? []);
  return [...new Set(ids)].sort(compareText);
}

/** Names without document that have documents below them. */
function missing(query: Query, source: DocumentSource): readonly Entry[] {
  const names = new Set<string>();
  for (const collection of source.collections()) {
    const id = segmentBelow(query.parent, collection);
    if (id === undefined || (query.collectionId !== undefined && id !== query.collectionId)) continue;
    const name = segmentBelow(`${query.parent}/${id}`, collection);
    if (name !== undefined) names.add(`${query.parent}/${id}/${name}`);
  }
  return [...names].flatMap((name) => (source.get(name) ? [] : [{ name, document: undefined }]));
}

/** The segment of a name that follows a parent's. */
function segmentBelow(parent: string, name: string): string | undefined {
  if (!name.startsWith(`${parent}/`)) return undefined;
  const below = name.slice(parent.length + 1);
  const end = below.indexOf('/');
  return end === -1 ? below : below.slice(0, end);
}

function firstOfPage(entries: readonly Entry[], { pageToken, orderBy = [] }: ListOptions): number {
  if (!pageToken) return 0;
  const last = Buffer.from(pageToken, 'base64url').toString();
  const index = orderBy.length
    ? entries.findIndex(({ name }) => name === last) + 1
    : entries.findIndex(({ name }) => comparePaths(name, last) > 0);
  if (index > 0 || orderBy.length === 0) return index === -1 ? entries.length : index;
  throw new FirestoreError(
    'INVALID_ARGUMENT',
    'The document that the page token names is gone: list from the start.',
  );
}
