import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type BodyParts, makeBodyParts, tooLarge } from './body-parts.ts';
import type { Deadlines } from './deadlines.ts';
import { Refusal } from './http.ts';

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** How long a client may take to send its body. */
  readonly deadlines: Deadlines;
  /**
   * Told the bytes that are held, whenever they become more than the client declared: of a body in chunks, and of what
   * is inflated. @throws Refusal where there is no room for them
   */
  readonly grow: (bytes: number) => void;
}

const INFLATE: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/**
 * Reads a request's body, inflated by its `Content-Encoding`. Neither what arrives nor what it inflates to is held
 * beyond `maxBytes`.
 * @throws Refusal 400 for a broken body, 408 for a slow one, 413 for a large one, 415 for an unknown encoding, and what `grow` throws.
 */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<Buffer> {
  const { maxBytes, deadlines, grow } = options;
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const inflater = Object.hasOwn(INFLATE, encoding) ? INFLATE[encoding] : undefined;
  if (encoding !== 'identity' && !inflater) {
    throw new Refusal(415, `Content-Encoding is ${JSON.stringify(encoding)}; send gzip, deflate, br or none`);
  }
  const declared = declaredBytes(request) ?? 0;
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const body = await collect(request, makeBodyParts({ maxBytes, room: declared, grow }), deadlines);
  if (!inflater || body.length === 0) return body;
  const inflated = makeBodyParts({ maxBytes, room: 0, grow: (bytes) => grow(body.length + bytes) });
  try {
    return await inflate(body, inflater(), inflated);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, `the body is not the ${encoding} that Content-Encoding says`, { cause });
  }
}

/** The `Content-Length` that the client declares; undefined for a body sent in chunks, or none. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function collect(request: IncomingMessage, parts: BodyParts, deadlines: Deadlines): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const inTime = deadlines.watch(() => refuse(new Refusal(408, 'the body did not arrive in time')));
    const release = (): void => {
      inTime();
      request.off('data', add).off('end', end).off('error', broken).off('close', broken);
    };
    const end = (): void => {
      release();
      resolve(parts.take());
    };
    const refuse = (reason: unknown): void => {
      release();
      // What still comes is read and dropped, so that the client gets to see the answer.
      request.resume();
      reject(reason);
    };
    const broken = (): void => refuse(new Refusal(400, 'the connection ended before the body was complete'));
    const add = (part: Buffer): void => {
      try {
        parts.add(part);
      } catch (refusal) {
        refuse(refusal);
      }
    };
    request.on('data', add).on('end', end).on('error', broken).on('close', broken);
  });
}

function inflate(body: Buffer, inflater: Transform, parts: BodyParts): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflater.on('data', (part: Buffer) => {
      try {
        parts.add(part);
      } catch (refusal) {
        inflater.destroy(refusal as Refusal);
      }
    });
    inflater.once('end', () => resolve(parts.take()));
    inflater.once('error', reject);
    inflater.end(body);
  });
}
