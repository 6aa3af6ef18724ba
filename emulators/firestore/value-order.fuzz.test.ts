import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePaths } from './paths.ts';
import { sameValue } from './same-values.ts';
import { compareText } from './text-order.ts';
import { compareValues } from './value-order.ts';
import { anyValue } from './wire/any-value.ts';

describe("Firestore's order of values", () => {
  it('is the opposite the other way round', () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), (a, b) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
      }),
    );
  });

  it('holds through a value between', () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), anyValue(), (...values) => {
        const [a, b, c] = values.sort(compareValues);
        expect(compareValues(a, c)).toBeLessThanOrEqual(0);
        expect(compareValues(a, b)).toBeLessThanOrEqual(0);
        expect(compareValues(b, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('tells apart no values that are stored alike', () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), (a, b) => {
        expect(sameValue(a, structuredClone(a))).toBe(true);
        if (compareValues(a, b) !== 0) expect(sameValue(a, b)).toBe(false);
      }),
    );
  });
});

describe('the order of names', () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'a',
      'ab',
      'a\u{1f600}',
      'a\uffee',
      '__id1__',
      '__id10__',
      '__id-2__',
      '__id9__x',
      'Z',
      '-',
      '.x',
    ),
    fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.replaceAll('/', '|')),
  );
  const name = fc.array(segment, { minLength: 1, maxLength: 4 });

  /** Id by id, which is how the order is defined. */
  function defined(a: readonly string[], b: readonly string[]): number {
    for (const [index, left] of a.entries()) {
      const right = b[index];
      if (right === undefined) return 1;
      const [x, y] = [left, right].map((id) => /^__id(-?\d+)__$/.exec(id)?.[1]);
      if (x !== undefined && y !== undefined && x !== y) return Number(x) - Number(y);
      if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
      const order = compareText(left, right);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }

  it('is by ids from the left, numbers first', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(comparePaths(a.join('/'), b.join('/')))).toBe(Math.sign(defined(a, b)));
      }),
      { numRuns: 2000 },
    );
  });

  it('is by code points, as bytes of UTF-8 are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
