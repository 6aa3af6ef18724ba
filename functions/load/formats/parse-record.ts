import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { cleanText, isClean, parseCleanJson } from '../../../shared/clean-json.ts';
import { KEPT_TEXT, MAX_RECORD_BYTES, type Row } from './row.ts';
import type { Piece } from './splitter.ts';

/** Reads a record's bytes; undefined for none, such as an empty line. Never throws. */
export type RecordParser = (piece: Piece) => Row | undefined;

/** Text of a record. @throws TypeError where the bytes are not in the encoding. */
export type Decode = (bytes: Buffer) => string;

/** Strict decoding: a byte that is not in the encoding (https://encoding.spec.whatwg.org/) spoils its record. */
export function decoder(encoding = 'utf-8'): Decode {
  const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  if (text.encoding !== 'utf-8') return (bytes) => text.decode(bytes);
  // The same, in half the time for texts as short as records.
  return (bytes) => {
    if (!isUtf8(bytes)) throw new TypeError('the bytes are not UTF-8');
    return bytes.toString('utf8');
  };
}

/** JSON objects. */
export function jsonParser(decode: Decode): RecordParser {
  return guarded(decode, (text, piece) => {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const json = isClean(trimmed) ? trimmed : undefined;
    let row: unknown;
    try {
      row = json === undefined ? parseCleanJson(trimmed) : JSON.parse(json);
    } catch {
      return unreadable(piece, 'is not JSON', text);
    }
    return row !== null && typeof row === 'object' && !Array.isArray(row)
      ? { offset: piece.offset, line: piece.line, row: row as Record<string, unknown>, json }
      : unreadable(piece, 'is no JSON object', text);
  });
}

/** Rows of a table, as columns by name. */
export function tableParser(decode: Decode, delimiter: string, columns: readonly string[]): RecordParser {
  return guarded(decode, (text, piece) => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') return undefined;
    let fields: readonly string[];
    try {
      fields = splitFields(line, delimiter);
    } catch {
      return unreadable(piece, 'is not CSV', text);
    }
    if (fields.length !== columns.length) {
      const count = `has ${fields.length} fields; the header has ${columns.length}`;
      return unreadable(piece, count, text);
    }
    // Without a prototype, a column named `__proto__` is a column.
    const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    columns.forEach((name, index) => {
      row[name] = cleanText(fields[index] ?? '');
    });
    return { offset: piece.offset, line: piece.line, row };
  });
}

/** The fields of one record of a table (RFC 4180). @throws CsvError */
export function splitFields(record: string, delimiter: string): readonly string[] {
  if (!record.includes('"')) return record.split(delimiter);
  const rows = parse(record, { delimiter, relax_quotes: true, relax_column_count: true });
  return (rows as readonly (readonly string[])[])[0] ?? [];
}

function guarded(decode: Decode, read: (text: string, piece: Piece) => Row | undefined): RecordParser {
  return (piece) => {
    if ('tooLong' in piece) {
      return unreadable(piece, `exceeds ${MAX_RECORD_BYTES} bytes`, piece.tooLong.toString('utf8'));
    }
    let text: string;
    try {
      text = decode(piece.bytes);
    } catch {
      return unreadable(piece, 'is not text in the expected encoding', piece.bytes.toString('utf8'));
    }
    return read(text, piece);
  };
}

function unreadable({ offset, line }: Piece, what: string, text: string): Row {
  const message = `the record at line ${line} ${what}`;
  return { offset, line, unreadable: { message, text: text.slice(0, KEPT_TEXT) } };
}
