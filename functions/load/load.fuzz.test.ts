import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCleanJson } from '../../shared/clean-json.ts';
import { NativeEvent } from '../../shared/events.ts';
import { search } from '../../test/helpers/search.ts';
import { makeInbox } from './fixtures.ts';
import { bufferSource } from './formats/byte-source.ts';
import { FileRefused } from './formats/file-format.ts';
import { formatOf, readRowGroups } from './formats/read-rows.ts';
import type { Row } from './formats/row.ts';
import { mapRow, mapRowLeniently } from './map-row.ts';
import { loadSources } from './sources.ts';

async function rowsOf(bytes: Buffer, size: number): Promise<Row[]> {
  const source = bufferSource(bytes, size);
  const format = await formatOf(source);
  const rows: Row[] = [];
  if (!format) return rows;
  for await (const group of readRowGroups(source, format, { from: format.start })) rows.push(...group);
  return rows;
}

const sizes = fc.integer({ min: 1, max: 40 });

test('any bytes are read to an end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), sizes, fc.boolean(), async (bytes, size, gzip) => {
      const buffer = gzip ? gzipSync(bytes) : Buffer.from(bytes);
      try {
        for (const row of await rowsOf(buffer, size)) expect(row.line).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(FileRefused);
      }
    }),
  );
});

test('every object written as NDJSON is read back, wherever the file is cut', async () => {
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(objects, sizes, fc.boolean(), async (records, size, gzip) => {
      const lines = records.map((record) => JSON.stringify(record));
      const text = Buffer.from(lines.join('\n'));
      const rows = await rowsOf(gzip ? gzipSync(text) : text, size);
      expect(rows.map((row) => ('row' in row ? row.row : row))).toEqual(
        lines.map((line) => parseCleanJson(line)),
      );
    }),
  );
});

test('every table written as CSV is read back, wherever the file is cut', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(table, sizes, async (cells, size) => {
      const text = `a,b\n${cells.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
      const rows = await rowsOf(Buffer.from(text), size);
      expect(rows.map((row) => ('row' in row ? [row.row.a, row.row.b] : row))).toEqual(cells);
    }),
  );
});

/** Values that most ways of making a text or a number of them throw at, by what stands for them in a failure's report. */
const HOSTILE: ReadonlyMap<unknown, string> = new Map([
  ['<no toString>', '{"toString":1}'],
  ['<no valueOf>', '{"valueOf":1,"toString":null}'],
  ['<in a list>', '[{"toString":1}]'],
  ['<deep list>', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['<deep object>', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`],
  ['<deep, as text>', JSON.stringify(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
]);
const hostile = fc.constantFrom(...HOSTILE.keys());
/** A record as a line of JSON. */
const lineOf = (record: Readonly<Record<string, unknown>>): string =>
  `{${Object.entries(record)
    .map(([name, value]) => `${JSON.stringify(name)}:${HOSTILE.get(value) ?? JSON.stringify(value)}`)
    .join(',')}}`;

const SOURCES = [...loadSources().values()];
/** Columns that a source reads, and some that it does not. */
const columnOf = (columns: readonly string[] = Object.keys(NativeEvent.shape)): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constantFrom(...columns), weight: 4 }, fc.string());
const likely = fc.constantFrom('view', 'transaction', '1441852593', '', '7', '__proto__', 'NaN', '-1e400');
const value = fc.oneof(likely, hostile, fc.constantFrom('2026-11-21', '<deep list>'), fc.jsonValue());

test('any record is an event or a failure with a message, never an exception', () => {
  const records = fc
    .constantFrom(...SOURCES)
    .chain((source) => fc.tuple(fc.constant(source), fc.dictionary(columnOf(source.columns), value)));
  fc.assert(
    fc.property(records, ([source, record]) => {
      const row = parseCleanJson(lineOf(record)) as Record<string, unknown>;
      const mapped = mapRow(source, { offset: 0, line: 1, row }, { file: 'f' });
      if ('ok' in mapped) expect(NativeEvent.safeParse(mapped.ok).success).toBe(true);
      else expect(mapped.failure.message).not.toBe('');
      mapRowLeniently(source, { offset: 0, line: 1, row }, { file: 'f', shiftMs: 1_000 });
    }),
    search(1_000),
  );
});

test('whatever is in a file, its load ends, and each of its records is accounted for', async () => {
  const products = ['id', 'title', 'price', 'priceInfo', 'availability', 'hidden', 'quantity', 'added_at'];
  const folder = fc.constantFrom(
    ['catalog', [...products, 'in_stock', 'availableQuantity', 'image_link', 'brand', 'categories']] as const,
    ...SOURCES.map(({ name, columns }) => [name, columns] as const),
    ...SOURCES.map(({ name, columns }) => [`history/${name}`, columns] as const),
  );
  const files = folder.chain(([name, columns]) =>
    fc.tuple(
      fc.constant(name),
      fc.array(fc.dictionary(columnOf(columns), value), { minLength: 1, maxLength: 3 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(files, async ([name, records]) => {
      const inbox = makeInbox({ maxBadShare: 1 });
      await inbox.put(`${name}/x.ndjson`, records.map(lineOf).join('\n'));
      const [load] = inbox.loads();
      expect(load).toMatchObject({ state: 'done', read: records.length });
      expect(inbox.failed()).toHaveLength((load as unknown as { failed: number }).failed);
    }),
    search(80),
  );
});
