import { expect, test } from 'vitest';
import { encodeBatches } from '../../../shared/message.ts';
import { TOPICS, type Topic } from '../../../shared/pipeline.ts';
import type { FunctionLine } from '../../functions.ts';
import { journeyOf } from './journey.ts';
import { makeTrails, type SeenMessage } from './trails.ts';

const T = Date.parse('2026-01-01T12:00:00.000Z');
const at = (ms: number): string => new Date(T + ms).toISOString();
const TRACE = '0af7651916cd43dd8448eb211c80319c';

function message(topic: Topic, id: string, ms: number, ...events: readonly object[]): SeenMessage {
  const [batch] = encodeBatches(events);
  return {
    topic,
    id,
    publishedAt: T + ms,
    attributes: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
    data: batch?.data ?? Buffer.alloc(0),
  };
}

/** A line that a function logs `ms` after T, when it has handled a message for `took`. */
function handled(name: string, id: string, ms: number, took: number, redeliver = false): FunctionLine {
  const metric = { duration_ms: took, ...(redeliver ? { redeliver: 1 } : { in: 1, out: 1 }) };
  return {
    function: name,
    severity: 'INFO',
    message: 'handled',
    metric,
    entry: { message_id: id, time: at(ms), metric },
  };
}

const raw = {
  event_id: 'e1',
  event_name: 'view_item',
  user_id: 'ada@example.com',
  collector: { received_at: at(0) },
};
const enriched = { event_id: 'e1', event_name: 'view_item', visitor_id: 'v1', received_at: at(0) };
const recommendation = {
  recommendation_id: 'r1',
  visitor_id: 'v1',
  trigger: { event_id: 'e1', received_at: at(0) },
};

function watched() {
  const trails = makeTrails();
  trails.message(message(TOPICS.raw, 'm1', 5, raw));
  // A log line may come before the message that it speaks of.
  trails.line(handled('warehouse', 'm2', 60, 20));
  trails.line(handled('enrich', 'm1', 12, 4, true));
  trails.line(handled('enrich', 'm1', 30, 10));
  trails.message(message(TOPICS.enriched, 'm2', 28, enriched));
  trails.line(handled('recommend', 'm2', 45, 15));
  trails.message(message(TOPICS.recommendations, 'm3', 44, recommendation));
  trails.line(handled('push', 'm3', 55, 8));
  return trails;
}

test('one event is followed through topics, functions, a redelivery and onto the screen', () => {
  const trail = watched().find('e1');
  if (!trail) throw new Error('the event was not seen');
  const journey = journeyOf(trail, { eventId: 'e1', writtenAt: T + 54 }, T + 100);
  expect(journey).toMatchObject({
    event_name: 'view_item',
    visitor: 'v1',
    trace_id: TRACE,
    outcome: 'stored',
    on_screen: true,
  });
  expect(journey.steps.map(({ title, from, to, outcome }) => [title, from - T, to - T, outcome])).toEqual([
    ['received and made durable', 0, 5, 'ok'],
    ['in clickstream-raw, for enrich', 5, 8, 'ok'],
    ['enrich failed; it comes again', 8, 12, 'retried'],
    ['in clickstream-raw, for enrich', 12, 20, 'ok'],
    ['enrich handled it', 20, 30, 'ok'],
    ['in clickstream-enriched, for recommend', 28, 30, 'ok'],
    ['in clickstream-enriched, for warehouse', 28, 40, 'ok'],
    ['recommend handled it', 30, 45, 'ok'],
    ['warehouse handled it', 40, 60, 'ok'],
    ['in recommendations, for push', 44, 47, 'ok'],
    ['in recommendations, for warehouse', 44, 100, 'open'],
    ['push handled it', 47, 55, 'ok'],
    ['on the shopper’s screen', 54, 54, 'ok'],
  ]);
  expect(journey.forms.map(({ title }) => title)).toEqual([
    'clickstream-raw',
    'clickstream-enriched',
    'recommendations',
  ]);
});

test('a screen that shows another event’s recommendation is not this event’s', () => {
  const trail = watched().find('e1');
  const journey = trail && journeyOf(trail, { eventId: 'e2', writtenAt: T + 90 }, T + 100);
  expect(journey?.on_screen).toBe(false);
  expect(journey?.steps.some(({ place }) => place === 'screen')).toBe(false);
});

test.each([
  [TOPICS.consentDrops, { event_id: 'e1' }, 'dropped'],
  [TOPICS.failed, { event_id: 'e1', function: 'enrich' }, 'failed'],
] as const)('an event on %s', (topic, event, outcome) => {
  const trails = makeTrails();
  trails.message(message(TOPICS.raw, 'm1', 5, raw));
  const way = () => {
    const trail = trails.find('e1');
    return trail && journeyOf(trail, undefined, T + 50).outcome;
  };
  expect(way()).toBe('under way');
  trails.message(message(topic, 'm2', 20, event));
  expect(way()).toBe(outcome);
});

test('what is no batch of events is passed over; a redelivery changes nothing', () => {
  const trails = makeTrails();
  for (const data of ['', 'x', '7', 'null', '{}', '{"events":7}', '{"events":[null,7,{}]}'])
    trails.message({ ...message(TOPICS.raw, 'm0', 0), data: Buffer.from(data) });
  expect(trails.newest(10)).toEqual([]);
  trails.message(message(TOPICS.raw, 'm1', 5, raw));
  trails.message(message(TOPICS.raw, 'm1', 5, raw));
  expect(trails.newest(10)).toHaveLength(1);
  expect(trails.find('e1')?.hops).toHaveLength(1);
});

test('only the newest are kept', () => {
  const trails = makeTrails({ events: 2 });
  for (const event_id of ['a', 'b', 'c'])
    trails.message(message(TOPICS.raw, event_id, 1, { ...raw, event_id }));
  expect(['a', 'b', 'c'].map((id) => trails.find(id) !== undefined)).toEqual([false, true, true]);
  expect(trails.newest(1)[0]?.event_id).toBe('c');
});

test('of one event, and of one message that always fails, so much is kept', () => {
  const trails = makeTrails();
  for (let n = 0; n < 60; n += 1) {
    trails.message(message(TOPICS.raw, `m${n}`, n, raw));
    trails.line(handled('enrich', 'm0', n, 0, true));
  }
  const hops = trails.find('e1')?.hops ?? [];
  expect(hops).toHaveLength(50);
  expect(hops[0]?.handlings.map(({ to }) => to - T)).toEqual(Array.from({ length: 50 }, (_, n) => n + 10));
});
