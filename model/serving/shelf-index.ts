import type { Knowledge } from '../knowledge.ts';
import type { Shelves } from '../shelves.ts';

/** Shelves by item number, for serving. */
export interface ShelfIndex {
  /** The item's category; undefined where it is unknown. */
  category(item: number): string | undefined;
  brand(item: number): string | undefined;
  price(item: number): number | undefined;
  /** Items of a category, the most popular of late first. */
  inCategory(category: string): Uint32Array;
  /** Items by their popularity in a country; none where it is unknown. */
  inCountry(country: string): Uint32Array;
}

const NONE = new Uint32Array(0);

/** Looks items up by number; those that the model does not know are left out. */
export function makeShelfIndex(
  { items, countries }: Shelves,
  numbers: ReadonlyMap<string, number>,
  { popular }: Pick<Knowledge, 'popular'>,
): ShelfIndex {
  const known = new Map(
    items.flatMap((item) => {
      const number = numbers.get(item.item_id);
      return number === undefined ? [] : [[number, item] as const];
    }),
  );
  const categories = new Map<string, number[]>();
  for (const item of popular) {
    const category = known.get(item)?.category;
    if (category === undefined) continue;
    const shelf = categories.get(category);
    if (shelf) shelf.push(item);
    else categories.set(category, [item]);
  }
  const byCategory = new Map([...categories].map(([category, shelf]) => [category, Uint32Array.from(shelf)]));
  const byCountry = new Map(
    Object.entries(countries).map(([country, ids]) => [
      country,
      Uint32Array.from(ids.flatMap((id) => numbers.get(id) ?? [])),
    ]),
  );
  return {
    category: (item) => known.get(item)?.category,
    brand: (item) => known.get(item)?.brand,
    price: (item) => known.get(item)?.price,
    inCategory: (category) => byCategory.get(category) ?? NONE,
    inCountry: (country) => byCountry.get(country) ?? NONE,
  };
}
