import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bufferSource } from './formats/byte-source.ts';
import { lineSplitter } from './formats/splitter.ts';
import { planChunks } from './plan.ts';

const START = { offset: 0, line: 1 };
const NDJSON = { kind: 'ndjson', compression: 'none', encoding: 'utf-8', start: START } as const;

test('chunks of lines begin where records do, as soon as they are long enough', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 6 })),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, chunkBytes, readBytes) => {
        const bytes = Buffer.from(lines.join('\n'));
        const object = { ...bufferSource(bytes, readBytes), checksum: undefined, createdAt: 0 };
        const planned = await Array.fromAsync(planChunks(object, NDJSON, START, chunkBytes));
        const begins = [START];
        for (const { offset, line } of lineSplitter(START).push(bytes)) {
          if (offset - (begins.at(-1)?.offset ?? 0) >= chunkBytes) begins.push({ offset, line });
        }
        expect(planned.map(({ from }) => from)).toEqual(begins);
        expect(planned.map(({ until }) => until)).toEqual([
          ...begins.slice(1).map(({ offset }) => offset),
          bytes.length,
        ]);
        expect(planned.map(({ last }) => last)).toEqual(begins.map((_, at) => at === begins.length - 1));
      },
    ),
  );
});
