import { describe, expect, test } from 'vitest';
import { instant, numeric, textual } from './coerce.ts';

describe('numeric', () => {
  test.each([
    ['89.90', 89.9],
    [' 7 ', 7],
    ['-1', -1],
    ['+.5', 0.5],
    ['1.', 1],
    ['1e3', 1_000],
    ['', undefined],
    ['  ', undefined],
    ['1,5', '1,5'],
    ['0x10', '0x10'],
    ['Infinity', 'Infinity'],
    ['1e9999', '1e9999'],
    [7, 7],
    [null, null],
    [true, true],
  ])('%j is %j', (value, expected) => {
    expect(numeric(value)).toBe(expected);
  });

  test('a million digits that are no number are not tried in every way', () => {
    const text = `${'1'.repeat(1_000_000)}x`;
    expect(numeric(text)).toBe(text);
    expect(instant(text)).toBe(text);
  });
});

describe('instant', () => {
  test.each([
    ['2026-11-21T09:30:00+01:00', '2026-11-21T08:30:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    [1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
    ['1700000000000', '2023-11-14T22:13:20.000Z'],
    ['yesterday', 'yesterday'],
    ['12', '1970-01-01T00:00:00.012Z'],
    [1e21, 1e21],
    [undefined, undefined],
    ['', undefined],
  ])('%j is %j', (value, expected) => {
    expect(instant(value)).toBe(expected);
  });
});

describe('textual', () => {
  test.each([
    [7, '7'],
    ['a', 'a'],
    ['', undefined],
    [Number.NaN, Number.NaN],
    [false, false],
  ])('%j is %j', (value, expected) => {
    expect(textual(value)).toBe(expected);
  });
});
