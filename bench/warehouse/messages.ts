import { encodeBatches } from '../../shared/message.ts';

const DAY = Date.UTC(2026, 10, 20);

/** A message's data in base64, as in a push request, and how many events are in it. */
export interface BenchMessage {
  readonly data: string;
  readonly count: number;
}

/** Messages of `clickstream-enriched`, of events as enrich makes them. */
export function enrichedMessages(events: number, batchEvents: number): readonly BenchMessage[] {
  const rows = Array.from({ length: events }, (_, index) => enrichedEvent(index));
  return encodeBatches(rows, { batchEvents, batchBytes: 256 * 1024 }).map(({ data, count }) => ({
    data: data.toString('base64'),
    count,
  }));
}

function enrichedEvent(index: number): object {
  const at = new Date(DAY + index * 500).toISOString();
  const visitor = `visitor-${index % 1000}`;
  const sku = `sku-${index % 300}`;
  return {
    event_id: `event-${index}`,
    event_name: 'view_item',
    event_time: at,
    received_at: at,
    enriched_at: at,
    origin: 'live',
    protocol: 'native',
    user_key: visitor,
    visitor_id: visitor,
    anonymous_id: visitor,
    session_id: `session-${index % 5000}`,
    items: [{ item_id: sku, item_name: 'Trail shoe', item_category: 'Shoes', price: 89.9, in_catalog: true }],
    currency: 'EUR',
    value: 89.9,
    page: {
      url: `https://shop.example/p/${sku}`,
      host: 'shop.example',
      path: `/p/${sku}`,
      title: 'Trail shoe',
    },
    traffic: { channel: 'referral', source: 'news.example' },
    device: { category: 'desktop', browser: 'Safari', os: 'macOS', is_bot: false },
    geo: { country: 'DE' },
    consent: { analytics: true, personalization: true },
    properties: { colour: 'red', sizes: [41, 42] },
    schema_version: 1,
  };
}
