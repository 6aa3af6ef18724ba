import { csvSplitter } from './csv-splitter.ts';
import {
  type Compression,
  type FileFormat,
  FileRefused,
  type FormatHints,
  MAX_COLUMNS,
} from './file-format.ts';
import { decoder, splitFields } from './parse-record.ts';

/** Decoded bytes at a file's start by which its format is told; the header of a table must be among them. */
export const SAMPLE_BYTES = 64 * 1024;

const BOM = Buffer.from('\uFEFF');
/** How files begin that are compressed (gzip within gzip, zstd, bzip2, xz) or of another format (Avro, ORC). */
const FOREIGN = ['\x1f\x8b', '\x28\xb5\x2f\xfd', 'BZh', '\xfd7zXZ', 'Obj\x01', 'ORC'].map((mark) =>
  Buffer.from(mark, 'latin1'),
);
const DELIMITERS = [',', '\t', ';', '|'] as const;

/**
 * Tells a file's format by its first decoded bytes, not by its name. Undefined for a file without any record.
 * @throws FileRefused for content that cannot be read, saying what to do.
 */
export function inspect(
  head: Buffer,
  compression: Compression,
  hints: FormatHints = {},
): FileFormat | undefined {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    return { kind: 'parquet', compression, start: { offset: 0, line: 1 } };
  }
  refuseForeign(head);
  const encoding = hints.encoding ?? 'utf-8';
  const skipped = head.subarray(0, 3).equals(BOM) ? 3 : 0;
  const text = head.subarray(skipped).toString('latin1');
  const blank = /^\s*/.exec(text)?.[0] ?? '';
  const at = skipped + blank.length;
  if (at === head.length) return undefined;
  const line = 1 + (blank.match(/\n/g)?.length ?? 0);
  if (hints.columns === undefined) {
    if (text[blank.length] === '{') {
      return { kind: 'ndjson', compression, encoding, start: { offset: at, line } };
    }
    if (text[blank.length] === '[') {
      return { kind: 'json', compression, encoding, start: { offset: at + 1, line } };
    }
  }
  return table(head, { offset: skipped, line: 1 }, compression, encoding, hints);
}

function table(
  head: Buffer,
  start: { offset: number; line: number },
  compression: Compression,
  encoding: string,
  hints: FormatHints,
): FileFormat | undefined {
  const first = head.subarray(start.offset).toString('latin1').split('\n', 1)[0] ?? '';
  const delimiter = hints.delimiter ?? likeliest(first);
  if (hints.columns !== undefined) {
    return { kind: 'table', compression, encoding, start, delimiter, columns: [...hints.columns] };
  }
  const splitter = csvSplitter(delimiter.charCodeAt(0), start);
  const pieces = splitter.push(head.subarray(start.offset));
  const [header, next] = [...pieces, ...(head.length < SAMPLE_BYTES ? splitter.end() : [])];
  if (!header || 'tooLong' in header) {
    throw new FileRefused(`its first line does not end within ${SAMPLE_BYTES} bytes; is it a table?`);
  }
  let columns: string[];
  try {
    columns = splitFields(decoder(encoding).decode(header.bytes).trimEnd(), delimiter).map((name) =>
      name.trim(),
    );
  } catch {
    throw new FileRefused(`its first line is no header in ${encoding}; tell its encoding in the source`);
  }
  if (columns.length > MAX_COLUMNS) {
    throw new FileRefused(
      `its header has ${columns.length} columns; at most ${MAX_COLUMNS} are read: leave out what no source needs`,
    );
  }
  const end = header.offset + header.bytes.length + 1;
  const place = next ?? { offset: Math.min(end, head.length), line: header.line + 1 };
  return {
    kind: 'table',
    compression,
    encoding,
    delimiter,
    columns,
    start: { offset: place.offset, line: place.line },
  };
}

function likeliest(line: string): string {
  const counts = DELIMITERS.map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((most, each) => (each.count > most.count ? each : most)).mark;
}

function refuseForeign(head: Buffer): void {
  if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    throw new FileRefused(
      'it is a zip archive (or a spreadsheet); put the files in it into the bucket instead',
    );
  }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new FileRefused('it is UTF-16 text; save it as UTF-8');
  }
  if (FOREIGN.some((mark) => head.subarray(0, mark.length).equals(mark))) {
    throw new FileRefused(
      'it is of a format that is not read; use NDJSON, CSV, JSON or Parquet, plain, gzip or zstd',
    );
  }
}
