import { invalid } from './storage-error.ts';

/** A `multipart/related` upload: the metadata part, and the bytes of the media part as they arrive. */
export interface MultipartUpload {
  readonly metadata: unknown;
  /** Lower-case names. */
  readonly mediaHeaders: Readonly<Record<string, string>>;
  /** To be read to its end, once. Rejects where the body ends before the closing boundary. */
  readonly media: AsyncIterable<Uint8Array>;
}

/** Bytes that the metadata part and each part's headers may have. */
const MAX_HEAD = 1024 * 1024;
const CR = 13;

/**
 * Reads a multipart upload without holding the media: https://cloud.google.com/storage/docs/uploading-objects#multipart
 * @throws StorageError 400 where the body is not of that form.
 */
export async function parseMultipart(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
): Promise<MultipartUpload> {
  // gcloud quotes by apostrophes, which no RFC knows and Cloud Storage takes.
  const boundary = /boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/i.exec(contentType ?? '');
  const name = boundary?.[1] ?? boundary?.[2] ?? boundary?.[3];
  if (name === undefined) throw invalid('The Content-Type of a multipart upload must name its boundary.');
  const reader = makeReader(body);
  await reader.readTo(Buffer.from(`--${name}`));
  // RFC 2046 wants CRLF; gcloud sends LF. The first line tells which, and content may end in either.
  const firstLine = await reader.readTo(Buffer.from('\n'));
  const newline = firstLine.at(-1) === CR ? '\r\n' : '\n';
  const delimiter = Buffer.from(`${newline}--${name}`);
  const blankLine = Buffer.from(newline + newline);
  reader.unread(Buffer.from(newline));
  await reader.readTo(blankLine);
  const json = await reader.readTo(delimiter);
  const head = await reader.readTo(blankLine);
  return { metadata: parseJson(json), mediaHeaders: parseHeaders(head), media: reader.streamTo(delimiter) };
}

/** Reads a stream of chunks up to delimiters. */
interface Reader {
  unread(bytes: Buffer): void;
  /** The bytes before the delimiter, which is taken too. */
  readTo(delimiter: Buffer): Promise<Buffer>;
  streamTo(delimiter: Buffer): AsyncIterable<Uint8Array>;
}

function makeReader(body: AsyncIterable<Uint8Array>): Reader {
  const chunks = body[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer> => {
    const next = await chunks.next();
    if (next.done) throw invalid('Malformed multipart body: it ends before its closing boundary.');
    return Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  };
  return {
    unread(bytes) {
      held = Buffer.concat([bytes, held]);
    },
    async readTo(delimiter) {
      for (;;) {
        const at = held.indexOf(delimiter);
        if (at >= 0) {
          const found = held.subarray(0, at);
          held = held.subarray(at + delimiter.length);
          return found;
        }
        if (held.length > MAX_HEAD) throw invalid('Malformed multipart body: a part has no end.');
        held = Buffer.concat([held, await more()]);
      }
    },
    async *streamTo(delimiter) {
      for (;;) {
        const at = held.indexOf(delimiter);
        if (at >= 0) {
          if (at > 0) yield held.subarray(0, at);
          // The rest is the epilogue: it is read, so that the client may finish sending.
          for (let next = await chunks.next(); !next.done; next = await chunks.next());
          return;
        }
        // The end may be the beginning of the delimiter.
        const safe = held.length - delimiter.length + 1;
        if (safe > 0) {
          yield held.subarray(0, safe);
          held = held.subarray(safe);
        }
        const next = await more();
        held = held.length === 0 ? next : Buffer.concat([held, next]);
      }
    },
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').trim() || '{}');
  } catch {
    throw invalid('Malformed multipart body: the first part must be the metadata, as JSON.');
  }
}

function parseHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of bytes.toString('latin1').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}
