import type { Prediction, Reason } from '../../model/protocol.ts';
import type { Product, Recommendation } from '../../shared/events.ts';

/** What may be shown to one shopper. */
export interface Showing {
  readonly excluded: ReadonlySet<string>;
  /** The only categories that may be shown; undefined: all. */
  readonly categories: readonly string[] | undefined;
  /** What the catalogue knows of items. */
  readonly products: ReadonlyMap<string, Product>;
  /** Length of the list. */
  readonly length: number;
}

type Shown = Recommendation['items'][number];

/**
 * The items that may be shown, with reasons to read; filled up from `spare`, the best first, where too few are left. An
 * item that the catalogue does not know may be shown.
 */
export function present(
  items: Prediction['items'],
  spare: Iterable<string>,
  { excluded, categories, products, length }: Showing,
): readonly Shown[] {
  const shown = new Map<string, Shown>();
  const may = (id: string): boolean => {
    const product = products.get(id);
    if (excluded.has(id) || product?.in_stock === false || product?.hidden === true) return false;
    return !categories || categories.includes(product?.category ?? '');
  };
  for (const { item_id, score, reason } of items) {
    if (shown.size === length) break;
    if (!may(item_id) || shown.has(item_id)) continue;
    shown.set(item_id, { item_id, score, reason: textOf(reason, products), why: whyOf(reason) });
  }
  for (const item_id of spare) {
    if (shown.size >= length) break;
    if (!may(item_id) || shown.has(item_id)) continue;
    const reason: Reason = { kind: 'popular' };
    shown.set(item_id, { item_id, score: 0, reason: textOf(reason, products), why: reason });
  }
  return [...shown.values()];
}

/** A reason as a shopper reads it. */
function textOf({ kind, item_id, category }: Reason, products: ReadonlyMap<string, Product>): string {
  const title = item_id === undefined ? undefined : products.get(item_id)?.title;
  switch (kind) {
    case 'viewed':
      return title ? `Because you looked at ${title}` : 'Picked for you';
    case 'similar':
      return title ? `Like ${title}` : 'Picked for you';
    case 'together':
      return title ? `Goes with ${title}` : 'Goes with your cart';
    case 'category':
      return category ? `Popular in ${category}` : 'Popular right now';
    case 'country':
      return 'Popular near you';
    case 'new':
      return category ? `New in ${category}` : 'New in the shop';
    case 'popular':
      return 'Popular right now';
  }
}

function whyOf({ kind, item_id, category }: Reason): NonNullable<Shown['why']> {
  return { kind, ...(item_id !== undefined && { item_id }), ...(category !== undefined && { category }) };
}
