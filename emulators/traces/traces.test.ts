import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RunningEmulator } from '../emulator.ts';
import { startTraceReceiver } from './index.ts';
import type { StoredSpan } from './span.ts';
import type { TraceSummary } from './trace-store.ts';

let receiver: RunningEmulator;
beforeAll(async () => {
  receiver = await startTraceReceiver();
});
afterAll(() => receiver.close());
beforeEach(async () => {
  await fetch(`${receiver.url}/reset`, { method: 'POST' });
});

const get = async <T>(path: string): Promise<T> => (await fetch(`${receiver.url}${path}`)).json() as T;
const post = (body: string, type = 'application/json') =>
  fetch(`${receiver.url}/v1/traces`, { method: 'POST', headers: { 'content-type': type }, body });

const exporters: readonly (readonly [string, () => SpanExporter])[] = [
  ['protobuf', () => new ProtobufExporter({ url: `${receiver.url}/v1/traces` })],
  [
    'protobuf, gzip',
    () => new ProtobufExporter({ url: `${receiver.url}/v1/traces`, compression: CompressionAlgorithm.GZIP }),
  ],
  ['JSON', () => new JsonExporter({ url: `${receiver.url}/v1/traces` })],
];

it.each(exporters)('takes what OpenTelemetry’s own SDK exports as %s', async (_form, makeExporter) => {
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(makeExporter())] });
  const tracer = provider.getTracer('test');
  const parent = tracer.startSpan('parent', {
    kind: SpanKind.CONSUMER,
    startTime: [1_763_700_000, 123_456_000],
    attributes: { text: 'Grüße', yes: true, whole: -7, part: 0.25, list: ['a', 'b'] },
  });
  const other = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
  const child = tracer.startSpan(
    'child',
    { kind: SpanKind.PRODUCER, links: [{ context: other }] },
    trace.setSpan(context.active(), parent),
  );
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' });
  child.end();
  parent.end([1_763_700_001, 123_456_000]);
  await provider.shutdown();

  const { traceId, spanId } = parent.spanContext();
  const { spans } = await get<{ spans: readonly StoredSpan[] }>(`/traces/${traceId}`);
  expect(spans).toHaveLength(2);
  expect(spans[0]).toEqual({
    trace_id: traceId,
    span_id: spanId,
    service: expect.stringContaining('unknown_service'),
    name: 'parent',
    kind: 'consumer',
    start_ms: 1_763_700_000_123.456,
    end_ms: 1_763_700_001_123.456,
    attributes: { text: 'Grüße', yes: true, whole: -7, part: 0.25, list: ['a', 'b'] },
    links: [],
  });
  expect(spans[1]).toMatchObject({
    parent_span_id: spanId,
    kind: 'producer',
    links: [{ trace_id: other.traceId, span_id: other.spanId }],
    error: 'it broke',
  });
  const { traces } = await get<{ traces: readonly TraceSummary[] }>('/traces?limit=1');
  expect(traces).toMatchObject([{ trace_id: traceId, name: 'parent', spans: 2, failed: true }]);
});

const refused: readonly (readonly [string, string, string, number, RegExp])[] = [
  ['no JSON', '{', 'application/json', 400, /no UTF-8 JSON/],
  ['bytes of something else', 'a click', 'application/x-protobuf', 400, /no protobuf/],
  ['text', 'a click', 'text/plain', 415, /send application\/x-protobuf/],
  [
    'a span without an id',
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] }),
    'application/json',
    400,
    /resourceSpans\.0\.scopeSpans\.0\.spans\.0\.traceId/,
  ],
];
it.each(refused)('refuses %s, and says what it wants', async (_what, body, type, status, words) => {
  const response = await post(body, type);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { message: string }).message).toMatch(words);
});

it('knows no trace it was not sent, and no list without end', async () => {
  expect((await fetch(`${receiver.url}/traces/${'0'.repeat(32)}`)).status).toBe(404);
  expect((await fetch(`${receiver.url}/traces?limit=0`)).status).toBe(400);
  expect(await get('/traces')).toEqual({ traces: [] });
});
