import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulator.ts';
import { startTraceReceiver } from '../../traces/index.ts';
import { makeTraceReader } from './trace-reader.ts';

const TRACE = 'a'.repeat(32);
const id = (digit: string): string => digit.repeat(16);

let receiver: RunningEmulator;
beforeAll(async () => {
  receiver = await startTraceReceiver();
});
afterAll(() => receiver.close());

/** A span as OTLP/HTTP has it in JSON. Times are milliseconds. */
function span(name: string, spanId: string, from: number, to: number, more: object = {}): object {
  const nanos = (ms: number): string => `${1_763_700_000_000 + ms}000000`;
  return {
    traceId: TRACE,
    spanId,
    name,
    kind: 5,
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(to),
    ...more,
  };
}

async function send(service: string, spans: readonly object[]): Promise<void> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const response = await fetch(`${receiver.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  expect(response.status).toBe(200);
}

test('the spans of an event, each under its parent, linked traces among them', async () => {
  const ids = { key: 'nextclick.event_ids', value: { arrayValue: { values: [{ stringValue: 'e1' }] } } };
  await send('enrich', [
    span('enrich', id('2'), 10, 30, {
      parentSpanId: id('1'),
      attributes: [ids, { key: 'nextclick.out', value: { intValue: '3' } }],
    }),
  ]);
  await send('ingest', [span('POST', id('1'), 0, 5, { attributes: [ids] })]);
  await send('push', [
    span('push', id('4'), 45, 60, {
      traceId: 'b'.repeat(32),
      links: [{ traceId: TRACE, spanId: id('2') }],
      status: { code: 2, message: '<img onerror>' },
    }),
  ]);
  const read = makeTraceReader(receiver.url);
  expect((await read('e1')).map(({ service, depth, from, to }) => [service, depth, to - from])).toEqual([
    ['ingest', 0, 5],
    ['enrich', 1, 20],
    ['push', 2, 15],
  ]);
  expect((await read('e1'))[1]).toMatchObject({ figures: 'out 3', error: null });
  expect((await read('e1'))[2]).toMatchObject({ error: '<img onerror>' });
  expect(await read('e2')).toEqual([]);
});

test('without a receiver, or when it is gone, there are no spans', async () => {
  expect(await makeTraceReader(undefined)('e1')).toEqual([]);
  expect(await makeTraceReader('http://127.0.0.1:1')('e1')).toEqual([]);
});
