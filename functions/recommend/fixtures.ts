import type { BatchContext } from '../../shared/batch-function.ts';
import type { EnrichedEvent, HistoryItem } from '../../shared/events.ts';
import { makeLogger } from '../../shared/log.ts';
import { TOPICS } from '../../shared/pipeline.ts';

/** For tests: the time everything happens at. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

/** A time some seconds before `NOW`. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

export function viewed(item_id: string, seconds = 1): HistoryItem {
  return { item_id, event_name: 'view_item', event_time: secondsAgo(seconds) };
}

/** A live event whose visitor has looked at a hat, then at a shoe. */
export function enrichedEvent(fields: Partial<EnrichedEvent> = {}): EnrichedEvent {
  return {
    event_id: 'event-1',
    event_name: 'view_item',
    event_time: secondsAgo(1),
    received_at: secondsAgo(1),
    enriched_at: secondsAgo(0),
    origin: 'live',
    protocol: 'native',
    user_key: 'user-1',
    visitor_id: 'visitor-1',
    session_id: 'session-1',
    items: [{ item_id: 'shoe', in_catalog: true }],
    page: {},
    traffic: { channel: 'direct' },
    device: { category: 'desktop', is_bot: false },
    geo: {},
    consent: { analytics: true, personalization: true },
    schema_version: 1,
    customer: customer(),
    ...fields,
  };
}

type Customer = NonNullable<EnrichedEvent['customer']>;

export function customer(fields: Partial<Customer> = {}): Customer {
  return {
    first_seen: secondsAgo(60),
    event_count: 2,
    session_count: 1,
    purchase_count: 0,
    recent_items: [viewed('shoe'), viewed('hat', 60)],
    purchased_items: [],
    affinities: [],
    ...fields,
  };
}

/** The context of a batch, and the lines it logs. */
export function batchContext(): { readonly context: BatchContext; readonly lines: string[] } {
  const lines: string[] = [];
  const context: BatchContext = {
    topic: TOPICS.enriched,
    messageId: 'm1',
    publishTime: secondsAgo(0),
    attributes: {},
    log: makeLogger({ write: (line) => void lines.push(line) }),
    outgoing: { traceparent: 'trace' },
  };
  return { context, lines };
}
