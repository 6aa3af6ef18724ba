import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { CsvError, parse } from 'csv-parse';
import { BigQueryError, type TableField, type WriteRow } from '../backend.ts';
import { isRecord, isRepeated } from '../fields.ts';
import { makeRowReader } from '../text-values.ts';

/** How CSV is written: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad */
export interface CsvForm {
  readonly fieldDelimiter: string;
  readonly quote: string;
  readonly skipLeadingRows: number;
  readonly allowJaggedRows: boolean;
  readonly ignoreUnknownValues: boolean;
  readonly nullMarker: string;
}

/** A row of a file, or why it is none. */
export type Record = { readonly row: WriteRow } | { readonly fault: string };

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The rows of a file of newline-delimited JSON. */
export async function* jsonRecords(
  file: string,
  fields: readonly TableField[],
  options: { readonly ignoreUnknownValues: boolean },
): AsyncGenerator<Record> {
  const read = makeRowReader(fields, { ignoreUnknown: options.ignoreUnknownValues });
  for await (const line of lines(file)) {
    if (line.trim() === '') continue;
    yield attempt(() => {
      const json: unknown = JSON.parse(line);
      if (typeof json !== 'object' || json === null || Array.isArray(json)) {
        throw new Error('JSON parsing error: a row must be an object.');
      }
      return read(json as Readonly<globalThis.Record<string, unknown>>);
    });
  }
}

/** The rows of a CSV file, columns by position. @throws BigQueryError invalid where a column is a list or a record */
export async function* csvRecords(
  file: string,
  fields: readonly TableField[],
  form: CsvForm,
): AsyncGenerator<Record> {
  const nested = fields.find((field) => isRepeated(field) || isRecord(field));
  if (nested)
    throw new BigQueryError(400, 'invalid', `CSV has no place for the nested field ${nested.name}.`);
  const read = makeRowReader(fields);
  const parser = createReadStream(file).pipe(
    parse({
      delimiter: form.fieldDelimiter,
      quote: form.quote === '' ? null : form.quote,
      bom: true,
      from_line: form.skipLeadingRows + 1,
      relax_column_count: true,
      skip_empty_lines: true,
      cast: (value, { quoting }) => (!quoting && value === form.nullMarker ? null : value),
    }),
  );
  try {
    for await (const cells of parser as AsyncIterable<readonly (string | null)[]>) {
      yield attempt(() => {
        if (cells.length > fields.length && !form.ignoreUnknownValues) {
          throw new Error(
            `Too many values in line. Found ${cells.length} column(s) while expected ${fields.length}.`,
          );
        }
        if (cells.length < fields.length && !form.allowJaggedRows) {
          throw new Error(
            `CSV table references column position ${cells.length}, but line contains only ${cells.length} columns.`,
          );
        }
        return read(Object.fromEntries(fields.map(({ name }, index) => [name, cells[index] ?? null])));
      });
    }
  } catch (error) {
    // What follows a broken quote cannot be told apart.
    if (!(error instanceof CsvError)) throw error;
    yield { fault: error.message };
  }
}

function attempt(read: () => WriteRow): Record {
  try {
    return { row: read() };
  } catch (error) {
    return { fault: describe(error) };
  }
}

async function* lines(file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const parts = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  yield rest + decoder.end();
}
