import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { csv } from './csv.ts';
import { ndjson } from './ndjson.ts';
import type { Format, Row } from './row.ts';

/** Bytes at the start of a file by which its format is told. */
const SAMPLE = 4_096;

/** Reads the records of a file one by one; see `readRowGroups`. */
export async function* readRows(source: string | Readable): AsyncGenerator<Row> {
  for await (const group of readRowGroups(source)) yield* group;
}

/**
 * Reads the records of a file given by its path or as a stream, in groups: gzip or plain, NDJSON, CSV or TSV, each
 * told by content and not by name. Broken gzip ends in an unreadable record after those that could be read.
 * @throws what the stream throws, where bytes cannot be fetched.
 */
export async function* readRowGroups(source: string | Readable): AsyncGenerator<readonly Row[]> {
  const input = typeof source === 'string' ? createReadStream(source) : source;
  const { head, bytes } = await peek(input);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const plain = gzip ? await peek(inflated(bytes)) : { head, bytes };
  let position = 0;
  try {
    for await (const group of formatOf(plain.head)(plain.bytes)) {
      position = group.at(-1)?.position ?? position;
      yield group;
    }
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw error;
    const message = `the gzip data is broken or cut off after record ${position}; what follows was not read`;
    yield [{ position: position + 1, unreadable: { message, text: '' } }];
  }
}

function inflated(bytes: AsyncIterable<Buffer>): Readable {
  const gunzip = createGunzip();
  // The error reaches whoever reads `gunzip`.
  pipeline(Readable.from(bytes, { objectMode: false }), gunzip, () => undefined);
  return gunzip;
}

/** An object opens NDJSON; else it is a table, whose delimiter is the one its first line has most of. */
function formatOf(head: Buffer): Format {
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  if (/^\s*\{/.test(text)) return ndjson;
  const first = text.split('\n', 1)[0] ?? '';
  const delimiters = [',', '\t', ';', '|'].map((mark) => ({ mark, count: first.split(mark).length }));
  const best = delimiters.reduce((most, each) => (each.count > most.count ? each : most));
  return csv(best.mark);
}

/** The first bytes, and all of them. */
async function peek(
  input: Readable,
): Promise<{ readonly head: Buffer; readonly bytes: AsyncIterable<Buffer> }> {
  const iterator = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const held: Buffer[] = [];
  let size = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    while (size < SAMPLE) {
      const next = await iterator.next();
      if (next.done) break;
      held.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    failure = { error };
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* held.splice(0);
      if (failure) throw failure.error;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      input.destroy();
    }
  };
  return { head: Buffer.concat(held).subarray(0, SAMPLE), bytes: all() };
}
