import { FirestoreError } from './firestore-error.ts';
import { compareText } from './text-order.ts';

/** A name below a database: `projects/P/databases/D/documents`, then collection and document ids in turn. */
export interface ResourcePath {
  /** `projects/P/databases/D` */
  readonly database: string;
  /** What follows `/documents/`: empty for the root, even for documents, odd for collections. */
  readonly segments: readonly string[];
}

/** Paths have 100 collections and as many documents at most. */
const MAX_SEGMENTS = 200;

const NAME = /^(projects\/[^/]+\/databases\/[^/]+)\/documents(?:\/(.*))?$/s;

/** @throws FirestoreError INVALID_ARGUMENT where it is no name, or a segment is empty, `.`, `..` or `__reserved__` */
export function parseResource(name: string): ResourcePath {
  const [, database, below] = NAME.exec(name) ?? [];
  if (database === undefined) {
    throw new FirestoreError('INVALID_ARGUMENT', `Document name "${name}" lacks "projects" at index 0.`);
  }
  const segments = below === undefined ? [] : below.split('/');
  if (segments.length > MAX_SEGMENTS) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      `Resource name "${name.slice(0, 100)}…" is nested too deeply.`,
    );
  }
  for (const segment of segments) checkSegment(segment, name);
  return { database, segments };
}

/** @throws FirestoreError INVALID_ARGUMENT where it is no document's name */
export function parseDocumentName(name: string): ResourcePath {
  const path = parseResource(name);
  if (path.segments.length === 0 || path.segments.length % 2 === 1) {
    throw new FirestoreError('INVALID_ARGUMENT', `Document name "${name}" has invalid trailing segments.`);
  }
  return path;
}

/** The full name of the collection a document is in. */
export function collectionOf(documentName: string): string {
  return documentName.slice(0, documentName.lastIndexOf('/'));
}

/** The last id of a name. */
export function lastId(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `projects/P/databases/D` of any name below it. */
export function databaseOf(name: string): string {
  return name.split('/', 4).join('/');
}

const NUMERIC_ID = /^__id(-?\d{1,19})__$/;
const RESERVED_ID = /^__.*__$/s;

/** Names in Firestore's order: id by id, by their UTF-8 bytes, but ids of the form `__id7__` first, by their number. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  let at = 0;
  while (at < shared && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  const start = a.lastIndexOf('/', at - 1) + 1;
  if (a.startsWith('__id', start) || b.startsWith('__id', start)) {
    const order = compareNumericIds(idAt(a, start), idAt(b, start));
    if (order !== 0) return order;
  }
  if (at === shared) return a.length - b.length;
  if (a[at] === '/') return -1;
  return b[at] === '/' ? 1 : compareText(a.slice(at), b.slice(at));
}

function idAt(name: string, start: number): string {
  const end = name.indexOf('/', start);
  return end === -1 ? name.slice(start) : name.slice(start, end);
}

/** 0 where neither id is a number. */
function compareNumericIds(a: string, b: string): number {
  const [left, right] = [NUMERIC_ID.exec(a)?.[1], NUMERIC_ID.exec(b)?.[1]];
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined);
  return BigInt(left) < BigInt(right) ? -1 : Number(BigInt(left) > BigInt(right));
}

/** Firestore's limit on an id, in bytes. */
const MAX_ID_BYTES = 1500;

function checkSegment(segment: string, name: string): void {
  const wrong = (why: string) => new FirestoreError('INVALID_ARGUMENT', `Resource name "${name}" ${why}`);
  if (segment === '') throw wrong('has an empty segment.');
  if (segment === '.' || segment === '..') throw wrong(`has the segment "${segment}", which is not allowed.`);
  if (RESERVED_ID.test(segment) && !NUMERIC_ID.test(segment)) {
    throw wrong(`is invalid because the resource id "${segment}" is reserved.`);
  }
  if (segment.length > MAX_ID_BYTES / 4 && Buffer.byteLength(segment) > MAX_ID_BYTES) {
    throw wrong(`has an id longer than ${MAX_ID_BYTES} bytes.`);
  }
}
