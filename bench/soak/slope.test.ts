import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../emulators/shop/random.ts';
import { grows, type Point, slopeOf } from './slope.ts';

const series = (count: number, yOf: (x: number) => number): readonly Point[] =>
  Array.from({ length: count }, (_, x) => ({ x, y: yOf(x) }));

describe('a slope', () => {
  test('of a line is exact', () => {
    expect(slopeOf(series(20, (x) => 3 + 2 * x))).toEqual({ value: 2, low: 2, high: 2 });
  });

  test('is not bent by outliers', () => {
    const points = series(40, (x) => (x % 10 === 9 ? 1000 : x));
    const { value, low, high } = slopeOf(points);
    expect(value).toBeCloseTo(1, 1);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  });

  test('of noise has zero within its bounds, nearly always', () => {
    const random = makeRandom(11);
    let within = 0;
    for (let round = 0; round < 100; round += 1) {
      const { low, high } = slopeOf(series(30, () => random.next()));
      if (low <= 0 && high >= 0) within += 1;
    }
    expect(within).toBeGreaterThan(88);
  });

  test('needs three points', () => {
    expect(() => slopeOf(series(2, (x) => x))).toThrow(RangeError);
  });
});

describe('growth', () => {
  const noise = makeRandom(3);
  test.each([
    ['a leak of 1 % a step', series(60, (x) => 100 + x + noise.next() * 5), true],
    ['noise', series(60, () => 100 + noise.next() * 20), false],
    ['a rise too small to matter', series(60, (x) => 100 + x * 0.02), false],
    ['a fall', series(60, (x) => 100 - x), false],
    ['a sawtooth of garbage collection', series(60, (x) => 100 + (x % 7) * 4), false],
  ])('%s', (_what, points, expected) => {
    expect(grows(points, { share: 0.1, amount: 5 })).toBe(expected);
  });
});
