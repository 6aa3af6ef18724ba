import type { InstanceInput } from '../../model/protocol.ts';
import type { Product, RecommendationRequest } from '../../shared/events.ts';

export interface InstanceOptions {
  /** Length of the list asked for. */
  readonly limit: number;
  /** From 0, by score alone, to 1. */
  readonly diversity: number;
  /** The only categories that may be recommended; undefined: all. */
  readonly categories: readonly string[] | undefined;
  /** Newest products first. */
  readonly newest: readonly Product[];
  readonly now: number;
}

/** A cart is forgotten after this. */
const CART_MS = 24 * 3_600_000;
/** What a request says of new products, at most. */
const OFFERS = 8;
/** The protocol's cap. */
const MAX_EXCLUDED = 500;

/** What the shopper is not to be shown: what is bought, in the cart, or being looked at. */
export function excludedOf(
  { recent_items, purchased_items }: RecommendationRequest,
  now: number,
): ReadonlySet<string> {
  const looked = recent_items.slice(0, 1);
  const cart = recent_items.filter(
    ({ event_name, event_time }) => event_name === 'add_to_cart' && now - Date.parse(event_time) < CART_MS,
  );
  return new Set([...[...looked, ...cart].map(({ item_id }) => item_id), ...purchased_items]);
}

/** A request as the model is asked it. */
export function instanceOf(request: RecommendationRequest, options: InstanceOptions): InstanceInput {
  const { recent_items, interests = [], country } = request;
  const { limit, diversity, categories, newest, now } = options;
  const fresh = newest.filter(({ category }) => category !== undefined && interests.includes(category));
  return {
    items: [...recent_items],
    exclude: [...excludedOf(request, now)].slice(0, MAX_EXCLUDED),
    limit,
    interests: [...interests],
    diversity,
    fresh: fresh.slice(0, OFFERS).map(({ item_id, category, brand, price }) => ({
      item_id,
      ...(category !== undefined && { category }),
      ...(brand !== undefined && { brand }),
      ...(price !== undefined && { price }),
    })),
    ...(country !== undefined && { country }),
    ...(categories && { categories: [...categories] }),
  };
}
