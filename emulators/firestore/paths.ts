import { FirestoreError } from './firestore-error.ts';
import { compareText } from './text-order.ts';

/** A name below a database: `projects/P/databases/D/documents`, then collection and document ids in turn. */
export interface ResourcePath {
  /** `projects/P/databases/D` */
  readonly database: string;
  /** What follows `/documents/`: empty for the root, even for documents, odd for collections. */
  readonly segments: readonly string[];
}

const NAME = /^(projects\/[^/]+\/databases\/[^/]+)\/documents(?:\/(.*))?$/s;

/** @throws FirestoreError INVALID_ARGUMENT where it is no name, or a segment is empty, `.`, `..` or `__reserved__` */
export function parseResource(name: string): ResourcePath {
  const [, database, below] = NAME.exec(name) ?? [];
  if (database === undefined) {
    throw new FirestoreError('INVALID_ARGUMENT', `Document name "${name}" lacks "projects" at index 0.`);
  }
  const segments = below === undefined ? [] : below.split('/');
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

/** Document names in Firestore's order: id by id, ids of the form `__id7__` first, by number. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareIds(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const NUMERIC_ID = /^__id(-?\d+)__$/;
const RESERVED_ID = /^__.*__$/s;

function compareIds(a: string, b: string): number {
  if (a.startsWith('__id') || b.startsWith('__id')) {
    const [left, right] = [NUMERIC_ID.exec(a)?.[1], NUMERIC_ID.exec(b)?.[1]];
    if (left !== undefined && right !== undefined) return Number(BigInt(left) - BigInt(right));
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
  }
  return compareText(a, b);
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
