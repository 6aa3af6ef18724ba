import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cell, TableField, WriteRow } from '../backend.ts';
import { csvLines } from '../export/csv-lines.ts';
import { jsonLines } from '../export/json-lines.ts';
import { csvRecords, jsonRecords, type Record } from './records.ts';

const FIELDS: readonly TableField[] = [
  { name: 'text', type: 'STRING' },
  { name: 'whole', type: 'INTEGER' },
  { name: 'part', type: 'FLOAT' },
  { name: 'yes', type: 'BOOLEAN' },
  { name: 'at', type: 'TIMESTAMP' },
];
const LISTED: readonly TableField[] = [...FIELDS, { name: 'tags', type: 'STRING', mode: 'REPEATED' }];

const CSV_FORM = {
  fieldDelimiter: ',',
  quote: '"',
  skipLeadingRows: 1,
  allowJaggedRows: false,
  ignoreUnknownValues: false,
  nullMarker: '',
};

/** Microseconds from the year 1 to 9999. */
const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });
const row = fc.record({
  text: fc.option(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())),
  whole: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  // As text, -0 is 0.
  part: fc.option(fc.double({ noNaN: true }).map((number) => number + 0)),
  yes: fc.option(fc.boolean()),
  at: fc.option(micros),
  tags: fc.array(fc.string()),
});
type Row = { readonly [name: string]: unknown };

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bigquery-records-'));
  file = join(folder, 'rows');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As DuckDB's rows reach the exports. */
function cell(value: unknown): Cell {
  if (Array.isArray(value)) return { v: value.map(cell) };
  return { v: value === null ? null : String(value) };
}
const resultOf = (fields: readonly TableField[], rows: readonly Row[]) => ({
  fields,
  rows: rows.map((each) => ({ f: fields.map(({ name }) => cell(each[name])) })),
});

async function rowsOf(records: AsyncIterable<Record>): Promise<readonly (WriteRow | string)[]> {
  const all: (WriteRow | string)[] = [];
  for await (const record of records) all.push('row' in record ? record.row : record.fault);
  return all;
}
const present = (each: Row, fields: readonly TableField[]): Row =>
  Object.fromEntries(fields.map(({ name }) => [name, each[name]]).filter(([, value]) => value !== null));

test('what is exported as JSON is loaded as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      await writeFile(file, [...jsonLines(resultOf(LISTED, rows))].join(''));
      const loaded = await rowsOf(jsonRecords(file, LISTED, { ignoreUnknownValues: false }));
      expect(loaded).toEqual(rows.map((each) => present(each, LISTED)));
    }),
    { numRuns: 60 },
  );
});

test('what is exported as CSV is loaded as it was, but that empty text is NULL', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 20 }),
      fc.constantFrom(',', ';', '\t', '|'),
      async (rows, delimiter) => {
        await writeFile(file, [...csvLines(resultOf(FIELDS, rows), { delimiter, header: true })].join(''));
        const loaded = await rowsOf(csvRecords(file, FIELDS, { ...CSV_FORM, fieldDelimiter: delimiter }));
        const expected = rows.map((each) =>
          present({ ...each, text: each.text === '' ? null : each.text }, FIELDS),
        );
        expect(loaded).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('no file makes a reader throw: what is no row is a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (content) => {
      await writeFile(file, content);
      await rowsOf(jsonRecords(file, FIELDS, { ignoreUnknownValues: false }));
      await rowsOf(csvRecords(file, FIELDS, CSV_FORM));
    }),
    { numRuns: 100 },
  );
});
