import { expect, it } from 'vitest';
import type { StoredSpan } from './span.ts';
import { makeTraceStore } from './trace-store.ts';

const span = (trace_id: string, span_id: string, more: Partial<StoredSpan> = {}): StoredSpan => ({
  trace_id,
  span_id,
  service: 'ingest',
  name: span_id,
  kind: 'internal',
  start_ms: 0,
  end_ms: 1,
  attributes: {},
  links: [],
  ...more,
});
const names = (spans: readonly StoredSpan[]) => spans.map(({ name }) => name);

it('shows a request what became of a message that went on with another request’s trace', () => {
  const store = makeTraceStore({ maxSpans: 100 });
  store.add([
    span('a', 'click of a', { start_ms: 1 }),
    span('b', 'click of b', { start_ms: 2 }),
    span('b', 'elsewhere', { parent_span_id: 'click of b', start_ms: 3 }),
    span('b', 'publish', {
      parent_span_id: 'click of b',
      start_ms: 4,
      links: [{ trace_id: 'a', span_id: 'click of a' }],
    }),
    span('b', 'enrich', { parent_span_id: 'publish', start_ms: 5 }),
    span('b', 'push', { parent_span_id: 'enrich', start_ms: 6 }),
  ]);
  expect(names(store.spans('a'))).toEqual(['click of a', 'publish', 'enrich', 'push']);
  expect(names(store.spans('b'))).toEqual(['click of b', 'elsewhere', 'publish', 'enrich', 'push']);
});

it('ends where parents go in a circle', () => {
  const store = makeTraceStore({ maxSpans: 100 });
  store.add([
    span('b', 'x', { parent_span_id: 'y', links: [{ trace_id: 'a', span_id: 'click' }] }),
    span('b', 'y', { parent_span_id: 'x' }),
  ]);
  expect(names(store.spans('a'))).toEqual(['x', 'y']);
});

it('finds traces by an event, newest first, and sums them up', () => {
  const store = makeTraceStore({ maxSpans: 100 });
  const attributes = { 'nextclick.event_ids': ['e1', 'e2'] };
  store.add([
    span('a', 'click', { start_ms: 10, end_ms: 12, attributes }),
    span('a', 'enrich e1', { start_ms: 20, end_ms: 30.5, service: 'enrich', error: 'x', attributes }),
    span('b', 'again', { start_ms: 40, end_ms: 41, attributes }),
  ]);
  expect(store.ofEvent('e2').map(({ trace_id }) => trace_id)).toEqual(['b', 'a']);
  expect(store.ofEvent('e1')[1]).toEqual({
    trace_id: 'a',
    name: 'click',
    start_ms: 10,
    duration_ms: 20.5,
    spans: 2,
    services: ['ingest', 'enrich'],
    failed: true,
  });
  expect(store.ofEvent('e3')).toEqual([]);
});

it('lets the traces go that have not changed for longest, with all that is known of them', () => {
  const store = makeTraceStore({ maxSpans: 3 });
  const of = (id: string) => ({ attributes: { 'nextclick.event_ids': [id] } });
  store.add([span('a', '1', of('e1')), span('b', '2', { links: [{ trace_id: 'a', span_id: '1' }] })]);
  store.add([span('a', '3', of('e1'))]);
  expect(names(store.spans('a'))).toEqual(['1', '3', '2']);
  store.add([span('c', '4')]);
  expect(names(store.spans('a'))).toEqual(['1', '3']);
  store.add([span('d', '5'), span('d', '6')]);
  expect(store.recent(10).map(({ trace_id }) => trace_id)).toEqual(['c', 'd']);
  expect(store.ofEvent('e1')).toEqual([]);
});
