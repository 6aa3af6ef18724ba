import type { Catalog, ShopItem } from './catalog.ts';

export interface CartLine {
  readonly product: ShopItem;
  readonly quantity: number;
}

/** What the shopper is about to buy; kept by the browser between visits. */
export interface Cart {
  lines(): readonly CartLine[];
  /** Pieces in all. */
  count(): number;
  total(): number;
  add(id: string): void;
  /** Zero takes it out. */
  set(id: string, quantity: number): void;
  clear(): void;
  /** Takes over what was changed in another tab. */
  refresh(): void;
  /** Told of each change. */
  watch(changed: () => void): void;
}

/** The part of `localStorage` that is used; each may throw where the browser keeps nothing. */
export type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Where it is kept. */
export const CART_KEY = 'shop.cart';

const MOST_OF_ONE = 99;

export function makeCart(catalog: Catalog, storage: () => KeyValues): Cart {
  let quantities = read(storage);
  const watchers: (() => void)[] = [];
  const change = (next: ReadonlyMap<string, number>): void => {
    quantities = next;
    try {
      storage().setItem(CART_KEY, JSON.stringify([...next]));
    } catch {
      // It lasts as long as the page.
    }
    for (const changed of watchers) changed();
  };
  const set = (id: string, quantity: number): void => {
    const next = new Map(quantities);
    if (quantity <= 0) next.delete(id);
    else next.set(id, Math.min(MOST_OF_ONE, Math.floor(quantity)));
    change(next);
  };
  const lines = (): readonly CartLine[] =>
    [...quantities].flatMap(([id, quantity]) => {
      const product = catalog.find(id);
      return product ? [{ product, quantity }] : [];
    });
  return {
    lines,
    count: () => lines().reduce((sum, { quantity }) => sum + quantity, 0),
    total: () =>
      Math.round(lines().reduce((sum, { product, quantity }) => sum + product.price * quantity, 0) * 100) /
      100,
    add: (id) => set(id, (quantities.get(id) ?? 0) + 1),
    set,
    clear: () => change(new Map()),
    refresh() {
      quantities = read(storage);
      for (const changed of watchers) changed();
    },
    watch: (changed) => watchers.push(changed),
  };
}

function read(storage: () => KeyValues): ReadonlyMap<string, number> {
  try {
    const kept: unknown = JSON.parse(storage().getItem(CART_KEY) ?? '[]');
    if (!Array.isArray(kept)) return new Map();
    return new Map(
      kept.filter(
        (entry): entry is [string, number] =>
          Array.isArray(entry) && typeof entry[0] === 'string' && entry[1] > 0,
      ),
    );
  } catch {
    return new Map();
  }
}
