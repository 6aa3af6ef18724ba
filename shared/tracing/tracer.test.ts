import { expect, it } from 'vitest';
import type { ChunkPublisher } from '../publisher.ts';
import { formatTraceparent, parseTraceparent, type TraceContext } from '../trace.ts';
import { makeTracedPublisher } from './traced-publisher.ts';
import { type FinishedSpan, makeTracer, silentTracer } from './tracer.ts';

const parent: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function recording(share = 1) {
  const spans: FinishedSpan[] = [];
  let flushed = 0;
  let now = 1000;
  const sink = {
    add: (span: FinishedSpan) => void spans.push(span),
    flush: async () => {
      flushed += 1;
    },
  };
  const clock = () => {
    now += 1;
    return now;
  };
  return { tracer: makeTracer({ sink, share, clock }), spans, flushes: () => flushed };
}

it('records a span once, below its parent', () => {
  const { tracer, spans } = recording();
  const span = tracer.start('work', { kind: 'consumer', parent, attributes: { a: 1, b: 1 } });
  span.end({ attributes: { b: 2 }, error: 'broke' });
  span.end();
  expect(spans).toEqual([
    {
      name: 'work',
      kind: 'consumer',
      trace: { traceId: parent.traceId, spanId: span.trace.spanId, sampled: true },
      parentSpanId: parent.spanId,
      links: [],
      startMs: 1001,
      endMs: 1002,
      attributes: { a: 1, b: 2 },
      error: 'broke',
    },
  ]);
});

it('keeps the decision that comes with a trace; decides by share where it begins', () => {
  for (const [share, sampled] of [
    [0, true],
    [1, false],
  ] as const) {
    const { tracer, spans } = recording(share);
    const span = tracer.start('work', { kind: 'server', parent: { ...parent, sampled } });
    span.end();
    expect([span.recorded, span.trace.sampled, spans.length]).toEqual([sampled, sampled, sampled ? 1 : 0]);
  }
  const { tracer, spans } = recording(0.25);
  for (let i = 0; i < 4000; i += 1) tracer.start('root', { kind: 'server' }).end();
  expect(spans.length).toBeGreaterThan(800);
  expect(spans.length).toBeLessThan(1200);
});

it('settles when the last open span is over, so that a stopped processor leaves none behind', async () => {
  const { tracer, flushes } = recording();
  const [one, two] = [tracer.start('1', { kind: 'consumer' }), tracer.start('2', { kind: 'consumer' })];
  one.end();
  await tracer.settle();
  expect(flushes()).toBe(0);
  two.end();
  await tracer.settle();
  expect(flushes()).toBe(1);
});

it('publishes the span’s context to W3C’s readers and Google’s, and links the other traces', async () => {
  const { tracer, spans } = recording();
  const sent: Readonly<Record<string, string>>[] = [];
  const to: ChunkPublisher = {
    publishChunks: async (_topic, _chunks, attributes = {}) => void sent.push(attributes),
  };
  const follows = [{ ...parent, traceId: 'c'.repeat(32) }];
  const attributes = { traceparent: formatTraceparent(parent), kept: 'yes' };
  const chunk = { data: Buffer.from('{}'), count: 3 };
  await makeTracedPublisher(to, tracer).publishChunks('clickstream-raw', [chunk], attributes, follows);
  const [span] = spans;
  expect(span).toMatchObject({
    name: 'publish clickstream-raw',
    kind: 'producer',
    parentSpanId: parent.spanId,
    links: follows,
    attributes: { 'nextclick.events': 3 },
  });
  const carried = parseTraceparent(sent[0]?.traceparent);
  expect(carried).toEqual(span?.trace);
  expect(sent[0]).toMatchObject({ kept: 'yes', googclient_traceparent: sent[0]?.traceparent });
});

it('says in the span that a publish failed, and throws what it threw', async () => {
  const { tracer, spans } = recording();
  const failing = { publishChunks: () => Promise.reject(new Error('no topic')) };
  const published = makeTracedPublisher(failing, tracer).publish('clickstream-raw', [{ a: 1 }]);
  await expect(published).rejects.toThrow('no topic');
  expect(spans).toMatchObject([{ error: 'no topic' }]);
});

it('hands contexts on where nothing is recorded', () => {
  const span = silentTracer.start('work', { kind: 'server', parent });
  expect(span.recorded).toBe(false);
  expect(span.trace).toMatchObject({ traceId: parent.traceId, sampled: true });
});
