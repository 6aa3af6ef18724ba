import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import { withShelves } from './artifact.ts';
import { buildModel } from './build.ts';
import { Instance, MODES } from './protocol.ts';
import { makeRecommender } from './recommender.ts';

const built = await buildModel(aisleSessions(400), { version: 'v1' });
const aisleOf = (id: string): string => id.split('-')[0] ?? '';
const artifact = withShelves(built, {
  // Every fourth item has no category.
  items: built.itemIds.flatMap((item_id, at) =>
    at % 4 === 0 ? [] : [{ item_id, category: aisleOf(item_id) }],
  ),
  countries: { DE: built.itemIds.slice(5, 40) },
});
const recommend = makeRecommender(artifact);
const categoryOf = new Map(artifact.shelves?.items.map(({ item_id, category }) => [item_id, category]));

const id = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...built.itemIds) }, fc.constant('unheard-of'));
const aisle = fc.integer({ min: 0, max: 11 }).map((number) => `a${number}`);
const instances = fc.record({
  items: fc.array(
    id.map((item_id) => ({ item_id, event_name: 'view_item', event_time: '2026-11-21T09:00:00Z' })),
    { maxLength: 8 },
  ),
  exclude: fc.array(id, { maxLength: 300 }),
  limit: fc.integer({ min: 1, max: 100 }),
  mode: fc.constantFrom(...MODES),
  country: fc.constantFrom('DE', 'FR'),
  interests: fc.array(aisle, { maxLength: 3 }),
  diversity: fc.constantFrom(0, 0.3, 1),
});

/** What may be listed, by the plainest reading of the protocol. */
function eligible({ items, exclude, mode, categories }: Instance): ReadonlySet<string> {
  const looked = mode === 'together' ? items : items.slice(0, 1);
  const barred = new Set([...exclude, ...looked.map(({ item_id }) => item_id)]);
  return new Set(
    built.itemIds.filter(
      (item) => !barred.has(item) && (!categories || categories.includes(categoryOf.get(item) ?? '')),
    ),
  );
}

test('a list holds as many items as asked for while there are so many, each once, all of them allowed', () => {
  fc.assert(
    fc.property(instances, fc.option(fc.array(aisle, { maxLength: 3 })), (fields, categories) => {
      const instance = Instance.parse({ ...fields, ...(categories && { categories }) });
      const allowed = eligible(instance);
      const { items } = recommend(instance);
      const ids = items.map(({ item_id }) => item_id);
      expect(ids).toHaveLength(Math.min(instance.limit, allowed.size));
      expect(new Set(ids).size).toBe(ids.length);
      for (const each of ids) expect(allowed.has(each)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('an answer does not depend on the questions before it', () => {
  fc.assert(
    fc.property(instances, instances, (one, other) => {
      const first = recommend(Instance.parse(one));
      recommend(Instance.parse(other));
      expect(recommend(Instance.parse(one))).toEqual(first);
    }),
  );
});

test("a reason that names a click names one of the session, and a category is the item's own", () => {
  fc.assert(
    fc.property(instances, (fields) => {
      const instance = Instance.parse(fields);
      const clicked = new Set(instance.items.map(({ item_id }) => item_id));
      const { items, source } = recommend(instance);
      for (const { item_id, reason } of items) {
        if (['viewed', 'similar', 'together'].includes(reason.kind)) {
          expect(reason.kind).toBe(instance.mode === 'next' ? 'viewed' : instance.mode);
          expect(clicked.has(reason.item_id ?? '')).toBe(true);
          expect(source).toBe('model');
        } else expect(reason.item_id).toBeUndefined();
        if (reason.kind === 'category') expect(categoryOf.get(item_id)).toBe(reason.category);
        if (reason.kind === 'country')
          expect(artifact.shelves?.countries[instance.country ?? '']).toContain(item_id);
      }
    }),
  );
});

test('who is a stranger gets the interests and the country in turn, then what is popular, in its order', () => {
  const nobody = fc.record({
    items: fc.array(
      fc.constant({ item_id: 'unheard-of', event_name: 'view_item', event_time: '2026-11-21T09:00:00Z' }),
      { maxLength: 2 },
    ),
    country: fc.constantFrom('DE', 'FR'),
    interests: fc.uniqueArray(aisle, { maxLength: 3 }),
    limit: fc.integer({ min: 1, max: 100 }),
  });
  const popular = Array.from(built.knowledge.popular, (item) => built.itemIds[item] ?? '');
  const shelves = new Map(
    Map.groupBy(
      popular.filter((item) => categoryOf.has(item)),
      (item) => categoryOf.get(item) ?? '',
    ),
  );
  fc.assert(
    fc.property(nobody, (fields) => {
      const { items, source } = recommend(Instance.parse(fields));
      expect(source).toBe('popularity');
      const queues = [
        ...fields.interests.map((interest) => shelves.get(interest) ?? []),
        artifact.shelves?.countries[fields.country] ?? [],
      ];
      const longest = Math.max(...queues.map((queue) => queue.length));
      const inTurn = Array.from({ length: longest }, (_, place) =>
        queues.flatMap((queue) => queue[place] ?? []),
      );
      const expected = [...new Set([...inTurn.flat(), ...popular])].slice(0, fields.limit);
      expect(items.map(({ item_id }) => item_id)).toEqual(expected);
    }),
  );
});
