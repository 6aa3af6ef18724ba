import type { EnrichedItem } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { canonicalEventName } from '../event-names.ts';
import { clean, cleanJson } from '../text.ts';

/**
 * Canonical event name, upper-case currency, sane items, well-formed strings. A negative or fractional amount stays (a
 * refund may carry one on the event); a negative unit price or a quantity of 0 says nothing and is left out.
 */
export const cleanFields: Enrichment = {
  name: 'clean-fields',
  apply(event, { raw }) {
    return {
      ...event,
      event_name: canonicalEventName(raw.event_name),
      items: (raw.items ?? []).map(cleanItem),
      ...(raw.value === undefined ? {} : { value: roundAmount(raw.value) }),
      ...(raw.currency === undefined ? {} : { currency: raw.currency.toUpperCase() }),
      ...textField('transaction_id', raw.transaction_id),
      ...textField('search_term', raw.search_term),
      ...textField('recommendation_id', raw.recommendation_id),
      ...(raw.traits === undefined ? {} : { traits: cleanJson(raw.traits) }),
      ...(raw.properties === undefined ? {} : { properties: cleanJson(raw.properties) }),
    };
  },
};

function cleanItem(item: Omit<EnrichedItem, 'in_catalog'>): EnrichedItem {
  const { item_id, price, quantity, index } = item;
  return {
    item_id,
    ...textField('item_name', item.item_name),
    ...textField('item_brand', item.item_brand),
    ...textField('item_category', item.item_category),
    ...textField('item_variant', item.item_variant),
    ...textField('item_list_id', item.item_list_id),
    ...(price === undefined || price < 0 ? {} : { price: roundAmount(price) }),
    ...(quantity === undefined || quantity === 0 ? {} : { quantity }),
    ...(index === undefined ? {} : { index }),
    in_catalog: false,
  };
}

/** A field with cleaned text, or no field where nothing is left of it. */
function textField<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  const text = value === undefined ? '' : clean(value);
  return text === '' ? {} : ({ [name]: text } as { [key in Name]: string });
}

/** Six decimals: finer than any currency, and free of the dust of binary fractions. */
function roundAmount(amount: number): number {
  return Math.abs(amount) < 1e9 ? Math.round(amount * 1e6) / 1e6 : amount;
}
