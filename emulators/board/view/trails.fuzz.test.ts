import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TOPICS } from '../../../shared/pipeline.ts';
import type { StoredSpan } from '../../traces/span.ts';
import { journeyOf } from './journey.ts';
import { spanTree } from './span-tree.ts';
import { makeTrails } from './trails.ts';

const anyData = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  fc
    .array(
      fc.record(
        {
          event_id: fc.oneof(fc.constantFrom('a', 'b'), fc.jsonValue()),
          event_name: fc.jsonValue(),
          visitor_id: fc.jsonValue(),
          received_at: fc.oneof(fc.constant('2026-01-01T00:00:00Z'), fc.jsonValue()),
          collector: fc.jsonValue(),
          trigger: fc.jsonValue(),
          function: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    )
    .map((events) => Buffer.from(JSON.stringify({ events }))),
);
const anyMessage = fc.record({
  topic: fc.constantFrom(...Object.values(TOPICS)),
  id: fc.constantFrom('m1', 'm2', 'm3'),
  publishedAt: fc.integer({ min: 0, max: 1000 }),
  attributes: fc.dictionary(fc.constantFrom('traceparent', 'x'), fc.string()),
  data: anyData,
});
const anyLine = fc.record({
  function: fc.constantFrom('enrich', 'warehouse', 'push'),
  severity: fc.constant('INFO'),
  message: fc.string(),
  metric: fc.dictionary(fc.constantFrom('duration_ms', 'redeliver'), fc.jsonValue()),
  entry: fc.record({
    message_id: fc.constantFrom('m1', 'm2'),
    time: fc.oneof(fc.constant('2026-01-01'), fc.jsonValue()),
  }),
});

test('whatever goes by, a way can be told: no step ends before it begins, and steps are in order', () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { maxLength: 8 }),
      fc.array(anyLine, { maxLength: 8 }),
      (messages, lines) => {
        const trails = makeTrails({ events: 3, messages: 3 });
        for (const message of messages) trails.message(message);
        for (const line of lines) trails.line(line);
        for (const { event_id } of [...trails.newest(50), { event_id: 'a' }]) {
          const trail = trails.find(event_id);
          if (!trail) continue;
          const { steps } = journeyOf(trail, { eventId: 'a', writtenAt: 5 }, 2000);
          for (const { from, to } of steps) expect(to).toBeGreaterThanOrEqual(from);
          const begins = steps.map(({ from }) => from);
          expect(begins).toEqual(begins.toSorted((a, b) => a - b));
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('spans of any descent, circles too, are each drawn once at the most', () => {
  const id = fc.constantFrom('1', '2', '3', '4');
  const anySpan = fc.record(
    {
      span_id: id,
      parent_span_id: id,
      links: fc.array(fc.record({ trace_id: id, span_id: id }), { maxLength: 2 }),
    },
    { requiredKeys: ['span_id', 'links'] },
  );
  fc.assert(
    fc.property(fc.uniqueArray(anySpan, { selector: ({ span_id }) => span_id }), (found) => {
      const spans: readonly StoredSpan[] = found.map((span) => ({
        ...span,
        trace_id: 't',
        service: 's',
        name: 'n',
        kind: 'internal',
        start_ms: 0,
        end_ms: 1,
        attributes: {},
      }));
      const drawn = spanTree(spans).map(({ span_id }) => span_id);
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(drawn.every((each) => spans.some(({ span_id }) => span_id === each))).toBe(true);
    }),
  );
});
