import { EVENT_NAMES } from '../../shared/event-names.ts';
import { remember } from './remember.ts';
import { clean } from './text.ts';

const CANONICAL: ReadonlySet<string> = new Set(EVENT_NAMES);

/**
 * Names other trackers and shops use for canonical events, in snake_case. Sources: Segment's e-commerce spec V2,
 * Google's retail user events, GA Universal's enhanced e-commerce, RetailRocket's data set.
 */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    page: 'page_view',
    pageview: 'page_view',
    page_viewed: 'page_view',
    screen: 'page_view',
    screen_view: 'page_view',
    home_page_view: 'page_view',
    products_searched: 'search',
    product_list_viewed: 'view_item_list',
    category_page_view: 'view_item_list',
    product_clicked: 'select_item',
    promotion_viewed: 'view_promotion',
    promotion_clicked: 'select_promotion',
    product_viewed: 'view_item',
    product_view: 'view_item',
    detail_page_view: 'view_item',
    view: 'view_item',
    product_added: 'add_to_cart',
    addtocart: 'add_to_cart',
    product_removed: 'remove_from_cart',
    product_added_to_wishlist: 'add_to_wishlist',
    cart_viewed: 'view_cart',
    shopping_cart_page_view: 'view_cart',
    checkout_started: 'begin_checkout',
    payment_info_entered: 'add_payment_info',
    order_completed: 'purchase',
    purchase_complete: 'purchase',
    transaction: 'purchase',
    order_refunded: 'refund',
    signed_in: 'login',
    signed_up: 'sign_up',
  }),
);

/**
 * `Product Viewed`, `productViewed`, `product-viewed` → `view_item`. Names with no canonical one become snake_case; a name
 * of which nothing is left (`***`) becomes `unnamed`.
 */
export const canonicalEventName = remember(500, (name): string => {
  const snake = snakeCase(clean(name));
  const found = CANONICAL.has(snake) ? snake : (SYNONYMS.get(snake) ?? snake);
  return found === '' ? 'unnamed' : found;
});

/** `addToCart`, `Add To Cart`, `ADD-TO-CART` → `add_to_cart`. Letters of any script are kept. */
export function snakeCase(text: string): string {
  return text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}
