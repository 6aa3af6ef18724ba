import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Compression, FileRefused } from './file-format.ts';

/** How many times its stored size a file may have inflated, once it has inflated beyond `FREE_BYTES`. */
const MAX_RATIO = 200;
const FREE_BYTES = 64 * 1024 * 1024;

/** The compressed data broke off: what came before it was given. */
export class BrokenCompression extends Error {
  override readonly name = 'BrokenCompression';
}

/** Which compression a file's first bytes show: RFC 1952, RFC 8878. */
export function compressionOf(head: Buffer): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

/**
 * Inflates a file's stored bytes, in bounded memory.
 * @throws BrokenCompression where they are cut off or broken; FileRefused where they inflate beyond `MAX_RATIO`;
 * whatever the source throws.
 */
export async function* decoded(
  stored: AsyncIterable<Buffer>,
  compression: Compression,
): AsyncGenerator<Buffer> {
  if (compression === 'none') {
    yield* stored;
    return;
  }
  let bytesIn = 0;
  let bytesOut = 0;
  let failure: { readonly error: unknown } | undefined;
  const counted = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stored) {
        bytesIn += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const inflater: Transform = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  // The error reaches whoever reads `inflater`.
  pipeline(Readable.from(counted(), { objectMode: false }), inflater, () => undefined);
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) {
      bytesOut += chunk.length;
      if (bytesOut > FREE_BYTES && bytesOut > bytesIn * MAX_RATIO) {
        throw new FileRefused(`its ${compression} data inflates to more than ${MAX_RATIO} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    if (failure) throw failure.error;
    const code = String((error as { code?: unknown }).code ?? '');
    if (!/^(Z_|ZSTD_)/.test(code)) throw error;
    throw new BrokenCompression(`the ${compression} data is broken or cut off`, { cause: error });
  } finally {
    inflater.destroy();
  }
}
