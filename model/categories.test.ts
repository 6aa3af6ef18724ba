import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupByCategory, makeCategoryScorer } from './categories.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { ScoreTable } from './score-table.ts';

const ITEMS = 12;
const cases = fc.record({
  of: fc.oneof(
    fc.array(fc.nat(4), { minLength: ITEMS, maxLength: ITEMS }),
    fc.array(fc.nat(4), { maxLength: ITEMS }),
  ),
  popular: fc.uniqueArray(fc.nat(ITEMS - 1), { maxLength: ITEMS }),
  prefix: fc.array(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 6 }),
  from: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 5 }),
});

it('lists the items of each category, the most popular first', () => {
  fc.assert(
    fc.property(cases, ({ of, popular }) => {
      const { starts, items } = groupByCategory(Uint32Array.from(of), Uint32Array.from(popular));
      for (let category = 1; category <= Math.max(0, ...of); category++)
        expect([...items.subarray(starts[category], starts[category + 1])]).toEqual(
          popular.filter((item) => of[item] === category),
        );
    }),
  );
});

it('scores the popular items of the categories that were clicked last', () => {
  fc.assert(
    fc.property(cases, ({ of, popular, prefix, from, width }) => {
      const parameters = { ...DEFAULT_PARAMETERS.category, from, width };
      const expected = new Array<number>(ITEMS).fill(0);
      [...prefix]
        .reverse()
        .slice(0, from)
        .forEach((click, age) => {
          const category = of[click] ?? 0;
          if (category === 0) return;
          popular
            .filter((item) => of[item] === category)
            .slice(0, width)
            .forEach((item, rank) => {
              expected[item] = (expected[item] ?? 0) + Math.exp(-age / parameters.decay) / (rank + 1);
            });
        });
      const sum = expected.reduce((a, b) => a + b, 0);
      const categories = groupByCategory(Uint32Array.from(of), Uint32Array.from(popular));
      const table = new ScoreTable(ITEMS);
      makeCategoryScorer(categories, parameters)(Uint32Array.from(prefix), prefix.length, table);
      for (const [item, value] of expected.entries())
        expect(table.values[item]).toBeCloseTo(sum === 0 ? 0 : value / sum, 5);
    }),
  );
});
