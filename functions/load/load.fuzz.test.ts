import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCleanJson } from '../../shared/clean-json.ts';
import { NativeEvent } from '../../shared/events.ts';
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

test('any row is an event or a failure with a message, never an exception', () => {
  const columns = ['timestamp_s', 'visitorid', 'event', 'itemid', 'sessionid', 'categoryid'];
  const likely = fc.constantFrom('view', 'transaction', '1441852593', '', '7', '__proto__', 'NaN', '-1e400');
  const rows = fc.dictionary(
    fc.oneof(fc.constantFrom(...columns), fc.string()),
    fc.oneof(likely, fc.string(), fc.jsonValue()),
  );
  fc.assert(
    fc.property(rows, fc.constantFrom(...loadSources().values()), (row, source) => {
      const record = { offset: 0, line: 1, row };
      const mapped = mapRow(source, record, { file: 'f' });
      if ('ok' in mapped) expect(NativeEvent.safeParse(mapped.ok).success).toBe(true);
      else expect(mapped.failure.message).not.toBe('');
      mapRowLeniently(source, record, { file: 'f' });
    }),
    { numRuns: 1_000 },
  );
});
