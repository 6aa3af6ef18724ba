import { type EnrichedEvent, IMPRESSIONS, type RecommendationRequest } from '../../shared/events.ts';

/** Requests that follow from a batch of events: the newest trigger of each visitor. */
export interface Triggers {
  readonly requests: readonly RecommendationRequest[];
  /** Triggers too old to matter: the shopper has left. */
  readonly stale: number;
}

/**
 * Whether an event asks for recommendations: something done, live, by a person who allows it, the newest of that customer (enrich has
 * attached the history to no other), who has looked at something.
 */
function isTrigger(event: EnrichedEvent): boolean {
  return (
    event.origin === 'live' &&
    !IMPRESSIONS.has(event.event_name) &&
    event.customer !== undefined &&
    event.customer.recent_items.length > 0 &&
    event.consent.personalization &&
    !event.device.is_bot
  );
}

/** @param maxAgeMs longest time between receipt and now */
export function triggersOf(events: readonly EnrichedEvent[], now: number, maxAgeMs: number): Triggers {
  const newest = new Map<string, RecommendationRequest>();
  let stale = 0;
  for (const event of events) {
    if (!isTrigger(event) || !event.customer) continue;
    if (now - Date.parse(event.received_at) > maxAgeMs) {
      stale += 1;
      continue;
    }
    const known = newest.get(event.visitor_id);
    if (known && known.trigger.event_time >= event.event_time) continue;
    const { event_id, event_name, event_time, received_at } = event;
    newest.set(event.visitor_id, {
      user_key: event.user_key,
      visitor_id: event.visitor_id,
      recent_items: event.customer.recent_items,
      purchased_items: event.customer.purchased_items,
      interests: event.customer.affinities.map(({ category }) => category),
      ...(event.geo.country !== undefined && { country: event.geo.country }),
      trigger: { event_id, event_name, event_time, received_at },
    });
  }
  return { requests: [...newest.values()], stale };
}
