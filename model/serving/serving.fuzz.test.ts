import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diversify } from './diversify.ts';
import { withFresh } from './fresh.ts';

test('diversity keeps every place once, the first one first, and 0 keeps the order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), { maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (categories, diversity) => {
        const places = categories.map((_, place) => place);
        const order = [...diversify(places.length, diversity, (place) => categories[place])];
        expect(order.toSorted((a, b) => a - b)).toEqual(places);
        if (places.length > 0) expect(order[0]).toBe(0);
        expect([...diversify(places.length, 0, (place) => categories[place])]).toEqual(places);
      },
    ),
  );
});

test('full diversity shows every category before any comes again', () => {
  const categories = ['a', 'a', 'a', 'b', 'b', 'c'];
  const order = [...diversify(6, 1, (place) => categories[place])];
  expect(order.slice(0, 3).map((place) => categories[place])).toEqual(['a', 'b', 'c']);
});

test('new products never lengthen a list beyond its limit, nor reorder what was listed', () => {
  const listed = fc
    .uniqueArray(fc.nat(99), { maxLength: 30 })
    .map((ids) => ids.map((id) => ({ item_id: `i${id}`, score: id, reason: { kind: 'popular' as const } })));
  const offers = fc
    .uniqueArray(fc.nat(99), { maxLength: 30 })
    .map((ids) => ids.map((id) => ({ item_id: `new${id}`, category: id % 2 === 0 ? 'liked' : 'other' })));
  const taste = { categories: ['liked'], brands: new Set<string>(), prices: [] };
  fc.assert(
    fc.property(listed, offers, fc.integer({ min: 1, max: 40 }), (given, fresh, limit) => {
      const list = given.slice(0, limit);
      const mixed = withFresh(list, fresh, taste, limit);
      expect(mixed.length).toBe(Math.min(limit, Math.max(list.length, mixed.length)));
      expect(mixed.length).toBeGreaterThanOrEqual(Math.min(limit, list.length + fresh.length));
      const old = mixed.filter(({ reason }) => reason.kind !== 'new');
      expect(old).toEqual(list.slice(0, old.length));
      if (list.length === limit)
        expect(
          mixed
            .filter(({ reason }) => reason.kind === 'new')
            .every(({ reason }) => reason.category === 'liked'),
        ).toBe(true);
    }),
  );
});
