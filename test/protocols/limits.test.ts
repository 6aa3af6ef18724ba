import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { closeFakePubSubs } from '../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../helpers/serve-function.ts';
import { startCollector, type TestCollector } from './collector.ts';
import { CASES } from './requests.ts';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector({ MAX_BODY_BYTES: '1000000', MAX_EVENTS_PER_REQUEST: '50' });
});
afterEach(() => collector.clear());
afterAll(() => {
  endServedFunctions();
  closeFakePubSubs();
});

describe.each(CASES)('$protocol', (each) => {
  const send = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}${each.path}`, { method: 'POST', body, headers });

  test('as many events as are allowed', async () => {
    expect((await send(each.body(50))).status).toBe(each.success);
    expect(collector.acknowledged()).toHaveLength(50);
  });

  test.each([
    { name: 'more events', body: () => each.body(51), headers: {} },
    { name: 'ten thousand events', body: () => each.body(10_000), headers: {} },
    { name: 'more bytes', body: () => 'x'.repeat(1_000_001), headers: {} },
    {
      name: 'more bytes once inflated',
      body: () => gzipSync(Buffer.alloc(50_000_000)),
      headers: { 'content-encoding': 'gzip' },
    },
  ])('$name: refused for good, nothing published', async ({ body, headers }) => {
    const { status } = await send(body(), headers);
    expect([each.tooLarge, 400]).toContain(status);
    expect(collector.publishes()).toBe(0);
  });

  test('an event beyond the bytes of one is a failed event', async () => {
    expect((await send(each.large)).status).toBe(each.success);
    expect(collector.acknowledged()).toEqual([]);
    expect(collector.failed()).toMatchObject([{ reason: 'too_large', payload_truncated: false }]);
  });
});

const SHARED = 'x'.repeat(15_000);
test.each([
  {
    name: "GA4's user properties",
    path: '/mp/collect?api_secret=k1',
    body: JSON.stringify({
      client_id: 'a',
      user_properties: { text: { value: SHARED.repeat(3) } },
      events: Array.from({ length: 50 }, () => ({ name: 'x' })),
    }),
  },
  {
    name: "gtag.js's query",
    path: `/g/collect?cid=a&tid=k1&ep.text=${SHARED}`,
    body: 'en=x\n'.repeat(50),
  },
  {
    name: "Segment's context",
    path: '/v1/batch',
    body: JSON.stringify({
      writeKey: 'k1',
      context: { text: SHARED.repeat(3) },
      batch: Array.from({ length: 50 }, () => ({ type: 'track', event: 'x', userId: 'u' })),
    }),
  },
])('$name, shared by many events, count for each of them', async ({ path, body }) => {
  const small = await startCollector({ MAX_BODY_BYTES: '500000' });
  const response = await fetch(small.url + path, { method: 'POST', body });
  expect([response.status, await response.text()]).toEqual([413, expect.stringContaining('events share')]);
  expect(small.publishes()).toBe(0);
});

test('names of items, depth and lengths beyond the limits are told by path', async () => {
  const events = [
    { anonymous_id: 'a'.repeat(129) },
    { items: Array.from({ length: 101 }, () => ({ item_id: '1' })) },
    { page: { url: `https://s.example/${'x'.repeat(4_096)}` } },
    { search_term: 'x'.repeat(513) },
    { properties: { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } } },
    { value: 1e300 },
  ].map((each) => ({ event_name: 'x', anonymous_id: 'a', ...each }));
  const response = await fetch(`${collector.url}/v1/events`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: 'k1', events }),
  });
  const answer = (await response.json()) as { readonly events: readonly { readonly path: string }[] };
  expect(answer.events.map(({ path }) => path)).toEqual([
    'anonymous_id',
    'items',
    'page.url',
    'search_term',
    'properties',
    'value',
  ]);
  expect(collector.failed()).toHaveLength(events.length);
});

/** Sends bytes as they are; resolves with what is answered before the connection ends. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(collector.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  // The collector may end the connection before it has read all of it.
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

test.each([
  {
    name: 'headers of 20 KB',
    bytes: `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    says: '431',
  },
  {
    name: 'a line end within a header',
    bytes: 'GET /health HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n',
    says: '400',
  },
  {
    name: 'two lengths',
    bytes: 'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    says: '400',
  },
  {
    name: 'a length and chunks',
    bytes: 'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    says: '400',
  },
])('$name: $says, and the collector goes on', async ({ bytes, says }) => {
  expect(await raw(bytes)).toContain(`HTTP/1.1 ${says}`);
  expect((await fetch(`${collector.url}/health`)).status).toBe(200);
});

test('what a client sends comes back in no header', async () => {
  const { status, headers } = await fetch(`${collector.url}/i?e=pv&duid=a%0d%0aX-Injected:1&aid=k1`, {
    headers: { origin: 'https://shop.example', cookie: 'sp=a%0d%0aX-Injected:1' },
  });
  expect(status).toBe(200);
  expect(headers.has('x-injected')).toBe(false);
});

test('a question mark within a query is a part of it', async () => {
  const { status } = await fetch(`${collector.url}/i/?e=pv&duid=a&aid=k1&url=https://shop.example/?a=b`);
  expect(status).toBe(200);
  expect(collector.acknowledged()[0]?.page?.url).toBe('https://shop.example/?a=b');
});
