// What events are called: apart from the schemas, so that a page or a UDF has the names without them.

/** Canonical event names. Other snake_case names pass through and are stored, but carry no meaning to the model. */
export const EVENT_NAMES = [
  'page_view',
  'search',
  'view_item_list',
  'select_item',
  'view_promotion',
  'select_promotion',
  'view_item',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchase',
  'refund',
  'login',
  'sign_up',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** Events that tell what a shopper wants: they enter the customer history, the model, and trigger recommendations. */
export const ITEM_INTERACTIONS: ReadonlySet<string> = new Set([
  'select_item',
  'view_item',
  'add_to_wishlist',
  'add_to_cart',
  'purchase',
]);

/**
 * Events that tell what was shown and nothing of what the shopper did. They ask for no recommendations: the page would tell that it
 * shows those, and get others, without end.
 */
export const IMPRESSIONS: ReadonlySet<string> = new Set(['view_item_list', 'view_promotion']);

/** Version of the schemas in events.ts; raised when a field changes its meaning. */
export const SCHEMA_VERSION = 1;
