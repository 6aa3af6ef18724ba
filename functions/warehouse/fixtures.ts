import type { BatchContext } from '../../shared/batch-function.ts';
import type { EnrichedEvent, FailedEvent } from '../../shared/events.ts';
import { makeLogger } from '../../shared/log.ts';
import type { Attributes } from '../../shared/message.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';

/** For tests: the time everything happens at. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const time = new Date(NOW).toISOString();

/** An enriched event with every kind of column in use. */
export function enrichedEvent(fields: Partial<EnrichedEvent> = {}): EnrichedEvent {
  return {
    event_id: 'event-1',
    event_name: 'view_item',
    event_time: time,
    received_at: time,
    enriched_at: time,
    origin: 'live',
    protocol: 'native',
    user_key: 'device-1',
    visitor_id: 'device-1',
    anonymous_id: 'device-1',
    session_id: 'session-1',
    items: [{ item_id: 'shoe', item_name: 'Schuh', price: 9.5, quantity: 2, in_catalog: true }],
    value: 19,
    page: { url: 'https://shop.example/shoe', host: 'shop.example', path: '/shoe' },
    traffic: { channel: 'direct' },
    device: { category: 'desktop', is_bot: false },
    geo: { country: 'DE' },
    consent: { analytics: true, personalization: true },
    properties: { colour: 'red', sizes: [41, 42] },
    schema_version: 1,
    customer: {
      first_seen: time,
      event_count: 1,
      session_count: 1,
      purchase_count: 0,
      recent_items: [],
      purchased_items: [],
      affinities: [],
    },
    ...fields,
  };
}

export function failedEvent(fields: Partial<FailedEvent> = {}): FailedEvent {
  return {
    failed_id: 'failed-1',
    event_id: 'event-1',
    failed_at: time,
    function: 'enrich',
    function_version: 'test',
    reason: 'invalid_event',
    message: 'value: expected number',
    replay_topic: TOPICS.raw,
    payload: '{}',
    payload_truncated: false,
    attempts: 1,
    schema_version: 1,
    ...fields,
  };
}

/** A context whose log lines are kept. */
export function batchContext(topic: Topic, attributes: Attributes = {}) {
  const lines: Record<string, unknown>[] = [];
  const log = makeLogger({ write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const context: BatchContext = { topic, messageId: 'm1', publishTime: time, attributes, log, outgoing: {} };
  return { context, lines };
}
