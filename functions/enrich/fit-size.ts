import { PermanentError } from '../../shared/errors.ts';
import type { Customer, EnrichedEvent } from '../../shared/events.ts';

/** Bytes of one enriched event as JSON, at most. */
export const MAX_ENRICHED_BYTES = 64 * 1024;

/**
 * An event no larger than downstream takes. Where joins made it larger, it gives up what can be had elsewhere: the
 * older half of the customer's lists, again and again, then names and categories of items, which the catalogue has.
 * @throws PermanentError too_large when what the client sent is itself larger.
 */
export function fitSize(event: EnrichedEvent, maxBytes = MAX_ENRICHED_BYTES): EnrichedEvent {
  let fitted = event;
  while (isTooLarge(fitted, maxBytes)) {
    const smaller = shrink(fitted);
    if (!smaller) {
      throw new PermanentError(
        'too_large',
        `the enriched event is larger than ${maxBytes} bytes; send fewer properties`,
      );
    }
    fitted = smaller;
  }
  return fitted;
}

function isTooLarge(event: EnrichedEvent, maxBytes: number): boolean {
  return jsonBytesAtMost(event) > maxBytes && Buffer.byteLength(JSON.stringify(event)) > maxBytes;
}

/** Far more than nearly every event has, in a fraction of the time that it takes to write one. */
function jsonBytesAtMost(value: unknown): number {
  // A character may be written as \u001f; a number has up to 24 digits, sign, point and exponent.
  if (typeof value === 'string') return value.length * 6 + 2;
  if (value === null || typeof value !== 'object') return 24;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += jsonBytesAtMost(item) + 1;
  else {
    for (const name in value) {
      bytes += name.length * 6 + 4 + jsonBytesAtMost((value as Readonly<Record<string, unknown>>)[name]);
    }
  }
  return bytes;
}

function shrink(event: EnrichedEvent): EnrichedEvent | undefined {
  const { customer } = event;
  if (customer && lengthOf(customer) > 3) return { ...event, customer: halve(customer) };
  if (
    !event.items.some((item) => item.in_catalog && (item.item_name ?? item.item_category ?? item.item_brand))
  ) {
    return undefined;
  }
  const items = event.items.map(({ item_name, item_category, item_brand, ...item }) =>
    item.in_catalog
      ? item
      : {
          ...item,
          ...(item_name === undefined ? {} : { item_name }),
          ...(item_category === undefined ? {} : { item_category }),
          ...(item_brand === undefined ? {} : { item_brand }),
        },
  );
  return { ...event, items };
}

function lengthOf({ recent_items, purchased_items, affinities }: Customer): number {
  return recent_items.length + purchased_items.length + affinities.length;
}

function halve(customer: Customer): Customer {
  const half = <T>(list: readonly T[]): T[] => list.slice(0, Math.floor(list.length / 2));
  return {
    ...customer,
    recent_items: customer.recent_items.slice(0, Math.ceil(customer.recent_items.length / 2)),
    purchased_items: half(customer.purchased_items),
    affinities: half(customer.affinities),
  };
}
