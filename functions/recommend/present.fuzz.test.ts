import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Product } from '../../shared/events.ts';
import { present } from './present.ts';

const ids = Array.from({ length: 30 }, (_, at) => `i${at}`);
const product = (item_id: string) =>
  fc.record({
    item_id: fc.constant(item_id),
    title: fc.constant(item_id.toUpperCase()),
    in_stock: fc.constantFrom(true, false),
    hidden: fc.constantFrom(true, false, undefined),
    category: fc.constantFrom('a', 'b', undefined),
  });
const catalogue = fc.tuple(...ids.map((id) => fc.option(product(id)))) as fc.Arbitrary<(Product | null)[]>;

test('a list is as long as what may be shown allows, and shows nothing else', () => {
  fc.assert(
    fc.property(
      catalogue,
      fc.subarray(ids),
      fc.subarray(ids),
      fc.option(fc.subarray(['a', 'b'])),
      fc.integer({ min: 1, max: 40 }),
      (entries, listed, excluded, categories, length) => {
        const products = new Map(entries.flatMap((entry) => (entry ? [[entry.item_id, entry]] : [])));
        const showing = {
          excluded: new Set(excluded),
          categories: categories ?? undefined,
          products,
          length,
        };
        const items = listed.map((item_id) => ({ item_id, score: 1, reason: { kind: 'viewed' as const } }));
        const shown = present(items, ids, showing).map(({ item_id }) => item_id);
        const may = ids.filter((id) => {
          const found = products.get(id);
          if (excluded.includes(id) || found?.in_stock === false || found?.hidden) return false;
          return categories === null || categories.includes(found?.category ?? 'none');
        });
        expect(shown).toHaveLength(Math.min(length, may.length));
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.every((id) => may.includes(id))).toBe(true);
        const kept = listed.filter((id) => may.includes(id)).slice(0, length);
        expect(shown.slice(0, kept.length)).toEqual(kept);
      },
    ),
  );
});
