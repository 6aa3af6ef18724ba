import type { RelatedLists } from '../live/related-lists.ts';
import type { Catalog, ShopItem } from './catalog.ts';

/** Products that stand beside others. All can be bought. */
export interface Related {
  /** What is like a product: by the model, else more of its department. */
  similar(product: ShopItem): Promise<readonly ShopItem[]>;
  /** What goes with all of these, and is none of them; nothing where the model says nothing. */
  together(products: readonly ShopItem[]): Promise<readonly ShopItem[]>;
}

export interface RelatedOptions {
  readonly catalog: Catalog;
  /** What the model says of a product; undefined where it says nothing, or may not be asked. */
  readonly read: (itemId: string) => Promise<RelatedLists | undefined>;
}

const SHOWN = 6;

export function makeRelated({ catalog, read }: RelatedOptions): Related {
  const known = new Map<string, RelatedLists>();
  const listsOf = async (id: string): Promise<RelatedLists | undefined> => {
    // A page without it is a page all the same.
    const lists = known.get(id) ?? (await read(id).catch(() => undefined));
    if (lists) known.set(id, lists);
    return lists;
  };
  const forSale = (ids: Iterable<string>, but: readonly ShopItem[]): readonly ShopItem[] => {
    const left = new Set(but.map(({ item_id }) => item_id));
    return [...new Set(ids)]
      .flatMap((id) => (left.has(id) ? [] : (catalog.find(id) ?? [])))
      .filter(({ in_stock }) => in_stock !== false)
      .slice(0, SHOWN);
  };
  return {
    async similar(product) {
      const lists = await listsOf(product.item_id);
      const department = catalog.inCategory(product.category).map(({ item_id }) => item_id);
      return forSale([...(lists?.similar ?? []), ...department], [product]);
    },
    async together(products) {
      const lists = await Promise.all(products.map(({ item_id }) => listsOf(item_id)));
      return forSale(byVotes(lists.flatMap((each) => (each ? [each.together] : []))), products);
    },
  };
}

/** Ids of several lists, best first: each list gives 1 / place. */
function byVotes(lists: readonly (readonly string[])[]): readonly string[] {
  const votes = new Map<string, number>();
  for (const list of lists) list.forEach((id, at) => void votes.set(id, (votes.get(id) ?? 0) + 1 / (at + 1)));
  return [...votes].sort(([, a], [, b]) => b - a).map(([id]) => id);
}
