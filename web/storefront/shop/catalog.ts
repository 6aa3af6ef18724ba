import type { Product } from '../../../shared/events.ts';
import { search } from './search.ts';

/** A product as the shop sells it. */
export type ShopItem = Product & { readonly category: string; readonly price: number };

export type Order = 'featured' | 'cheapest' | 'dearest';

/** What the shop sells. */
export interface Catalog {
  readonly all: readonly ShopItem[];
  readonly categories: readonly string[];
  find(id: string): ShopItem | undefined;
  inCategory(category: string, order?: Order): readonly ShopItem[];
  /** Best match first; nothing for an empty query. */
  search(query: string): readonly ShopItem[];
  /** The shop's own choice, the same for everybody: one of each category in turn. */
  picks(count: number): readonly ShopItem[];
}

export function makeCatalog(products: readonly Product[]): Catalog {
  const all = products.filter(
    (product): product is ShopItem =>
      product.category !== undefined && product.price !== undefined && !product.hidden,
  );
  const byId = new Map(all.map((product) => [product.item_id, product]));
  const byCategory = Map.groupBy(all, ({ category }) => category);
  return {
    all,
    categories: [...byCategory.keys()],
    find: (id) => byId.get(id),
    inCategory: (category, order = 'featured') => inOrder(byCategory.get(category) ?? [], order),
    search: (query) => search(all, query),
    picks: (count) => {
      const shelves = [...byCategory.values()];
      const longest = Math.max(0, ...shelves.map(({ length }) => length));
      const inTurn = Array.from({ length: longest }, (_, at) =>
        shelves.flatMap((shelf, row) => shelf[(at * 7 + row * 5) % shelf.length] ?? []),
      );
      return [...new Set(inTurn.flat())].filter(({ in_stock }) => in_stock !== false).slice(0, count);
    },
  };
}

function inOrder(products: readonly ShopItem[], order: Order): readonly ShopItem[] {
  if (order === 'featured') return products;
  const sign = order === 'cheapest' ? 1 : -1;
  return products.toSorted((a, b) => sign * (a.price - b.price));
}
