import { FirestoreError } from '../firestore-error.ts';
import type { Message } from '../wire/form.ts';
import { messageOf } from '../wire/plain.ts';
import { parseJson } from './http.ts';

/** A method of google.firestore.v1.Firestore, and its request in JSON form. */
export interface RestRequest {
  readonly method: string;
  readonly message: Message;
}

/** What clients send, as far as it matters. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

const PREFIX = /^\/v1\/(projects\/[^/]+\/databases\/[^/]+)\/documents(?:\/(.*?))?(?::([a-zA-Z]+))?$/s;

/** Methods on the whole database, and those below a document or the root, by what follows the colon. */
const ON_DATABASE: Readonly<Record<string, string>> = {
  batchGet: 'BatchGetDocuments',
  batchWrite: 'BatchWrite',
  beginTransaction: 'BeginTransaction',
  commit: 'Commit',
  rollback: 'Rollback',
};
const ON_PARENT: Readonly<Record<string, string>> = {
  listCollectionIds: 'ListCollectionIds',
  partitionQuery: 'PartitionQuery',
  runAggregationQuery: 'RunAggregationQuery',
  runQuery: 'RunQuery',
};

/**
 * What a request over REST asks for: https://firebase.google.com/docs/firestore/reference/rest
 * @returns undefined for paths that are not of this API
 * @throws FirestoreError NOT_FOUND, INVALID_ARGUMENT
 */
export function readRestRequest({ method, url, body }: HttpRequest): RestRequest | undefined {
  const [, database, encoded = '', verb] = PREFIX.exec(url.pathname) ?? [];
  if (database === undefined) return undefined;
  const decodedDatabase = decode(database);
  const segments = encoded === '' ? [] : encoded.split('/').map(decode);
  const name = [`${decodedDatabase}/documents`, ...segments].join('/');
  if (verb !== undefined) {
    if (method !== 'POST') throw unknown(method, url);
    const message = bodyOf(body);
    const onDatabase = ON_DATABASE[verb];
    if (onDatabase && segments.length === 0)
      return { method: onDatabase, message: { ...message, database: decodedDatabase } };
    const onParent = ON_PARENT[verb];
    if (onParent && segments.length % 2 === 0)
      return { method: onParent, message: { ...message, parent: name } };
    throw unknown(method, url);
  }
  if (segments.length === 0) throw unknown(method, url);
  return segments.length % 2 === 0
    ? onDocument(method, name, url, body)
    : onCollection(method, name, url, body);
}

function onDocument(method: string, name: string, url: URL, body: string): RestRequest {
  const query = url.searchParams;
  switch (method) {
    case 'GET':
      return {
        method: 'GetDocument',
        message: { name, ...mask('mask', query), ...given(query, 'transaction', 'readTime') },
      };
    case 'PATCH':
      return {
        method: 'UpdateDocument',
        message: {
          document: { ...bodyOf(body), name },
          ...mask('updateMask', query),
          ...mask('mask', query),
          ...precondition(query),
        },
      };
    case 'DELETE':
      return { method: 'DeleteDocument', message: { name, ...precondition(query) } };
    default:
      throw unknown(method, url);
  }
}

function onCollection(method: string, name: string, url: URL, body: string): RestRequest {
  const query = url.searchParams;
  const slash = name.lastIndexOf('/');
  const place = { parent: name.slice(0, slash), collectionId: name.slice(slash + 1) };
  if (method === 'POST') {
    const message = {
      ...place,
      ...given(query, 'documentId'),
      document: bodyOf(body),
      ...mask('mask', query),
    };
    return { method: 'CreateDocument', message };
  }
  if (method !== 'GET') throw unknown(method, url);
  return {
    method: 'ListDocuments',
    message: {
      ...place,
      ...mask('mask', query),
      ...given(query, 'pageSize', 'pageToken', 'orderBy', 'transaction', 'readTime'),
      showMissing: query.get('showMissing') === 'true',
    },
  };
}

function bodyOf(body: string): Message {
  return body.trim() === '' ? {} : messageOf(parseJson(body), 'body');
}

function given(query: URLSearchParams, ...names: readonly string[]): Message {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
}

function mask(name: string, query: URLSearchParams): Message {
  const fieldPaths = query.getAll(`${name}.fieldPaths`);
  return fieldPaths.length === 0 ? {} : { [name]: { fieldPaths } };
}

function precondition(query: URLSearchParams): Message {
  const exists = query.get('currentDocument.exists');
  if (exists !== null) return { currentDocument: { exists: exists === 'true' } };
  const updateTime = query.get('currentDocument.updateTime');
  return updateTime === null ? {} : { currentDocument: { updateTime } };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new FirestoreError('INVALID_ARGUMENT', `The path has a malformed segment: ${segment}`);
  }
}

function unknown(method: string, url: URL): FirestoreError {
  return new FirestoreError('NOT_FOUND', `Firestore has no ${method} ${url.pathname}`);
}
