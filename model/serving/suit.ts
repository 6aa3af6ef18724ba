import type { Offer } from '../protocol.ts';

/** What a shopper's clicks say beside the items themselves. */
export interface Taste {
  /** The dearest first. */
  readonly categories: readonly string[];
  readonly brands: ReadonlySet<string>;
  /** Prices of what was looked at. */
  readonly prices: readonly number[];
}

/**
 * How well a new product suits a taste: 0 outside the shopper's categories; inside, the more the dearer the category is,
 * the closer the price, and where the brand is known.
 */
export function suit({ category, brand, price }: Offer, { categories, brands, prices }: Taste): number {
  const place = category === undefined ? -1 : categories.indexOf(category);
  if (place < 0) return 0;
  const sameBrand = brand !== undefined && brands.has(brand) ? 1 : 0;
  return 2 / (1 + place) + sameBrand + priceMatch(price, prices);
}

/** 1 for the geometric mean of the prices, 1/e where it is e times as much or as little. */
function priceMatch(price: number | undefined, prices: readonly number[]): number {
  const positive = prices.filter((each) => each > 0);
  if (price === undefined || price <= 0 || positive.length === 0) return 0;
  const mean = positive.reduce((sum, each) => sum + Math.log(each), 0) / positive.length;
  return Math.exp(-Math.abs(Math.log(price) - mean));
}
