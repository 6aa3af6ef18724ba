import { TOPICS, type Topic } from '../../../shared/pipeline.ts';
import { parseTraceparent } from '../../../shared/trace.ts';
import type { FunctionLine } from '../../functions.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Form, RecentEvent } from './protocol.ts';

/** A message as a subscription gets it. */
export interface SeenMessage {
  readonly topic: Topic;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

/** One delivery of a message to a function, from its log. Epoch milliseconds. */
export interface Handling {
  readonly function: string;
  readonly from: number;
  readonly to: number;
  /** Whether it was acknowledged; else it came again. */
  readonly ok: boolean;
}

/** That an event, or what was made of it, went through a topic. */
export interface Hop {
  readonly topic: Topic;
  readonly publishedAt: number;
  /** In the order of their ends. */
  readonly handlings: readonly Handling[];
  /** The function that gave the event up, on `failed-events`. */
  readonly givenUpBy?: string;
}

/** What was seen of one event, in the order in which it was seen. */
export interface Trail {
  readonly eventId: string;
  readonly name: string | undefined;
  readonly visitor: string | undefined;
  /** Epoch milliseconds of ingest's receipt. */
  readonly receivedAt: number | undefined;
  readonly traceId: string | undefined;
  readonly hops: readonly Hop[];
  readonly forms: readonly Form[];
}

/** Puts together what was seen of events in topics and in functions' logs. */
export interface Trails {
  /** Never throws: what is no batch of events is passed over. */
  message(message: SeenMessage): void;
  line(line: FunctionLine): void;
  find(eventId: string): Trail | undefined;
  /** The newest events on `clickstream-raw`, newest first. */
  newest(count: number): readonly RecentEvent[];
}

interface Seen {
  readonly topic: Topic;
  readonly messageId: string;
  readonly publishedAt: number;
  readonly traceId: string | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Of one event's sightings, the first; of one message's handlings, the newest: a message that always fails comes back without end. */
const MOST_OF_ONE = 50;

/** The newest so many events, and messages with their handlings, are kept. */
export function makeTrails({ events: mostEvents = 20_000, messages: mostMessages = 20_000 } = {}): Trails {
  const events = new BoundedMap<string, Seen[]>(mostEvents);
  const handlings = new BoundedMap<string, Handling[]>(mostMessages);
  let recent: RecentEvent[] = [];

  const find = (eventId: string): Trail | undefined => {
    const seen = events.get(eventId);
    if (!seen) return undefined;
    const first = <T>(pick: (event: Seen['event']) => T | undefined): T | undefined =>
      seen.map(({ event }) => pick(event)).find((value) => value !== undefined);
    return {
      eventId,
      name: first((event) => text(event.event_name) ?? text(fieldsOf(event.trigger).event_name)),
      visitor: first((event) => text(event.visitor_id)) ?? first(visitorOf),
      receivedAt: first(receiptOf),
      traceId: seen.map(({ traceId }) => traceId).find((id) => id !== undefined),
      hops: seen.map(({ topic, messageId, publishedAt, event }) => {
        const givenUpBy = topic === TOPICS.failed ? text(event.function) : undefined;
        return {
          topic,
          publishedAt,
          // As of now: what is handled later must not be taken for what was read before.
          handlings: [...(handlings.get(messageId) ?? [])],
          ...(givenUpBy === undefined ? {} : { givenUpBy }),
        };
      }),
      forms: seen.map(({ topic, event }) => ({ title: topic, json: JSON.stringify(event, null, 2) })),
    };
  };

  return {
    find,
    message({ topic, id, publishedAt, attributes, data }) {
      const { traceparent, googclient_traceparent } = attributes;
      const traceId = parseTraceparent(traceparent ?? googclient_traceparent)?.traceId;
      for (const event of eventsOf(data)) {
        const eventId = text(event.event_id) ?? text(fieldsOf(event.trigger).event_id);
        if (eventId === undefined) continue;
        const seen = events.get(eventId) ?? [];
        if (seen.length === MOST_OF_ONE) continue;
        // A redelivery repeats the message.
        if (seen.some((each) => each.messageId === id && each.topic === topic)) continue;
        seen.push({ topic, messageId: id, publishedAt, traceId, event });
        if (seen.length === 1) events.set(eventId, seen);
        if (topic === TOPICS.raw) recent = [recentOf(eventId, event, publishedAt), ...recent].slice(0, 50);
      }
    },
    line({ function: name, metric, entry }) {
      const messageId = text(entry?.message_id);
      const to = Date.parse(text(entry?.time) ?? '');
      if (!metric || messageId === undefined || Number.isNaN(to)) return;
      const took = typeof metric.duration_ms === 'number' ? Math.max(0, metric.duration_ms) : 0;
      const known = handlings.get(messageId);
      const handling = { function: name, from: to - took, to, ok: metric.redeliver !== 1 };
      if (known?.push(handling) === MOST_OF_ONE + 1) known.shift();
      if (!known) handlings.set(messageId, [handling]);
    },
    newest: (count) => recent.slice(0, count),
  };
}

function recentOf(event_id: string, event: Seen['event'], at: number): RecentEvent {
  return { event_id, event_name: text(event.event_name) ?? '', visitor: visitorOf(event) ?? '', at };
}

function eventsOf(data: Buffer): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { events } = fieldsOf(JSON.parse(data.toString('utf8')));
    return Array.isArray(events) ? events.map(fieldsOf) : [];
  } catch {
    return [];
  }
}

function visitorOf(event: Seen['event']): string | undefined {
  return text(event.visitor_id) ?? text(event.anonymous_id) ?? text(event.user_id);
}

function receiptOf(event: Seen['event']): number | undefined {
  const at = Date.parse(
    text(fieldsOf(event.collector).received_at) ??
      text(event.received_at) ??
      text(fieldsOf(event.trigger).received_at) ??
      '',
  );
  return Number.isNaN(at) ? undefined : at;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
