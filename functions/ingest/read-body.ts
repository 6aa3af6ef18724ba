import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import type { Deadlines } from './deadlines.ts';
import { Refusal } from './http.ts';

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** How long a client may take to send its body. */
  readonly deadlines: Deadlines;
}

const INFLATE: Readonly<Record<string, (data: Buffer, options: ZlibOptions) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Reads a request's body, inflated by its `Content-Encoding`. Neither what arrives nor what it inflates to is held
 * beyond `maxBytes`.
 * @throws Refusal 400 for a broken body, 408 for a slow one, 413 for a large one, 415 for an unknown encoding.
 */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const expand = Object.hasOwn(INFLATE, encoding) ? INFLATE[encoding] : undefined;
  if (encoding !== 'identity' && !expand) {
    throw new Refusal(415, `Content-Encoding is ${JSON.stringify(encoding)}; send gzip, deflate, br or none`);
  }
  if ((declaredBytes(request) ?? 0) > options.maxBytes) throw tooLarge(options.maxBytes);
  const body = await collect(request, options);
  if (!expand || body.length === 0) return body;
  try {
    return await expand(body, { maxOutputLength: options.maxBytes });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(options.maxBytes);
    throw new Refusal(400, `the body is not the ${encoding} that Content-Encoding says`, { cause });
  }
}

/** The `Content-Length` that the client declares; undefined for a body sent in chunks, or none. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function collect(request: IncomingMessage, { maxBytes, deadlines }: ReadBodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const inTime = deadlines.watch(() => end(new Refusal(408, 'the body did not arrive in time')));
    const end = (refusal?: Refusal): void => {
      inTime();
      request.off('data', take);
      if (!refusal) {
        const [whole] = chunks;
        resolve(whole && chunks.length === 1 ? whole : Buffer.concat(chunks, bytes));
        return;
      }
      // What still comes is read and dropped, so that the client gets to see the answer.
      request.resume();
      reject(refusal);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) end(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const broken = (): void => end(new Refusal(400, 'the connection ended before the body was complete'));
    request.on('data', take);
    request.once('end', () => end());
    request.once('error', broken);
    request.once('close', () => {
      if (!request.complete) broken();
    });
  });
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `the body exceeds ${maxBytes} bytes (inflated); send fewer events at a time`);
}
