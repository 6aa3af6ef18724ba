import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from './iso-time.ts';

/** The range of `Date`. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const END = 8.64e15;

test('says what Date says, of any time', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.maxSafeInteger().filter((ms) => Math.abs(ms) <= END),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      ),
      (ms) => {
        expect(isoTime(ms)).toBe(new Date(ms).toISOString());
      },
    ),
  );
});

test.each([0, -1, END, -END, 86_399_999, 86_400_000, -62_198_755_200_000])(
  'says what Date says, of %d',
  (ms) => {
    expect(isoTime(ms)).toBe(new Date(ms).toISOString());
  },
);

test('of more days than are remembered, and of the first again', () => {
  const times = Array.from({ length: 2500 }, (_, day) => day * 86_400_000 + day);
  expect([...times, 1].map(isoTime)).toEqual([...times, 1].map((ms) => new Date(ms).toISOString()));
});

test.each([Number.NaN, END + 1, -END - 1, Number.POSITIVE_INFINITY])('%d is no time', (ms) => {
  expect(() => isoTime(ms)).toThrow(RangeError);
});
