import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { cleanText, isClean, parseCleanJson } from '../../../shared/clean-json.ts';
import { KEPT_TEXT, MAX_RECORD_BYTES, type Place, type Row } from './row.ts';
import type { Piece } from './splitter.ts';

type WholePiece = Extract<Piece, { readonly bytes: Buffer }>;

/** Reads a record's bytes; undefined for none, such as an empty line. Never throws. */
export type RecordParser = (piece: Piece) => Row | undefined;

/** An encoding of text. */
export interface Decoder {
  readonly utf8: boolean;
  /** Text of a record. @throws TypeError where the bytes are not in the encoding. */
  decode(bytes: Buffer): string;
}

/** Strict decoding: a byte that is not in the encoding (https://encoding.spec.whatwg.org/) spoils its record. */
export function decoder(encoding = 'utf-8'): Decoder {
  const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  if (text.encoding !== 'utf-8') return { utf8: false, decode: (bytes) => text.decode(bytes) };
  return {
    utf8: true,
    // The same, in half the time for texts as short as records.
    decode: (bytes) => {
      if (!isUtf8(bytes)) throw new TypeError('the bytes are not UTF-8');
      return bytes.toString('utf8');
    },
  };
}

/** JSON objects. */
export function jsonParser(decoder: Decoder): RecordParser {
  return guarded(decoder, (text, piece) => {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const clean = isClean(trimmed);
    let row: unknown;
    try {
      row = clean ? JSON.parse(trimmed) : parseCleanJson(trimmed);
    } catch {
      return unreadable(piece, 'is not JSON', text);
    }
    if (row === null || typeof row !== 'object' || Array.isArray(row)) {
      return unreadable(piece, 'is no JSON object', text);
    }
    const { offset, line, bytes } = piece;
    const json = decoder.utf8 && trimmed.length === text.length ? bytes : Buffer.from(trimmed);
    return { offset, line, row: row as Record<string, unknown>, json: clean ? json : undefined };
  });
}

/** Rows of a table, as columns by name. */
export function tableParser(decoder: Decoder, delimiter: string, columns: readonly string[]): RecordParser {
  return guarded(decoder, (text, piece) => {
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

function guarded(
  { decode }: Decoder,
  read: (text: string, piece: WholePiece) => Row | undefined,
): RecordParser {
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

function unreadable({ offset, line }: Place, what: string, text: string): Row {
  const message = `the record at line ${line} ${what}`;
  return { offset, line, unreadable: { message, text: text.slice(0, KEPT_TEXT) } };
}
