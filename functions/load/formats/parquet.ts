import type { AsyncBuffer, FileMetaData, ParquetParsers } from 'hyparquet';
import { messageOf } from '../../../shared/errors.ts';
import { loadOnce } from '../../../shared/load-once.ts';
import type { ByteSource } from './byte-source.ts';
import { decoded } from './decoded.ts';
import { type Compression, FileRefused } from './file-format.ts';
import type { Place, Row } from './row.ts';

/** Bytes, not compressed, of the columns that are read of one row group; it is held whole. */
const MAX_GROUP_BYTES = 64 * 1024 * 1024;
/** Rows that are yielded together. */
const ROWS_AT_A_TIME = 1_000;
/** Levels of nesting that are read; a record that has more is refused later for its depth. */
const LEVELS = 64;

/** Where a row group begins and ends, by rows from 0. */
export interface RowGroup {
  readonly start: number;
  readonly end: number;
}

export interface ParquetFile {
  readonly groups: readonly RowGroup[];
  /** Names of the columns, outermost ones. */
  readonly columns: readonly string[];
  /**
   * The rows of whole row groups, from one row's number to another's.
   * @throws FileRefused where a row group's columns are too big to hold, or cannot be read; whatever the source throws
   */
  rows(from: number, until: number, columns?: readonly string[]): AsyncGenerator<readonly Row[]>;
}

/**
 * Opens a Parquet file (https://parquet.apache.org/docs/file-format/): reads its footer, and of the rest only the columns
 * and row groups asked for. One that is compressed as a whole is held in memory, and must be small.
 * @throws FileRefused, and whatever the source throws
 */
export async function openParquet(source: ByteSource, compression: Compression): Promise<ParquetFile> {
  const { parquetMetadataAsync, parquetReadObjects, compressors } = await loadReader();
  const { file, reading } =
    compression === 'none' ? ranged(source) : { file: await whole(source, compression), reading: refusing };
  const metadata = await reading('Parquet footer', () => parquetMetadataAsync(file));
  const groups: RowGroup[] = [];
  let row = 0;
  for (const { num_rows } of metadata.row_groups) {
    groups.push({ start: row, end: row + Number(num_rows) });
    row += Number(num_rows);
  }
  const all = columnsOf(metadata);
  return {
    groups,
    columns: all,
    async *rows(from, until, columns = all) {
      const wanted = all.filter((name) => columns.includes(name));
      for (const [index, group] of groups.entries()) {
        if (group.end <= from || group.start >= until) continue;
        const bytes = bytesOf(metadata, index, wanted);
        if (bytes > MAX_GROUP_BYTES) {
          throw new FileRefused(
            `its row group ${index} has ${bytes} bytes in the columns that are read; write row groups of at most ${MAX_GROUP_BYTES} bytes`,
          );
        }
        const rowStart = Math.max(from, group.start);
        const rowEnd = Math.min(until, group.end);
        const options = { file, metadata, compressors, parsers: PARSERS, rowStart, rowEnd, columns: wanted };
        const records = await reading(`row group ${index}`, () => parquetReadObjects(options));
        for (let at = 0; at < records.length; at += ROWS_AT_A_TIME) {
          yield records.slice(at, at + ROWS_AT_A_TIME).map(
            (record, n): Row => ({
              ...placeOf(rowStart + at + n),
              row: plain(record) as Record<string, unknown>,
            }),
          );
        }
      }
    },
  };
}

/** The reader and its decoders, WebAssembly among them, which only Parquet files need. */
const loadReader = loadOnce(async () => ({
  ...(await import('hyparquet')),
  ...(await import('hyparquet-compressors')),
}));

/** A row's number, from 0, as a place. */
export function placeOf(row: number): Place {
  return { offset: row, line: row + 1 };
}

/** Reads a part of the file. @throws FileRefused for what is in it; whatever the source throws */
type Reading = <T>(what: string, read: () => Promise<T>) => Promise<T>;

/** The reader's errors are of no class of their own: what the source did not throw is the file's fault. */
const refusing: Reading = async (what, read) => {
  try {
    return await read();
  } catch (error) {
    throw new FileRefused(`its ${what} cannot be read: ${messageOf(error)}`);
  }
};

function ranged(source: ByteSource): { readonly file: AsyncBuffer; readonly reading: Reading } {
  const outages: unknown[] = [];
  const slice = async (start: number, end = source.size): Promise<ArrayBuffer> => {
    try {
      return arrayBuffer(await collect(source.read({ start, end })));
    } catch (error) {
      outages.push(error);
      throw error;
    }
  };
  return {
    file: { byteLength: source.size, slice },
    reading: async (what, read) => {
      try {
        return await refusing(what, read);
      } catch (error) {
        throw outages.length > 0 ? outages[0] : error;
      }
    },
  };
}

async function whole(source: ByteSource, compression: Compression): Promise<AsyncBuffer> {
  const bytes = await collect(decoded(source.read(), compression), MAX_GROUP_BYTES);
  return {
    byteLength: bytes.length,
    slice: (start, end) => arrayBuffer(bytes.subarray(start, end)),
  };
}

async function collect(chunks: AsyncIterable<Buffer>, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > limit) {
      throw new FileRefused(
        `it is Parquet compressed as a whole and beyond ${limit} bytes; Parquet compresses inside: upload it plain`,
      );
    }
  }
  return Buffer.concat(parts);
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** Outermost columns, in order: those whose parent is the root. */
function columnsOf({ row_groups, schema }: FileMetaData): readonly string[] {
  const seen = new Set<string>();
  for (const { columns } of row_groups) {
    for (const { meta_data } of columns) {
      const name = meta_data?.path_in_schema[0];
      if (name !== undefined) seen.add(name);
    }
  }
  return seen.size > 0 ? [...seen] : schema.slice(1).map(({ name }) => name);
}

function bytesOf(metadata: FileMetaData, group: number, columns: readonly string[]): number {
  let bytes = 0;
  for (const { meta_data } of metadata.row_groups[group]?.columns ?? []) {
    const name = meta_data?.path_in_schema[0];
    if (name !== undefined && columns.includes(name))
      bytes += Number(meta_data?.total_uncompressed_size ?? 0);
  }
  return bytes;
}

/** Times, which may be beyond what a calendar has, such as PostgreSQL's infinity. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => timeOf(Number(count), count),
  timestampFromMicroseconds: (count) => timeOf(Number(count / 1_000n), count),
  timestampFromNanoseconds: (count) => timeOf(Number(count / 1_000_000n), count),
  dateFromDays: (count) => timeOf(count * 86_400_000, count),
};

/** In ISO 8601; what is no time as the number that stands in the file, which no column of times takes. */
function timeOf(ms: number, told: bigint | number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(told) : time.toISOString();
}

/** What JSON would say: integers beyond 2^53 and bytes as text. */
function plain(value: unknown, levels = LEVELS): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value);
  }
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => plain(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, levels - 1)]));
}
