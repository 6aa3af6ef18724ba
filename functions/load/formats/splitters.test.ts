import { describe, expect, test } from 'vitest';
import { csvSplitter } from './csv-splitter.ts';
import { jsonArraySplitter } from './json-array-splitter.ts';
import { lineSplitter, type Piece, type Splitter } from './splitter.ts';

const START = { offset: 0, line: 1 };

function cut(splitter: Splitter, bytes: Buffer, size: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    pieces.push(...splitter.push(bytes.subarray(start, start + size)));
  }
  return [...pieces, ...splitter.end()];
}

const textOf = (piece: Piece): string =>
  'bytes' in piece ? piece.bytes.toString('utf8') : `too long: ${piece.tooLong.length}`;

const CASES = [
  {
    name: 'lines',
    make: lineSplitter,
    file: 'one\n\nthree, "x\r\nfür',
    records: ['one', '', 'three, "x\r', 'für'],
    lines: [1, 2, 3, 4],
  },
  {
    name: 'CSV',
    make: (at: typeof START, max?: number) => csvSplitter(0x2c, at, max),
    file: 'a,b\n"x\ny",1\n5" pipe,"say ""hi""\n,"\r\n"",2\nlast,"q"',
    records: ['a,b', '"x\ny",1', '5" pipe,"say ""hi""\n,"\r', '"",2', 'last,"q"'],
    lines: [1, 2, 4, 6, 7],
  },
  {
    name: 'a JSON array',
    make: jsonArraySplitter,
    file: '{"a":[1,2],"b":"],}{\\""},\n{"c":"\\\\"} , 7,\n[1,[2]] ]\n',
    records: ['{"a":[1,2],"b":"],}{\\""}', '\n{"c":"\\\\"} ', ' 7', '\n[1,[2]] ', '\n'],
    lines: [1, 1, 2, 2, 3],
  },
] as const;

describe.each(CASES)('$name', ({ make, file, records, lines }) => {
  const bytes = Buffer.from(file);

  test('gives the same records wherever its bytes are cut', () => {
    for (let size = 1; size <= bytes.length; size += 1) {
      expect(cut(make(START), bytes, size).map(textOf)).toEqual(records);
    }
  });

  test('knows each record by its offset and line', () => {
    const pieces = cut(make(START), bytes, 5);
    expect(pieces.map(({ line }) => line)).toEqual(lines);
    for (const piece of pieces) {
      const text = textOf(piece);
      expect(bytes.subarray(piece.offset, piece.offset + Buffer.byteLength(text)).toString()).toBe(text);
    }
  });

  test('begun at any record, gives the records from there on', () => {
    const whole = cut(make(START), bytes, 7);
    for (const [index, { offset, line }] of whole.entries()) {
      const rest = cut(make({ offset, line }), bytes.subarray(offset), 7);
      expect(rest).toEqual(whole.slice(index));
    }
  });

  test('holds no record beyond the bound', () => {
    const pieces = cut(make(START, 3), bytes, 4);
    expect(pieces.map(({ offset }) => offset)).toEqual(
      cut(make(START), bytes, 4).map(({ offset }) => offset),
    );
    for (const [index, piece] of pieces.entries()) {
      expect('tooLong' in piece).toBe(Buffer.byteLength(records[index] ?? '') > 3);
    }
  });
});
