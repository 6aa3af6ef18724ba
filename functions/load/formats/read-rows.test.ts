import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readRows } from './read-rows.ts';
import { MAX_RECORD_BYTES, type Row } from './row.ts';

/** A stream that delivers `bytes` in pieces of `size`. */
function chunked(bytes: string | Buffer, size = 7): Readable {
  const all = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_each, index) =>
    all.subarray(index * size, (index + 1) * size),
  );
  return Readable.from(pieces, { objectMode: false });
}

async function rowsOf(stream: Readable): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(stream)) rows.push(row);
  return rows;
}

const RECORDS = [
  { position: 1, row: { id: '1', name: 'Löwe' } },
  { position: 2, row: { id: '2', name: 'a, b' } },
];
const CSV = 'id,name\n1,Löwe\n2,"a, b"\n';
const NDJSON = '{"id":"1","name":"Löwe"}\n{"id":"2","name":"a, b"}\n';

describe('readRows', () => {
  test.each([
    { name: 'CSV', text: CSV },
    { name: 'CSV without a last line end', text: CSV.trimEnd() },
    { name: 'CSV with CRLF', text: CSV.replaceAll('\n', '\r\n') },
    { name: 'CSV with a byte order mark', text: `\uFEFF${CSV}` },
    { name: 'CSV with semicolons', text: 'id;name\n1;Löwe\n2;a, b\n' },
    { name: 'TSV', text: 'id\tname\n1\tLöwe\n2\ta, b\n' },
    { name: 'NDJSON', text: NDJSON },
    { name: 'NDJSON with CRLF', text: NDJSON.replaceAll('\n', '\r\n') },
    { name: 'NDJSON without a last line end', text: NDJSON.trimEnd() },
  ])('tells $name by content, plain and gzipped, however it is cut', async ({ text }) => {
    for (const size of [1, 2, 3, 5, 64, 10_000]) {
      expect((await rowsOf(chunked(text, size))).map(plain)).toEqual(RECORDS);
      expect((await rowsOf(chunked(gzipSync(text), size))).map(plain)).toEqual(RECORDS);
    }
  });

  test.each(['', '\n', gzipSync('')])('a file without records has none', async (bytes) => {
    expect(await rowsOf(chunked(bytes))).toEqual([]);
  });

  test('a line that is no JSON object is unreadable, the others are read', async () => {
    const lines = ['{"a":1}', '{oops', '[1]', '', '{"a":2}'].join('\n');
    expect(await rowsOf(chunked(lines))).toEqual([
      { position: 1, row: { a: 1 } },
      { position: 2, unreadable: { message: 'line 2 is not JSON', text: '{oops' } },
      { position: 3, unreadable: { message: 'line 3 is no JSON object', text: '[1]' } },
      { position: 5, row: { a: 2 } },
    ]);
  });

  test('bytes that are not UTF-8 spoil their line alone', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":"'),
      Buffer.of(0xff),
      Buffer.from('"}\n{"a":3}'),
    ]);
    const rows = await rowsOf(chunked(bytes));
    expect(rows.map((row) => 'row' in row)).toEqual([true, false, true]);
    expect(rows[1]).toMatchObject({ unreadable: { message: 'line 2 is not UTF-8 text' } });
  });

  test('a line beyond the bound is reported and not held', async () => {
    const text = `{"a":1}\n{"a":"${'x'.repeat(MAX_RECORD_BYTES)}"}\n{"a":3}\n`;
    const rows = await rowsOf(chunked(text, 65_536));
    expect(rows.map((row) => 'row' in row)).toEqual([true, false, true]);
    const long = rows[1];
    expect(long && 'unreadable' in long && long.unreadable.text.length).toBeLessThan(3_000);
  });

  test('a row with too few or too many fields is unreadable', async () => {
    expect(await rowsOf(chunked('a,b\n1\n1,2,3\n1,2\n'))).toMatchObject([
      { position: 1, unreadable: { message: 'record 1 has 1 fields; the header has 2', text: '1' } },
      { position: 2, unreadable: { message: 'record 2 has 3 fields; the header has 2' } },
      { position: 3, row: { a: '1', b: '2' } },
    ]);
  });

  test('a quote that never closes ends the reading, and is said', async () => {
    const rows = await rowsOf(chunked('a,b\n1,2\n3,"4\n5,6\n'));
    expect(rows[0]).toMatchObject({ position: 1, row: { a: '1' } });
    expect(rows.at(-1)).toMatchObject({
      position: 2,
      unreadable: { message: expect.stringContaining('what follows was not read') },
    });
  });

  test('truncated gzip gives what could be read, then says so', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_each, n) => `{"n":${n * 7_919}}`).join('\n'));
    const rows = await rowsOf(chunked(whole.subarray(0, whole.length / 2), 4_096));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.at(-1)).toMatchObject({
      unreadable: { message: expect.stringMatching(/^the gzip data is broken or cut off after record \d+/) },
    });
    expect(rows.slice(0, -2).every((row) => 'row' in row)).toBe(true);
  });

  test('a stream that fails is an error, not an end', async () => {
    async function* failing() {
      yield Buffer.from('{"a":1}\n');
      throw new Error('connection reset');
    }
    const reading = rowsOf(Readable.from(failing(), { objectMode: false }));
    await expect(reading).rejects.toThrow('connection reset');
  });

  test('a column named __proto__ is a column', async () => {
    const [row] = await rowsOf(chunked('__proto__,a\n1,2\n'));
    expect(row && 'row' in row && Object.keys(row.row)).toEqual(['__proto__', 'a']);
  });
});

function plain(row: Row): Row {
  return 'row' in row ? { ...row, row: { ...row.row } } : row;
}
