import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readOtlp } from '../../emulators/traces/read-otlp.ts';
import type { TraceContext } from '../trace.ts';
import { encodeTraces } from './otlp-encoding.ts';
import type { FinishedSpan } from './tracer.ts';

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
const contexts: fc.Arbitrary<TraceContext> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  sampled: fc.boolean(),
});
const text = fc.string({ unit: 'grapheme', maxLength: 50 });
const values = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.array(text, { maxLength: 4 }),
);
const attributes = fc.dictionary(text, values, { noNullPrototype: true });
const spans: fc.Arbitrary<FinishedSpan> = fc.record(
  {
    name: text,
    kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
    trace: contexts,
    parentSpanId: hex(16),
    links: fc.array(contexts, { maxLength: 3 }),
    startMs: fc.nat({ max: 2_000_000_000_000 }),
    endMs: fc.nat({ max: 2_000_000_000_000 }),
    attributes,
    error: text,
  },
  { requiredKeys: ['name', 'kind', 'trace', 'links', 'startMs', 'endMs', 'attributes'] },
);

it('writes what a reader of OpenTelemetry’s protocol reads: every span, link and attribute as it was', () => {
  fc.assert(
    fc.property(fc.array(spans, { maxLength: 5 }), (list) => {
      const bytes = encodeTraces({ 'service.name': 'enrich' }, list);
      const read = readOtlp(bytes, 'application/x-protobuf');
      expect(read).toEqual(
        list.map((span) => ({
          trace_id: span.trace.traceId,
          span_id: span.trace.spanId,
          ...(span.parentSpanId === undefined ? {} : { parent_span_id: span.parentSpanId }),
          service: 'enrich',
          name: span.name,
          kind: span.kind,
          start_ms: span.startMs,
          end_ms: span.endMs,
          attributes: span.attributes,
          links: span.links.map(({ traceId, spanId }) => ({ trace_id: traceId, span_id: spanId })),
          ...(span.error === undefined ? {} : { error: span.error || 'failed' }),
        })),
      );
    }),
  );
});
