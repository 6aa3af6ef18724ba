import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectTop, sortByValue } from './select-top.ts';

const valuesArbitrary = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });

function sorted(values: Float32Array): number[] {
  return [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

it('brings the best to the front, as sorting does, ties for the smaller id', () => {
  fc.assert(
    fc.property(valuesArbitrary, fc.nat(70), fc.integer(), (numbers, n, seed) => {
      const values = Float32Array.from(numbers);
      const ids = Uint32Array.from(values.keys()).sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5));
      const kept = selectTop(ids, ids.length, values, n);
      expect(kept).toBe(Math.min(n, ids.length));
      expect([...ids.subarray(0, kept)].sort((a, b) => a - b)).toEqual(
        sorted(values)
          .slice(0, kept)
          .sort((a, b) => a - b),
      );
      expect([...ids].sort((a, b) => a - b)).toEqual([...values.keys()]);
    }),
  );
});

it('sorts by value, ties for the smaller id', () => {
  fc.assert(
    fc.property(valuesArbitrary, (numbers) => {
      const values = Float32Array.from(numbers);
      const ids = Uint32Array.from(values.keys()).reverse();
      sortByValue(ids, ids.length, values);
      expect([...ids]).toEqual(sorted(values));
    }),
  );
});
