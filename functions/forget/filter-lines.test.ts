import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LongLineError, makeLineFilter } from './filter-lines.ts';

async function filtered(chunks: Iterable<Buffer>, isOut: (line: string) => boolean, longest?: number) {
  const { stream, counts } = makeLineFilter(isOut, longest);
  const [out] = await Promise.all([buffer(stream), pipeline(Readable.from(chunks), stream)]);
  return { text: out.toString('utf8'), ...counts() };
}

test('takes lines out and keeps the others to the byte', async () => {
  const file = Buffer.from('id,name\r\n1,Ada\r\n2,Bob\r\n\r\n3,Ada');
  expect(await filtered([file], (line) => line.endsWith('Ada'))).toEqual({
    text: 'id,name\r\n2,Bob\r\n\r\n',
    kept: 2,
    removed: 2,
  });
});

test('ends at a line beyond measure, which is not held whole', async () => {
  let made = 0;
  function* endless(): Generator<Buffer> {
    for (; ; made += 1) yield Buffer.alloc(1000, 'x');
  }
  await expect(filtered(endless(), () => true, 10_000)).rejects.toThrow(LongLineError);
  expect(made).toBeLessThan(100);
  const line = Buffer.alloc(9_999, 'x');
  const chunks = [line, Buffer.from('\n'), line, Buffer.from('\n')];
  expect(await filtered(chunks, () => false, 10_000)).toMatchObject({ kept: 2, removed: 0 });
});

test('however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-zäß€ ]{0,8}$/)),
      fc.array(fc.nat(40)),
      async (lines, cuts) => {
        const bytes = Buffer.from(lines.join('\n'));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const isOut = (line: string): boolean => line.includes('a');
        const parts = lines.map((line, index) => (index < lines.length - 1 ? `${line}\n` : line));
        const { text, removed } = await filtered(chunks, isOut);
        expect(text).toBe(parts.filter((part) => !isOut(part)).join(''));
        expect(removed).toBe(lines.filter(isOut).length);
      },
    ),
  );
});
