import { describe, expect, test } from 'vitest';
import { describeRow, figure, rowOf } from './row.ts';

const rounds = [
  { ours: 30, theirs: 100 },
  { ours: 80, theirs: 100 },
  { ours: 40, theirs: 80 },
];
const comparison = { name: 'load', unit: 'MB/s', against: 'a parser', rounds, better: 'more' } as const;

describe('a row', () => {
  test('is of the median round, with the others as its spread', () => {
    expect(rowOf({ ...comparison, aim: 0.5 })).toMatchObject({
      name: 'load',
      value: 40,
      unit: 'MB/s',
      against: 'a parser: 80',
      ratio: 0.5,
      aim: 0.5,
      met: true,
      spread: [0.3, 0.8],
    });
  });

  test.each([
    ['more', 0.6, true, false],
    ['less', 0.6, true, true],
    ['less', 0.4, true, false],
    ['less', 0.6, false, false],
  ] as const)('where %s is better, aim %d, condition held: %s, is met: %s', (better, aim, held, met) => {
    expect(rowOf({ ...comparison, better, aim, held }).met).toBe(met);
  });

  test('without an aim has none to meet', () => {
    const row = rowOf(comparison);
    expect(row).toMatchObject({ aim: null, met: null });
    expect(describeRow(row)).toBe('load: 40 MB/s\n    0.5 (0.3 to 0.8) of a parser: 80');
  });

  test('needs a round', () => {
    expect(() => rowOf({ ...comparison, rounds: [] })).toThrow('load: nothing was measured');
  });
});

test.each([
  [1234.5, 1235],
  [12.345, 12.3],
  [0.012345, 0.0123],
])('%d is told as %d', (value, told) => {
  expect(figure(value)).toBe(told);
});
