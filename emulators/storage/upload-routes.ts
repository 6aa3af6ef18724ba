import type { Context, Hono } from 'hono';
import { checkDigest, type ExpectedChecksums, parseGoogHash } from './checksums.ts';
import { parseContentRange } from './content-range.ts';
import { parseMultipart } from './multipart.ts';
import type { NewObject, ObjectFields, ObjectStore, StoredObject } from './object-store.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { baseOf, bodyOf, jsonOf, pathPart } from './request.ts';
import { fieldsOf, objectResource, parseMetadata } from './resources.ts';
import { invalid } from './storage-error.ts';
import type { UploadSessions } from './upload-sessions.ts';

const PATH = '/upload/storage/v1/b/:bucket/o';
const DEFAULT_TYPE = 'application/octet-stream';
/** Cloud Storage's own answer to a cancelled upload. */
const CANCELLED = 499;

/** Uploads, simple, multipart and resumable: https://cloud.google.com/storage/docs/json_api/v1/objects/insert */
export function addUploadRoutes(app: Hono, store: ObjectStore, sessions: UploadSessions): void {
  app.post(PATH, async (c) => {
    store.bucket(pathPart(c, 'bucket'));
    const type = c.req.query('uploadType');
    if (c.req.query('upload_id') !== undefined) return continueUpload(c, sessions);
    if (type === 'media') return simpleUpload(c, store);
    if (type === 'multipart') return multipartUpload(c, store);
    if (type === 'resumable') return startUpload(c, store, sessions);
    throw invalid(`Invalid uploadType "${type ?? ''}": it must be media, multipart or resumable.`);
  });
  app.put(PATH, (c) => continueUpload(c, sessions));
  app.delete(PATH, async (c) => {
    await sessions.cancel(c.req.query('upload_id') ?? '');
    return new Response(null, { status: CANCELLED });
  });
}

async function simpleUpload(c: Context, store: ObjectStore): Promise<Response> {
  const { object } = target(c, {}, c.req.header('content-type'));
  return answer(c, await take(store, bodyOf(c), object, parseGoogHash(c.req.header('x-goog-hash'))));
}

async function multipartUpload(c: Context, store: ObjectStore): Promise<Response> {
  const { metadata, mediaHeaders, media } = await parseMultipart(c.req.header('content-type'), bodyOf(c));
  const { object, expected } = target(c, metadata, mediaHeaders['content-type']);
  return answer(
    c,
    await take(store, media, object, { ...expected, ...defined(parseGoogHash(c.req.header('x-goog-hash'))) }),
  );
}

async function startUpload(c: Context, store: ObjectStore, sessions: UploadSessions): Promise<Response> {
  const { object, expected } = target(c, await jsonOf(c), c.req.header('x-upload-content-type'));
  // What fails already need not be sent; it is checked again when the bytes are here.
  checkPreconditions(object.conditions, store.find(object.bucket, object.name));
  const id = await sessions.start(object, expected);
  const query = new URLSearchParams({ uploadType: 'resumable', name: object.name, upload_id: id });
  const location = `${baseOf(c)}/upload/storage/v1/b/${object.bucket}/o?${query}`;
  return new Response(null, {
    status: 200,
    headers: { location, 'x-guploader-uploadid': id, 'content-length': '0' },
  });
}

async function continueUpload(c: Context, sessions: UploadSessions): Promise<Response> {
  const range = parseContentRange(c.req.header('content-range'));
  if (range === 'malformed')
    throw invalid(`Failed to parse Content-Range header "${c.req.header('content-range')}".`);
  const expected = parseGoogHash(c.req.header('x-goog-hash'));
  const state = await sessions.receive(c.req.query('upload_id') ?? '', range, bodyOf(c), expected);
  if (state.kind === 'complete') return answer(c, state.object);
  const headers: Record<string, string> =
    state.received === 0 ? {} : { range: `bytes=0-${state.received - 1}` };
  return new Response(null, { status: 308, headers: { ...headers, 'content-length': '0' } });
}

/** The object that a request's path, query and metadata name. */
function target(
  c: Context,
  json: unknown,
  mediaType: string | undefined,
): { readonly object: NewObject; readonly expected: ExpectedChecksums } {
  const { name: nameInJson, md5Hash, crc32c } = parseMetadata(json);
  const name = c.req.query('name') ?? nameInJson ?? '';
  checkName(name);
  const encoding = c.req.query('contentEncoding');
  const fields: ObjectFields = {
    contentType: mediaType ?? DEFAULT_TYPE,
    ...(encoding === undefined ? {} : { contentEncoding: encoding }),
    ...fieldsOf(json),
  };
  const conditions = parsePreconditions(c.req.query());
  return {
    object: { bucket: pathPart(c, 'bucket'), name, fields, conditions },
    expected: defined({ md5Hash, crc32c }),
  };
}

/** @throws StorageError 400 for what Cloud Storage takes for no name: https://cloud.google.com/storage/docs/objects#naming */
export function checkName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > 1024)
    throw invalid(`The object name has ${bytes} bytes; 1 to 1024 are allowed.`);
  if (
    !name.isWellFormed() ||
    /[\r\n]/.test(name) ||
    name === '.' ||
    name === '..' ||
    name.startsWith('.well-known/acme-challenge/')
  )
    throw invalid(`Invalid object name "${name}".`);
}

async function take(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  object: NewObject,
  expected: ExpectedChecksums,
): Promise<StoredObject> {
  const blob = await store.newBlob();
  try {
    await blob.append(body);
    checkDigest(blob.digest(), expected);
    return await store.put(blob, object);
  } finally {
    await blob.discard();
  }
}

function answer(c: Context, object: StoredObject): Response {
  return c.json(objectResource(object, baseOf(c)));
}

function defined(checksums: ExpectedChecksums): ExpectedChecksums {
  return Object.fromEntries(Object.entries(checksums).filter(([, value]) => value !== undefined));
}
