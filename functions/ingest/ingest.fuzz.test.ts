import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FailedEvent, NativeEvent, RawEvent } from '../../shared/events.ts';
import { makeFailedEvent } from '../../shared/failed-event.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { Refusal } from './http.ts';
import { judgeEvents } from './judge-events.ts';
import { native } from './protocols/native.ts';

const request = (body: Buffer) => ({
  method: 'POST',
  path: '/v1/events',
  query: new URLSearchParams(),
  headers: {},
  body,
  maxEvents: 2_500,
});
const collector = {
  received_at: '2026-11-21T00:00:00.000Z',
  protocol: 'native',
  origin: 'live' as const,
};

/** Values near to events: right and wrong ones for the fields there are. */
const value = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, -0, 1e308, Number.MAX_SAFE_INTEGER, '2026-11-21T00:00:00Z', 'EUR', ''),
);
const item = fc.record(
  { item_id: fc.oneof(fc.string({ minLength: 1 }), value), price: value, quantity: value, index: fc.nat() },
  { requiredKeys: [] },
);
const event = fc.oneof(
  value,
  fc.record(
    {
      event_name: fc.oneof(fc.constant('view_item'), value),
      anonymous_id: fc.oneof(fc.constant('a'), value),
      event_id: fc.oneof(fc.string({ minLength: 1 }), value),
      event_time: fc.oneof(fc.constant('2026-11-21T00:00:00Z'), value),
      items: fc.oneof(fc.array(item), value),
      properties: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 12 })), value),
      ['__proto__']: value,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
);

test('any bytes are decoded or refused', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(`{"events":[${text}]}`)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      try {
        expect(Array.isArray(native.decode(request(body)).events)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect([400, 415]).toContain((error as Refusal).status);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('every event sent is accepted or rejected, and either way fits its topic', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), (events) => {
      const body = Buffer.from(JSON.stringify({ events }));
      const decoded = native.decode(request(body));
      const verdicts = judgeEvents(decoded.events, { scope: 'k', collector, totalBytes: body.length });
      expect(verdicts).toHaveLength(events.length);
      const ids = new Set<string>();
      for (const verdict of verdicts) {
        if (verdict.status === 'accepted') {
          const wire: unknown = JSON.parse(JSON.stringify(verdict.event));
          expect(RawEvent.safeParse(wire).success).toBe(true);
          expect(JSON.stringify(wire).isWellFormed()).toBe(true);
          ids.add(verdict.event.event_id);
        } else {
          const failed = makeFailedEvent(
            { name: 'ingest', version: '1' },
            { ...verdict, replayTopic: TOPICS.inbox },
            0,
          );
          expect(FailedEvent.safeParse(failed).success).toBe(true);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what validation passes has no polluted prototype', () => {
  const body = Buffer.from(
    '{"events":[{"event_name":"x","anonymous_id":"a","__proto__":{"polluted":1},"properties":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}]}',
  );
  const [parsed] = native.decode(request(body)).events;
  expect(NativeEvent.safeParse(parsed).success).toBe(true);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('polluted');
});
