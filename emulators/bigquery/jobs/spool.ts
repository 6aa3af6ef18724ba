import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** A folder for files that a job passes through; gone when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bigquery-job-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes bytes to a file, unpacked where they are gzip. @returns bytes that came */
export async function spool(bytes: AsyncIterable<Uint8Array>, file: string): Promise<number> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  let size = 0;
  const all = async function* (): AsyncGenerator<Uint8Array> {
    for (let next = first; !next.done; next = await chunks.next()) {
      size += next.value.length;
      yield next.value;
    }
  };
  const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  const source = Readable.from(all(), { objectMode: false });
  const target = createWriteStream(file);
  await (isGzip ? pipeline(source, createGunzip(), target) : pipeline(source, target));
  return size;
}
