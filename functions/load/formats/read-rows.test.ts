import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { parseCleanJson } from '../../../shared/clean-json.ts';
import { type ByteSource, bufferSource } from './byte-source.ts';
import { FileRefused, type FormatHints } from './file-format.ts';
import { formatOf, type Part, readRowGroups } from './read-rows.ts';
import { MAX_RECORD_BYTES, type Row } from './row.ts';

/** The records of a file that arrives in pieces of `size`, or of a part of it. */
async function rowsFrom(source: ByteSource, hints?: FormatHints, part?: Part): Promise<Row[]> {
  const format = await formatOf(source, hints);
  const rows: Row[] = [];
  if (!format) return rows;
  for await (const group of readRowGroups(source, format, part ?? { from: format.start }))
    rows.push(...group);
  return rows;
}
const rowsOf = (bytes: string | Buffer, size = 7, hints?: FormatHints): Promise<Row[]> =>
  rowsFrom(bufferSource(Buffer.from(bytes), size), hints);

const contentOf = (row: Row): unknown => ('row' in row ? { ...row.row } : row.unreadable.message);
const CONTENT = [
  { id: '1', name: 'Löwe' },
  { id: '2', name: 'a, b\n"c"' },
];
const CSV = 'id,name\n1,Löwe\n2,"a, b\n""c"""\n';
const NDJSON = `${JSON.stringify(CONTENT[0])}\n${JSON.stringify(CONTENT[1])}\n`;
const PARQUET = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: ['1', '2'], type: 'STRING' },
      { name: 'name', data: ['Löwe', 'a, b\n"c"'], type: 'STRING' },
    ],
  }),
);

const FILES: readonly { readonly name: string; readonly bytes: Buffer }[] = [
  { name: 'CSV', bytes: CSV },
  { name: 'CSV without a last line end', bytes: CSV.trimEnd() },
  { name: 'CSV with a byte order mark', bytes: `\uFEFF${CSV}` },
  { name: 'CSV with a quoted header', bytes: CSV.replace('id,name', '"id","name"') },
  {
    name: 'CSV with semicolons',
    bytes: CSV.replace('id,name', 'id;name').replace('1,', '1;').replace('2,', '2;'),
  },
  { name: 'TSV', bytes: CSV.replace('id,name', 'id\tname').replace('1,', '1\t').replace('2,', '2\t') },
  { name: 'NDJSON', bytes: NDJSON },
  { name: 'NDJSON with CRLF', bytes: NDJSON.replaceAll('\n', '\r\n') },
  { name: 'NDJSON without a last line end', bytes: NDJSON.trimEnd() },
  { name: 'NDJSON with a byte order mark', bytes: `\uFEFF${NDJSON}` },
  { name: 'a JSON array', bytes: JSON.stringify(CONTENT) },
  { name: 'a JSON array in lines', bytes: ` \n${JSON.stringify(CONTENT, null, 2)}\n` },
  { name: 'Parquet', bytes: PARQUET },
].map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }));

describe('files are told by their content', () => {
  test.each(FILES)('$name, plain, gzip and zstd, however it arrives', async ({ bytes }) => {
    for (const size of [1, 3, 64, 100_000]) {
      for (const stored of [bytes, gzipSync(bytes), zstdCompressSync(bytes)]) {
        expect((await rowsOf(stored, size)).map(contentOf)).toEqual(CONTENT);
      }
    }
  });

  test('CSV with CRLF', async () => {
    const rows = await rowsOf('id,name\r\n1,Löwe\r\n2,"x"\r\n');
    expect(rows.map(contentOf)).toEqual([CONTENT[0], { id: '2', name: 'x' }]);
  });

  test.each(['', '\n', ' \r\n\n', '\uFEFF', gzipSync(''), 'a,b\n', '[]', '[ \n]'])(
    '%j has no records',
    async (bytes) => {
      expect(await rowsOf(bytes)).toEqual([]);
    },
  );

  test('a source says what content does not: columns, delimiter, encoding', async () => {
    const hints = { columns: ['id', 'name'], delimiter: ';', encoding: 'windows-1252' };
    const bytes = Buffer.from('1;L\xf6we\n{;[\n', 'latin1');
    expect((await rowsOf(bytes, 5, hints)).map(contentOf)).toEqual([
      { id: '1', name: 'Löwe' },
      { id: '{', name: '[' },
    ]);
  });

  test.each([
    ['a zip archive', Buffer.from('PK\x03\x04rest'), /zip archive/],
    ['UTF-16', Buffer.from('\uFEFFid,name', 'utf16le'), /UTF-16/],
    ['gzip in gzip', gzipSync(gzipSync('a')), /not read/],
    ['bzip2', Buffer.from('BZh91AY'), /not read/],
    ['broken gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), /broken or cut off/],
    ['a header of 100 kB', Buffer.from('x'.repeat(100_000)), /does not end/],
    ['a header of 2001 columns', Buffer.from(`${','.repeat(2_000)}\n`), /2001 columns; at most 2000/],
    ['Parquet without a footer', PARQUET.subarray(0, 40), /footer/],
  ])('%s is refused with what to do', async (_name, bytes, why) => {
    const reading = rowsOf(bytes);
    await expect(reading).rejects.toThrow(FileRefused);
    await expect(reading).rejects.toThrow(why);
  });
});

describe('records that cannot be read', () => {
  test('a line that is no JSON object spoils itself alone, and says where it is', async () => {
    const lines = ['{"a":1}', '{oops', '[1]', '', '{"a":2}'].join('\n');
    expect(await rowsOf(lines)).toEqual([
      { offset: 0, line: 1, row: { a: 1 }, json: Buffer.from('{"a":1}') },
      { offset: 8, line: 2, unreadable: { message: 'the record at line 2 is not JSON', text: '{oops' } },
      { offset: 14, line: 3, unreadable: { message: 'the record at line 3 is no JSON object', text: '[1]' } },
      { offset: 19, line: 5, row: { a: 2 }, json: Buffer.from('{"a":2}') },
    ]);
  });

  test('bytes in another encoding spoil their record alone', async () => {
    const bytes = Buffer.from('{"a":1}\n{"a":"\xff"}\n{"a":3}', 'latin1');
    const rows = await rowsOf(bytes);
    expect(rows.map(contentOf)).toEqual([
      { a: 1 },
      'the record at line 2 is not text in the expected encoding',
      { a: 3 },
    ]);
  });

  test('a record beyond the bound is reported and not held', async () => {
    const text = `{"a":1}\n{"a":"${'x'.repeat(4 * MAX_RECORD_BYTES)}"}\n{"a":3}\n`;
    for (const stored of [text, gzipSync(text)]) {
      const rows = await rowsOf(stored, 65_536);
      expect(rows.map(contentOf)).toEqual([
        { a: 1 },
        expect.stringContaining(`exceeds ${MAX_RECORD_BYTES} bytes`),
        { a: 3 },
      ]);
    }
  });

  test('a row with too few or too many fields', async () => {
    expect((await rowsOf('a,b\n1\n1,2,3\n1,2\n')).map(contentOf)).toEqual([
      'the record at line 2 has 1 fields; the header has 2',
      'the record at line 3 has 3 fields; the header has 2',
      { a: '1', b: '2' },
    ]);
  });

  test('a quote that never closes spoils the rest', async () => {
    const rows = await rowsOf('a,b\n1,2\n3,"4\n5,6\n');
    expect(rows.map(contentOf)).toEqual([{ a: '1', b: '2' }, 'the record at line 3 is not CSV']);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('truncated %s gives what could be read, then says so', async (name, compress) => {
    const all = Array.from({ length: 100_000 }, (_each, n) => `{"n":${(n * 7_919) % 1_000_003}}`);
    const whole = compress(Buffer.from(all.join('\n')));
    const rows = await rowsOf(whole.subarray(0, whole.length / 2), 4_096);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.slice(0, -1).every((row) => 'row' in row)).toBe(true);
    expect(contentOf(rows.at(-1) ?? { offset: 0, line: 0, row: {} })).toMatch(
      new RegExp(
        `^the ${name} data is broken or cut off after the record at line \\d+; what follows was not read`,
      ),
    );
  });

  test('compressed data that inflates without end is refused', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.alloc(80 * 1024 * 1024)]));
    await expect(rowsOf(bomb, 4_096)).rejects.toThrow(/inflates to more than 200 times/);
  });

  test('a source that fails is an error, not an end', async () => {
    const failing: ByteSource = {
      size: 100,
      async *read() {
        yield Buffer.from('{"a":1}\n');
        throw new Error('connection reset');
      },
    };
    await expect(rowsFrom(failing)).rejects.toThrow('connection reset');
    const inflated: ByteSource = {
      size: 100,
      async *read() {
        yield gzipSync('{"a":1}\n').subarray(0, 20);
        throw new Error('connection reset');
      },
    };
    await expect(rowsFrom(inflated)).rejects.toThrow('connection reset');
  });

  test('a column named __proto__ is a column', async () => {
    const [row] = await rowsOf('__proto__,a\n1,2\n');
    expect(row && 'row' in row && Object.keys(row.row)).toEqual(['__proto__', 'a']);
  });
});

describe('Parquet', () => {
  const values = Array.from({ length: 2_500 }, (_each, n) => n);
  const bytes = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'n', data: values.map(BigInt), type: 'INT64' },
        { name: 'at', data: values.map((n) => new Date(1_700_000_000_000 + n)), type: 'TIMESTAMP' },
        { name: 'tags', data: values.map((n) => ({ list: [n] })), type: 'JSON' },
      ],
      rowGroupSize: 1_000,
    }),
  );

  test('gives what JSON would say, by row', async () => {
    const rows = await rowsOf(bytes, 50_000);
    expect(rows).toHaveLength(2_500);
    expect(rows[2_001]).toEqual({
      offset: 2_001,
      line: 2_002,
      row: { n: 2_001, at: '2023-11-14T22:13:22.001Z', tags: { list: [2_001] } },
    });
  });

  test('reads the rows and columns that are asked for', async () => {
    const source = bufferSource(bytes);
    const format = await formatOf(source);
    const rows: Row[] = [];
    if (!format) throw new Error('no format');
    const part = { from: { offset: 1_000, line: 1_001 }, until: 2_000 };
    for await (const group of readRowGroups(source, format, part, ['n'])) rows.push(...group);
    expect(rows.map(contentOf)).toEqual(values.slice(1_000, 2_000).map((n) => ({ n })));
  });
});

describe('round trips', () => {
  const sizes = fc.integer({ min: 1, max: 40 });
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });

  test('Parquet', async () => {
    await fc.assert(
      fc.asyncProperty(table, sizes, async (cells, size) => {
        const columnData = ['a', 'b'].map((name, column) => ({
          name,
          data: cells.map((row) => row[column] ?? ''),
          type: 'STRING' as const,
        }));
        const rows = await rowsOf(Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2 })), size);
        expect(rows.map(contentOf)).toEqual(cells.map(([a, b]) => ({ a, b })));
      }),
      { numRuns: 30 },
    );
  });

  test('a JSON array', async () => {
    const objects = fc.array(fc.dictionary(cell, fc.jsonValue({ maxDepth: 2 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(objects, sizes, fc.constantFrom(0, 1), async (records, size, indent) => {
        const rows = await rowsOf(JSON.stringify(records, null, indent), size);
        expect(rows.map((row) => ('row' in row ? JSON.stringify(row.row) : row))).toEqual(
          records.map((record) => JSON.stringify(parseCleanJson(JSON.stringify(record)))),
        );
      }),
    );
  });
});
