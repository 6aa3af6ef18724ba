import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { cleanText } from '../../../shared/clean-json.ts';
import { KEPT_TEXT, MAX_RECORD_BYTES, type Row } from './row.ts';

/**
 * CSV with a header line (RFC 4180; a byte order mark is dropped). A record with more or fewer fields than the header
 * is unreadable; so is one longer than the bound, which a stray quote makes of the rest of a file: after it, reading
 * ends.
 */
export function csv(delimiter: string): (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Row> {
  return async function* (bytes) {
    const parser = Readable.from(bytes, { objectMode: false }).compose(
      parse({
        bom: true,
        delimiter,
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: MAX_RECORD_BYTES,
      }),
    ) as AsyncIterable<readonly string[]>;
    let header: readonly string[] | undefined;
    let position = 0;
    try {
      for await (const fields of parser) {
        if (header) yield rowOf(header, fields, ++position);
        else header = fields.map((name) => name.trim());
      }
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      position += 1;
      const message = `record ${position} is not CSV, and what follows was not read: ${error.message}`;
      yield { position, unreadable: { message, text: '' } };
    }
  };
}

function rowOf(header: readonly string[], fields: readonly string[], position: number): Row {
  if (fields.length !== header.length) {
    const message = `record ${position} has ${fields.length} fields; the header has ${header.length}`;
    return { position, unreadable: { message, text: fields.join(',').slice(0, KEPT_TEXT) } };
  }
  // Without a prototype, a column named `__proto__` is a column.
  const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  header.forEach((name, index) => {
    row[name] = cleanText(fields[index] ?? '');
  });
  return { position, row };
}
