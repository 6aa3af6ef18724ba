import type { TransformOptions } from 'node:stream';
import { CsvError, type Options, type Parser, parse } from 'csv-parse';
import { cleanText } from '../../../shared/clean-json.ts';
import { type Format, KEPT_TEXT, MAX_RECORD_BYTES, type Row } from './row.ts';

/** More records than a chunk has: the parser never waits for them to be taken. */
const UNBOUNDED = 1_000_000;

/**
 * CSV with a header line (RFC 4180; a byte order mark is dropped). A record with more or fewer fields than the header
 * is unreadable; so is one longer than the bound, which a stray quote makes of the rest of a file: after it, reading
 * ends.
 */
export function csv(delimiter: string): Format {
  return async function* (bytes) {
    const options: Options & TransformOptions = {
      bom: true,
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_BYTES,
      readableHighWaterMark: UNBOUNDED,
    };
    const parser = parse(options);
    // Each failure reaches the callback of the write that met it.
    parser.on('error', () => undefined);
    let header: readonly string[] | undefined;
    let position = 0;
    const take = (): Row[] => {
      const rows: Row[] = [];
      for (let fields = next(parser); fields; fields = next(parser)) {
        if (header) rows.push(rowOf(header, fields, ++position));
        else header = fields.map((name) => name.trim());
      }
      return rows;
    };
    let failure: CsvError | undefined;
    for await (const chunk of bytes) {
      failure = await settled((done) => parser.write(chunk, done));
      yield take();
      if (failure) break;
    }
    failure ??= await settled((done) => parser.end(done));
    yield take();
    if (!failure) return;
    position += 1;
    const message = `record ${position} is not CSV, and what follows was not read: ${failure.message}`;
    yield [{ position, unreadable: { message, text: '' } }];
  };
}

function next(parser: Parser): readonly string[] | undefined {
  return (parser.read() as readonly string[] | null) ?? undefined;
}

/** What a stream's operation says of the CSV; undefined where it succeeded. */
function settled(operation: (done: (error?: Error | null) => void) => void): Promise<CsvError | undefined> {
  return new Promise((resolve, reject) => {
    operation((error) => {
      if (!error || error instanceof CsvError) resolve(error ?? undefined);
      else reject(error);
    });
  });
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
