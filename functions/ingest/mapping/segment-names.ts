import { EVENT_NAMES } from '../../../shared/events.ts';
import type { CommerceMapping } from './commerce.ts';
import { makeProductMapping } from './products.ts';

/**
 * Segment's e-commerce events (V2) and those of its other specs that have a canonical name, in lower case.
 * https://segment.com/docs/connections/spec/ecommerce/v2/
 */
export const SEGMENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['products searched', 'search'],
  ['product list viewed', 'view_item_list'],
  ['product list filtered', 'view_item_list'],
  ['promotion viewed', 'view_promotion'],
  ['promotion clicked', 'select_promotion'],
  ['product clicked', 'select_item'],
  ['product viewed', 'view_item'],
  ['product added', 'add_to_cart'],
  ['product removed', 'remove_from_cart'],
  ['cart viewed', 'view_cart'],
  ['checkout started', 'begin_checkout'],
  ['payment info entered', 'add_payment_info'],
  ['order completed', 'purchase'],
  ['order refunded', 'refund'],
  ['product added to wishlist', 'add_to_wishlist'],
  ['wishlist product added to cart', 'add_to_cart'],
  ['signed in', 'login'],
  ['signed up', 'sign_up'],
  ['account created', 'sign_up'],
  ...EVENT_NAMES.map((name) => [name.replaceAll('_', ' '), name] as const),
]);

/** Segment's names for the fields of products and orders. */
export const SEGMENT_COMMERCE: CommerceMapping = {
  lists: ['products', 'items'],
  fields: {
    value: ['value', 'revenue', 'total'],
    currency: ['currency'],
    transaction_id: ['order_id', 'transaction_id'],
    search_term: ['query', 'search_term'],
    recommendation_id: ['recommendation_id'],
  },
  products: makeProductMapping({
    item_id: ['product_id', 'item_id', 'sku', 'id'],
    item_name: ['name', 'item_name', 'product_name'],
    item_brand: ['brand', 'item_brand'],
    item_category: ['category', 'item_category'],
    item_variant: ['variant', 'item_variant'],
    price: ['price'],
    quantity: ['quantity'],
    index: ['position', 'index'],
    item_list_id: ['list_id', 'item_list_id'],
  }),
};

/** The canonical name of a track call's event; undefined where it has none. */
export function segmentName(event: unknown): string | undefined {
  if (typeof event !== 'string' || event.length > 64) return undefined;
  const name = event.trim().toLowerCase();
  return SEGMENT_NAMES.get(name) ?? SEGMENT_NAMES.get(name.replace(/[\s_-]+/g, ' '));
}
