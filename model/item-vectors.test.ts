import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decaysOf, packVectors } from './item-vectors.ts';

it('packs directions to within half a unit, in the order of the items', () => {
  const value = fc.float({ min: -8, max: 8, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.record({ row: fc.tuple(value, value, value), kept: fc.boolean() }), {
        minLength: 1,
        maxLength: 20,
      }),
      (rows) => {
        const all = Float32Array.from(rows.flatMap(({ row }) => row));
        const items = Uint32Array.from(rows.keys()).filter((item) => rows[item]?.kept);
        const packed = packVectors(3, items, all, all);
        expect(packed.items).toEqual(items);
        expect(packed.from).toHaveLength(items.length * 3);
        const unit = packed.units[0] ?? 0;
        packed.to.forEach((steps, at) => {
          const original = all[(items[Math.floor(at / 3)] ?? 0) * 3 + (at % 3)] ?? 0;
          expect(Math.abs(steps * unit - original)).toBeLessThanOrEqual(unit * 0.501);
        });
      },
    ),
  );
});

it('weighs newer clicks more', () => {
  expect([...decaysOf({ reach: 3, decay: 2 })]).toEqual([1, Math.exp(-0.5), Math.exp(-1)]);
});
