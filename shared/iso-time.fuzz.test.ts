import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime, parseTime, readUtcTime } from './iso-time.ts';

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

const figures = (width: number, max: number) =>
  fc.integer({ min: 0, max }).map((number) => String(number).padStart(width, '0'));

/** Texts like times: of the form that is read, of others, and near misses such as February 30 and 25 o'clock. */
const timeLike = fc
  .tuple(
    fc.oneof(figures(4, 9999), fc.constantFrom('1969', '2000', '2023', '2024', '2100')),
    fc.constantFrom('-', '-', '-', '/'),
    figures(2, 13),
    figures(2, 32),
    fc.constantFrom('T', 'T', 'T', ' ', 't'),
    figures(2, 25),
    figures(2, 61),
    figures(2, 61),
    fc.oneof(
      fc.constantFrom('', '.'),
      figures(3, 999).map((text) => `.${text}`),
      figures(6, 999_999).map((text) => `.${text}`),
    ),
    fc.constantFrom('Z', 'Z', 'Z', '', 'z', '+02:00', ' UTC'),
  )
  .map(
    ([year, dash, month, day, separator, hour, minute, second, fraction, zone]) =>
      `${year}${dash}${month}${dash}${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`,
  );
const anyText = fc.oneof(
  timeLike,
  fc.string(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

test('reads what Date.parse reads, of any text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(parseTime(text)).toBe(Date.parse(text));
    }),
    { numRuns: 2000 },
  );
});

test('reads a time of a calendar day, or nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const time = readUtcTime(text);
      if (!Number.isNaN(time)) expect(new Date(time).toISOString()).toBe(`${text.padEnd(23, '.000')}Z`);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '2026-11-21T09:30:00',
  '2026-11-21T09:30:00.123',
  '1969-12-31T23:59:59.999',
  '2024-02-29T00:00:00',
])('%s is read at once', (text) => {
  expect(readUtcTime(text)).toBe(Date.parse(`${text}Z`));
});

test.each([
  '2026-02-30T00:00:00',
  '2026-11-21T24:00:00',
  '2026-11-21 09:30:00',
  '2026-11-21T09:30',
  '2026-11-21T09:30:00.1234',
])('%s is left to whoever reads more forms', (text) => {
  expect(readUtcTime(text)).toBeNaN();
});
