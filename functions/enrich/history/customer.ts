import { ITEM_INTERACTIONS } from '../../../shared/event-names.ts';
import type { Customer } from '../../../shared/events.ts';
import { isoTime } from '../../../shared/iso-time.ts';
import type { HistoryEvent, Profile } from './profile.ts';
import { countSessions } from './sessions.ts';

const RECENT_ITEMS = 50;
const PURCHASED_ITEMS = 200;
const AFFINITIES = 20;
/** An interest halves in a week. */
const HALF_LIFE_MS = 7 * 86_400_000;
/** How much an interaction says about a taste, relative to looking at an item. */
const WEIGHTS: Readonly<Record<string, number>> = {
  select_item: 0.5,
  view_item: 1,
  add_to_wishlist: 2,
  add_to_cart: 3,
  remove_from_cart: -1,
  purchase: 5,
};

/** The customer as downstream functions see one: everything is derived from the kept history. */
export function customerOf({ first_seen, events }: Profile): Customer {
  return {
    first_seen: isoTime(first_seen),
    event_count: events.length,
    session_count: countSessions(events),
    purchase_count: events.filter((event) => event.event_name === 'purchase').length,
    recent_items: recentItems(events),
    purchased_items: purchasedItems(events),
    affinities: affinities(events),
  };
}

function recentItems(events: readonly HistoryEvent[]): Customer['recent_items'] {
  const recent: Customer['recent_items'] = [];
  for (const { event_name, at, items } of events) {
    if (!ITEM_INTERACTIONS.has(event_name)) continue;
    const event_time = isoTime(at);
    for (const { item_id } of items) {
      if (recent.length === RECENT_ITEMS) return recent;
      recent.push({ item_id, event_name, event_time });
    }
  }
  return recent;
}

function purchasedItems(events: readonly HistoryEvent[]): string[] {
  const purchases = events.filter((event) => event.event_name === 'purchase');
  const ids = purchases.flatMap((event) => event.items.map((item) => item.item_id));
  return [...new Set(ids)].slice(0, PURCHASED_ITEMS);
}

/** Categories by the weight of what was done with their items, decayed by age relative to the newest event. */
function affinities(events: readonly HistoryEvent[]): Customer['affinities'] {
  const newest = events[0]?.at ?? 0;
  const scores = new Map<string, number>();
  for (const { event_name, at, items } of events) {
    const weight = (WEIGHTS[event_name] ?? 0) * 2 ** ((at - newest) / HALF_LIFE_MS);
    if (weight === 0) continue;
    items.forEach(({ category }, index) => {
      const isFirst = items.findIndex((item) => item.category === category) === index;
      if (category !== undefined && isFirst) scores.set(category, (scores.get(category) ?? 0) + weight);
    });
  }
  return [...scores]
    .map(([category, score]) => ({ category, score: Math.round(score * 1000) / 1000 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.category < b.category ? -1 : 1))
    .slice(0, AFFINITIES);
}
