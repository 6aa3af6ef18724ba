import type { FailedEvent } from '../../shared/events.ts';
import type { Attributes } from '../../shared/message.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';

/** For tests: the time everything happens at. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

/** A failed event whose payload is the given event. */
export function failedOf(event: unknown, fields: Partial<FailedEvent> = {}): FailedEvent {
  return {
    failed_id: 'failed-1',
    failed_at: new Date(NOW - 60_000).toISOString(),
    function: 'enrich',
    function_version: 'v1',
    reason: 'invalid_event',
    message: 'value: expected number',
    replay_topic: TOPICS.raw,
    payload: typeof event === 'string' ? event : JSON.stringify(event),
    payload_truncated: false,
    attempts: 1,
    schema_version: 1,
    ...fields,
  };
}

/** What was published. */
export interface Published {
  readonly topic: string;
  readonly events: readonly object[];
  readonly attributes: Attributes;
}

/** A publisher that keeps what it is given, and refuses events that it is told to. */
export function recordingPublisher(refuses: (event: object) => boolean = () => false) {
  const published: Published[] = [];
  const publisher: Publisher = {
    async publish(topic, events, attributes = {}) {
      if (events.some(refuses)) throw new Error('Pub/Sub is away');
      published.push({ topic, events, attributes });
    },
  };
  return { published, publisher };
}
