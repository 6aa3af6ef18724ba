import type { EnrichedEvent, EnrichedItem, Item } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { canonicalEventName } from '../event-names.ts';
import { clean, cleanJson } from '../text.ts';

/** Fields of text that are kept as they are but for what no store takes. */
const EVENT_TEXTS = ['transaction_id', 'search_term', 'recommendation_id'] as const;
const ITEM_TEXTS = ['item_name', 'item_brand', 'item_category', 'item_variant', 'item_list_id'] as const;

/**
 * Canonical event name, upper-case currency, sane items, well-formed strings. A negative or fractional amount stays (a
 * refund may carry one on the event); a negative unit price or a quantity of 0 says nothing and is left out. So is text
 * of which nothing is left.
 */
export const cleanFields: Enrichment = {
  name: 'clean-fields',
  apply(_event, { raw }) {
    const fields: Partial<EnrichedEvent> = {
      event_name: canonicalEventName(raw.event_name),
      items: (raw.items ?? []).map(cleanItem),
    };
    if (raw.value !== undefined) fields.value = roundAmount(raw.value);
    if (raw.currency !== undefined) fields.currency = raw.currency.toUpperCase();
    copyTexts(raw, fields, EVENT_TEXTS);
    if (raw.traits !== undefined) fields.traits = cleanJson(raw.traits);
    if (raw.properties !== undefined) fields.properties = cleanJson(raw.properties);
    return fields;
  },
};

function cleanItem(item: Item): EnrichedItem {
  const { item_id, price, quantity, index } = item;
  const cleaned: EnrichedItem = { item_id, in_catalog: false };
  copyTexts(item, cleaned, ITEM_TEXTS);
  if (price !== undefined && price >= 0) cleaned.price = roundAmount(price);
  if (quantity !== undefined && quantity !== 0) cleaned.quantity = quantity;
  if (index !== undefined) cleaned.index = index;
  return cleaned;
}

function copyTexts<Name extends string>(
  from: { readonly [name in Name]?: string | undefined },
  to: { [name in Name]?: string | undefined },
  names: readonly Name[],
): void {
  for (const name of names) {
    const value = from[name];
    const text = value === undefined ? '' : clean(value);
    if (text !== '') to[name] = text;
  }
}

/** Six decimals: finer than any currency, and free of the dust of binary fractions. */
function roundAmount(amount: number): number {
  return Math.abs(amount) < 1e9 ? Math.round(amount * 1e6) / 1e6 : amount;
}
