import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { type ByteSource, bufferSource } from './byte-source.ts';
import { FileRefused } from './file-format.ts';
import { openParquet } from './parquet.ts';

/** The content of a Parquet file's rows. */
async function contentOf(source: ByteSource): Promise<unknown[]> {
  const file = await openParquet(source, 'none');
  const content: unknown[] = [];
  for await (const rows of file.rows(0, Number.POSITIVE_INFINITY)) {
    content.push(...rows.map((row) => ('row' in row ? row.row : row.unreadable)));
  }
  return content;
}

function written(options: Omit<Parameters<typeof parquetWriteBuffer>[0], 'writer'>): Buffer {
  return Buffer.from(parquetWriteBuffer({ codec: 'UNCOMPRESSED', statistics: false, ...options }));
}

const LAST = 2n ** 63n - 1n;

describe('a time that no calendar has is told as the number that stands in the file', () => {
  test.each([
    ['microseconds', { converted_type: 'TIMESTAMP_MICROS' }, 1_700_000_000_000_000n, LAST],
    ['milliseconds', { converted_type: 'TIMESTAMP_MILLIS' }, 1_700_000_000_000n, -LAST],
  ] as const)('%s', async (_unit, type, time, infinity) => {
    const bytes = written({
      columnData: [{ name: 'at', data: [time, infinity] }],
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'at', type: 'INT64', repetition_type: 'REQUIRED', ...type },
      ],
    });
    expect(await contentOf(bufferSource(bytes))).toEqual([
      { at: '2023-11-14T22:13:20.000Z' },
      { at: String(infinity) },
    ]);
  });

  test('days', async () => {
    const bytes = written({
      columnData: [{ name: 'on', data: [19_675, 2 ** 31 - 1] }],
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'on', type: 'INT32', repetition_type: 'REQUIRED', converted_type: 'DATE' },
      ],
    });
    expect(await contentOf(bufferSource(bytes))).toEqual([
      { on: '2023-11-14T00:00:00.000Z' },
      { on: '2147483647' },
    ]);
  });
});

describe('a file whose footer can be read, and whose rows cannot', () => {
  const rows = (json: unknown): Buffer =>
    written({
      columnData: [
        { name: 'n', data: [1, 2, 3, 4], type: 'INT32' },
        { name: 'told', data: [1, 2, 3, json], type: 'JSON' },
      ],
      rowGroupSize: 2,
    });
  const swap = (bytes: Buffer, from: string, to: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
  const broken = (bytes: Buffer): Buffer => {
    bytes.fill(0xff, 4, 12);
    return bytes;
  };

  test.each([
    ['a broken page', broken(rows(4)), /^its row group 0 cannot be read: /],
    ['broken JSON', swap(rows({ a: 'x' }), '"x"', 'xxx'), /^its row group 1 cannot be read: .*JSON/],
  ])('is refused for %s', async (_name, bytes, why) => {
    const reading = contentOf(bufferSource(bytes));
    await expect(reading).rejects.toThrow(FileRefused);
    await expect(reading).rejects.toThrow(why);
  });

  test('is not refused where the store fails, whatever its error looks like', async () => {
    const source = bufferSource(rows(4));
    for (const before of [0, 1]) {
      let reads = 0;
      const failing: ByteSource = {
        size: source.size,
        async *read(range) {
          reads += 1;
          if (reads > before) throw new Error('connection reset');
          yield* source.read(range);
        },
      };
      const reading = contentOf(failing);
      await expect(reading).rejects.toThrow(/^connection reset$/);
      await expect(reading).rejects.not.toThrow(FileRefused);
    }
  });

  test('gives what nests too deep for an event as text from there on', async () => {
    const bytes = swap(rows({ a: 'x'.repeat(100_000) }), `"${'x'.repeat(100_000)}"`, nested(100_002));
    const [, , , last] = await contentOf(bufferSource(bytes));
    expect(JSON.stringify(last)).toContain('[["…"]]');
  });
});

/** A list in a list in a list, in so many bytes. */
function nested(bytes: number): string {
  return `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`;
}
