import type { Parameters } from './parameters.ts';
import type { Scorer } from './vstan.ts';

/** The items of each category. */
export interface Categories {
  /** Category of each item, from 1; 0, or nothing, where none is known. */
  readonly of: Uint32Array;
  /** Where each category's items begin. */
  readonly starts: Uint32Array;
  /** The most popular first. */
  readonly items: Uint32Array;
}

/** Lists the items of each category in the order of `popular`. */
export function groupByCategory(of: Uint32Array, popular: Uint32Array): Categories {
  const count = of.reduce((most, category) => Math.max(most, category), 0) + 1;
  const starts = new Uint32Array(count + 1);
  for (const item of popular) {
    const category = of[item] ?? 0;
    if (category > 0) starts[category + 1] = (starts[category + 1] ?? 0) + 1;
  }
  for (let category = 0; category < count; category++)
    starts[category + 1] = (starts[category + 1] ?? 0) + (starts[category] ?? 0);
  const items = new Uint32Array(starts[count] ?? 0);
  const next = starts.slice(0, count);
  for (const item of popular) {
    const category = of[item] ?? 0;
    if (category === 0) continue;
    const at = next[category] ?? 0;
    items[at] = item;
    next[category] = at + 1;
  }
  return { of, starts, items };
}

/**
 * The popular items of the categories in which the session's newest clicks lie: 1 / rank within the category, decaying
 * with each click's age.
 */
export function makeCategoryScorer(
  { of, starts, items }: Categories,
  { from, decay, width }: Parameters['category'],
): Scorer {
  return (prefix, length, scores) => {
    for (let age = 0; age < from && age < length; age++) {
      const category = of[prefix[length - 1 - age] ?? 0] ?? 0;
      if (category === 0) continue;
      const weight = Math.exp(-age / decay);
      const begin = starts[category] ?? 0;
      const end = Math.min(starts[category + 1] ?? 0, begin + width);
      for (let at = begin; at < end; at++) scores.add(items[at] ?? 0, weight / (at - begin + 1));
    }
    const sum = scores.sum();
    if (sum > 0) scores.scale(1 / sum);
  };
}
