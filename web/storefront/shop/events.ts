import type { Item } from '../../../shared/events.ts';
import type { EventFields } from '../../tracker/tracker.ts';
import type { CartLine } from './cart.ts';
import type { ShopItem } from './catalog.ts';

/** Where in a list a product stood, and whose recommendation it was. */
export interface Placement {
  readonly list: string;
  readonly index: number;
  readonly recommendationId?: string | undefined;
}

/** A product as events name it, after GA4 e-commerce. */
export function itemOf(product: ShopItem, placement?: Omit<Placement, 'recommendationId'>): Item {
  const { item_id, title, brand, category, price } = product;
  return {
    item_id,
    item_name: title,
    item_category: category,
    price,
    ...(brand !== undefined && { item_brand: brand }),
    ...(placement && { index: placement.index, item_list_id: placement.list }),
  };
}

/** An event about one product. */
export function about(product: ShopItem, placement?: Placement): EventFields {
  return {
    items: [itemOf(product, placement)],
    value: product.price,
    currency: product.currency ?? 'EUR',
    ...(placement?.recommendationId !== undefined && { recommendation_id: placement.recommendationId }),
  };
}

/** A list that was shown. */
export function listOf(products: readonly ShopItem[], list: string, recommendationId?: string): EventFields {
  return {
    items: products.slice(0, MOST_ITEMS).map((product, index) => itemOf(product, { list, index })),
    ...(recommendationId !== undefined && { recommendation_id: recommendationId }),
  };
}

/** The cart, or the order it became. */
export function orderOf(lines: readonly CartLine[], value: number): EventFields {
  return {
    items: lines.slice(0, MOST_ITEMS).map(({ product, quantity }) => ({ ...itemOf(product), quantity })),
    value,
    currency: lines[0]?.product.currency ?? 'EUR',
  };
}

/** The collector takes a hundred; a page that shows more shows them further down. */
const MOST_ITEMS = 40;
