import { type ByteSource, fileSource } from './byte-source.ts';
import { BrokenCompression, compressionOf, decoded } from './decoded.ts';
import { type FileFormat, FileRefused, type FormatHints } from './file-format.ts';
import { inspect, SAMPLE_BYTES } from './inspect.ts';
import { openParquet } from './parquet.ts';
import { readRecords } from './read-records.ts';
import type { Place, Row } from './row.ts';

/**
 * Tells how a file is to be read, by its content. Undefined for one without any record.
 * @throws FileRefused, and whatever the source throws
 */
export async function formatOf(source: ByteSource, hints?: FormatHints): Promise<FileFormat | undefined> {
  const end = Math.min(SAMPLE_BYTES, source.size);
  const head = await take(source.read({ start: 0, end }), SAMPLE_BYTES);
  const compression = compressionOf(head);
  // The first block of compressed data may be longer than the sample.
  const sample =
    compression === 'none' ? head : await take(decoded(source.read(), compression), SAMPLE_BYTES);
  return inspect(sample, compression, hints);
}

/** Which part of a file: from a record's place to before another's `offset`; both of the decoded file. */
export interface Part {
  readonly from: Place;
  readonly until?: number | undefined;
}

/**
 * Reads a part of a file in groups of records. Compressed files are decoded from their beginning, and have no end but
 * their own.
 * @param columns the only ones wanted, where the format can tell them apart cheaply
 */
export async function* readRowGroups(
  source: ByteSource,
  format: FileFormat,
  { from, until }: Part,
  columns?: readonly string[],
): AsyncGenerator<readonly Row[]> {
  if (format.kind === 'parquet') {
    const file = await openParquet(source, format.compression);
    yield* file.rows(from.offset, until ?? Number.POSITIVE_INFINITY, columns);
    return;
  }
  const plain = format.compression === 'none';
  const range = { start: from.offset, ...(until === undefined ? {} : { end: until }) };
  yield* readRecords(plain ? source.read(range) : source.read(), format, from);
}

/**
 * The records of a file on disk, one by one.
 * @throws FileRefused, and where the file cannot be read
 */
export async function* readRows(path: string, hints?: FormatHints): AsyncGenerator<Row> {
  const source = await fileSource(path);
  const format = await formatOf(source, hints);
  if (!format) return;
  for await (const group of readRowGroups(source, format, { from: format.start })) yield* group;
}

/** The first bytes; what a broken compression gave until it broke. */
async function take(chunks: AsyncIterable<Buffer>, bytes: number): Promise<Buffer> {
  const held: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      size += chunk.length;
      if (size >= bytes) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenCompression)) throw error;
    if (size === 0) throw new FileRefused(`${error.message} from its first byte on`);
  }
  return Buffer.concat(held).subarray(0, bytes);
}
