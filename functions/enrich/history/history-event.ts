import { ITEM_INTERACTIONS } from '../../../shared/event-names.ts';
import type { EnrichedEvent, EnrichedItem } from '../../../shared/events.ts';
import { parseTime } from '../../../shared/iso-time.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { HistoryEvent, HistoryLine } from './profile.ts';

/**
 * Events a history keeps: what shoppers do with items. Page views, lists shown and steps of a checkout only move the session: kept,
 * they would push out of the 200 what tells a taste.
 */
const KEPT: ReadonlySet<string> = new Set([...ITEM_INTERACTIONS, 'remove_from_cart', 'refund']);

/** Bytes of one kept event as JSON. 200 of them stay below Firestore's 1 MiB for a document. */
export const MAX_EVENT_BYTES = 4096;
const MAX_CATEGORY = 64;
/** Bytes of one line as JSON, at most: six for each character of the id and the category, and the figures. */
const MAX_LINE_BYTES = 6 * (LIMITS.idLength + MAX_CATEGORY) + 128;

/** The event as its person's history keeps it; undefined where it keeps none of it. A function of the event alone. */
export function historyEventOf(event: EnrichedEvent): HistoryEvent | undefined {
  if (!KEPT.has(event.event_name) || event.items.length === 0) return undefined;
  const head = { event_id: event.event_id, at: parseTime(event.event_time), event_name: event.event_name };
  if ((event.items.length + 1) * MAX_LINE_BYTES <= MAX_EVENT_BYTES) {
    return { ...head, items: event.items.map(lineOf) };
  }
  const items: HistoryLine[] = [];
  let bytes = Buffer.byteLength(JSON.stringify(head));
  for (const item of event.items) {
    const line = lineOf(item);
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1;
    if (bytes > MAX_EVENT_BYTES) break;
    items.push(line);
  }
  return { ...head, items };
}

function lineOf({ item_id, item_category, price, quantity }: EnrichedItem): HistoryLine {
  return {
    item_id,
    ...(item_category ? { category: item_category.slice(0, MAX_CATEGORY).toWellFormed() } : {}),
    ...(quantity ? { quantity } : {}),
    ...(price ? { value: Math.round(price * (quantity ?? 1) * 100) / 100 } : {}),
  };
}
