import { open } from 'node:fs/promises';

/** A file's bytes as stored, wherever they are. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` to before `end`; all of them by default. */
  read(range?: { readonly start: number; readonly end?: number }): AsyncIterable<Buffer>;
}

/** A file on disk. @throws where it cannot be read */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return { size, read: (range) => readPart(path, range) };
  } finally {
    await file.close();
  }
}

async function* readPart(
  path: string,
  { start, end }: { start: number; end?: number } = { start: 0 },
): AsyncGenerator<Buffer> {
  if (end !== undefined && end <= start) return;
  const file = await open(path);
  // A stream's end is inclusive; it closes the file.
  yield* file.createReadStream({ start, ...(end === undefined ? {} : { end: end - 1 }) });
}

/** Bytes in memory, given in pieces of `size`. */
export function bufferSource(bytes: Buffer, size = 64 * 1024): ByteSource {
  return {
    size: bytes.length,
    async *read({ start, end = bytes.length } = { start: 0 }) {
      for (let at = start; at < Math.min(end, bytes.length); at += size) {
        yield bytes.subarray(at, Math.min(at + size, end));
      }
    },
  };
}
