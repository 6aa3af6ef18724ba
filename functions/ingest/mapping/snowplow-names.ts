import type { CommerceMapping } from './commerce.ts';
import { makeProductMapping } from './products.ts';

/** `type` of a `snowplow_ecommerce_action`. https://docs.snowplow.io/docs/events/ootb-data/ecommerce-events/ */
export const ECOMMERCE_ACTIONS: ReadonlyMap<unknown, string> = new Map([
  ['product_view', 'view_item'],
  ['list_view', 'view_item_list'],
  ['list_click', 'select_item'],
  ['add_to_cart', 'add_to_cart'],
  ['remove_from_cart', 'remove_from_cart'],
  ['transaction', 'purchase'],
  ['refund', 'refund'],
  ['promo_view', 'view_promotion'],
  ['promo_click', 'select_promotion'],
  ['site_search', 'search'],
]);

/** `action` of Google Analytics' enhanced e-commerce, which the older plugin `enhanced-ecommerce` sends. */
export const ENHANCED_ACTIONS: ReadonlyMap<unknown, string> = new Map([
  ['detail', 'view_item'],
  ['view', 'view_item_list'],
  ['click', 'select_item'],
  ['add', 'add_to_cart'],
  ['remove', 'remove_from_cart'],
  ['checkout', 'begin_checkout'],
  ['purchase', 'purchase'],
  ['refund', 'refund'],
  ['promo_click', 'select_promotion'],
]);

/** Names of self-describing events that have a canonical name. */
export const EVENT_SCHEMAS: ReadonlyMap<string, string> = new Map([
  ['screen_view', 'page_view'],
  ['site_search', 'search'],
  ['add_to_cart', 'add_to_cart'],
  ['remove_from_cart', 'remove_from_cart'],
]);

/** Entities that tell of a product. */
export const PRODUCT_ENTITIES: ReadonlySet<string> = new Set([
  'product',
  'productFieldObject',
  'impressionFieldObject',
]);

/** Names in products, orders, and the older cart and search events. */
export const SNOWPLOW_COMMERCE: CommerceMapping = {
  lists: [],
  fields: {
    value: ['revenue', 'refund_amount'],
    currency: ['currency'],
    transaction_id: ['transaction_id'],
    search_term: ['search_term'],
    recommendation_id: ['recommendation_id'],
  },
  products: makeProductMapping({
    item_id: ['id', 'sku'],
    item_name: ['name'],
    item_brand: ['brand'],
    item_category: ['category'],
    item_variant: ['variant'],
    price: ['price', 'unitPrice', 'unit_price'],
    quantity: ['quantity'],
    index: ['position'],
    item_list_id: ['list'],
  }),
};
