import type { RawEvent } from '../../shared/events.ts';

/** The part of an event that every protocol can carry, and which must come out the same by each. */
export type JourneyEvent = Pick<
  RawEvent,
  'event_name' | 'items' | 'value' | 'currency' | 'transaction_id' | 'search_term'
>;

export const SHOPPER = { anonymous_id: 'browser-7', user_id: 'customer-42' };

export const SHOE = {
  item_id: 'sku-1',
  item_name: 'Trail shoe',
  item_brand: 'Acme',
  item_category: 'Shoes',
  item_variant: 'red',
  price: 89.9,
  quantity: 1,
};
export const SOCKS = {
  ...SHOE,
  item_id: 'sku-2',
  item_name: 'Wool socks',
  item_category: 'Socks',
  price: 12.5,
};

/** What a shopper does, in canonical terms: from the landing page to a refund. */
export const JOURNEY: readonly JourneyEvent[] = [
  { event_name: 'page_view' },
  { event_name: 'search', search_term: 'trail shoes' },
  { event_name: 'view_item_list', currency: 'EUR', items: [SHOE, SOCKS] },
  { event_name: 'select_item', currency: 'EUR', items: [SHOE] },
  { event_name: 'view_item', currency: 'EUR', items: [SHOE] },
  { event_name: 'add_to_cart', currency: 'EUR', items: [{ ...SHOE, quantity: 2 }] },
  { event_name: 'remove_from_cart', currency: 'EUR', items: [SHOE] },
  { event_name: 'begin_checkout', currency: 'EUR', items: [SHOE] },
  {
    event_name: 'purchase',
    items: [SHOE],
    value: 89.9,
    currency: 'EUR',
    transaction_id: 'order-9',
  },
  { event_name: 'refund', value: 89.9, currency: 'EUR', transaction_id: 'order-9' },
];

/** A custom event that no vocabulary knows. */
export const CUSTOM = { name: 'newsletter_opened', properties: { campaign: 'may', place: { row: [1, 2] } } };

/** The compared part of events, without fields that are absent. */
export function journeyOf(events: readonly RawEvent[]): JourneyEvent[] {
  return events.map(({ event_name, items, value, currency, transaction_id, search_term }) =>
    Object.fromEntries(
      Object.entries({ event_name, items, value, currency, transaction_id, search_term }).filter(
        ([, each]) => each !== undefined,
      ),
    ),
  ) as JourneyEvent[];
}
