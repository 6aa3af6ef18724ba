import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Context } from 'hono';
import { parseRange } from './byte-range.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { etagOf } from './resources.ts';

/**
 * Answers with an object's bytes, whole or the part that `Range` asks for. An object stored as gzip is unpacked for a
 * client that does not accept gzip: https://cloud.google.com/storage/docs/transcoding
 */
export async function download(c: Context, store: ObjectStore, object: StoredObject): Promise<Response> {
  const headers = headersOf(object);
  if (isToBeUnpacked(c, object)) {
    headers.delete('content-encoding');
    headers.set('warning', '214 UploadServer gunzipped');
    return stream((await store.read(object)).pipe(createGunzip()), 200, headers);
  }
  const range = parseRange(c.req.header('range'), object.size);
  if (range === 'unsatisfiable') {
    return new Response('The requested range cannot be satisfied.', {
      status: 416,
      headers: { 'content-range': `bytes */${object.size}` },
    });
  }
  headers.set('accept-ranges', 'bytes');
  if (range === 'whole') {
    headers.set('content-length', String(object.size));
    return stream(await store.read(object), 200, headers);
  }
  headers.set('content-length', String(range.end - range.start + 1));
  headers.set('content-range', `bytes ${range.start}-${range.end}/${object.size}`);
  return stream(await store.read(object, range), 206, headers);
}

function isToBeUnpacked(c: Context, { fields }: StoredObject): boolean {
  const accepted = c.req.header('accept-encoding') ?? '';
  return (
    fields.contentEncoding === 'gzip' &&
    !accepted.includes('gzip') &&
    !(fields.cacheControl ?? '').includes('no-transform')
  );
}

function headersOf(object: StoredObject): Headers {
  const { fields } = object;
  const hashes = [
    `crc32c=${object.crc32c}`,
    ...(object.md5Hash === undefined ? [] : [`md5=${object.md5Hash}`]),
  ];
  const headers = new Headers({
    'content-type': fields.contentType ?? 'application/octet-stream',
    'cache-control': fields.cacheControl ?? 'no-cache, no-store, max-age=0, must-revalidate',
    etag: etagOf(object),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': object.generation,
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-hash': hashes.join(','),
    'x-goog-storage-class': 'STANDARD',
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.size),
  });
  if (fields.contentEncoding) headers.set('content-encoding', fields.contentEncoding);
  if (fields.contentDisposition) headers.set('content-disposition', fields.contentDisposition);
  if (fields.contentLanguage) headers.set('content-language', fields.contentLanguage);
  return headers;
}

function stream(bytes: Readable, status: number, headers: Headers): Response {
  return new Response(Readable.toWeb(bytes) as ReadableStream, { status, headers });
}
