import { expect, test } from 'vitest';
import { makeDevelopment } from './development/development.ts';
import { makeObserver } from './development/observer.ts';
import { setUp } from './fixtures.ts';
import { PROTOCOLS } from './protocols/protocols.ts';

/** Deeper than the stack, for whoever walks it by recursion. */
const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
/** No text can be made of it. */
const TEXTLESS = '{"toString":1}';

const native = (event: string) => ({ path: '/v1/events', body: `{"events":[${event}]}` });
const tp2 = (event: string) => ({
  path: '/com.snowplowanalytics.snowplow/tp2',
  body: `{"data":[${event},{"e":"pv","duid":"a"}]}`,
});
const search = (terms: string) => {
  const event = `{"schema":"iglu:com.x/site_search/jsonschema/1-0-0","data":{"terms":${terms}}}`;
  return tp2(`{"e":"ue","duid":"a","ue_pr":${JSON.stringify(`{"data":${event}}`)}}`);
};
const collect = (fields: string) => ({
  path: '/mp/collect?api_secret=k1',
  body: `{"client_id":"a",${fields}}`,
});
const purchase = (order: string) =>
  collect(`"events":[{"name":"purchase","params":{"transaction_id":${order}}},{"name":"x"}]`);
const batch = (context: string) => ({
  path: '/v1/batch',
  body: `{"context":{"app":${context}},"batch":[{"type":"track","event":"x","userId":"a"}]}`,
});

function send(shop: ReturnType<typeof setUp>, { path, body }: ReturnType<typeof native>) {
  const { pathname, searchParams } = new URL(path, 'http://collector.example');
  return shop.send(body, { path: pathname, query: searchParams });
}

// None may be answered with a status that makes its client send it again.
test.each([
  {
    name: 'native: a deep event',
    ...native(DEEP),
    says: [200, 0, 1],
  },
  { name: 'Snowplow: a kind without text', ...tp2(`{"e":${TEXTLESS}}`), says: [200, 1, 1] },
  { name: 'Snowplow: a deep kind', ...tp2(`{"e":${DEEP}}`), says: [200, 1, 1] },
  { name: 'Snowplow: terms without text', ...search(`[${TEXTLESS},"a"]`), says: [200, 2, 0] },
  { name: 'Snowplow: deep terms', ...search(DEEP), says: [200, 2, 0] },
  { name: 'Segment: a context without text', ...batch(TEXTLESS), says: [200, 1, 0] },
  { name: 'Segment: a deep context', ...batch(DEEP), says: [400, 0, 0] },
  { name: 'GA4: an order without text', ...purchase(TEXTLESS), says: [204, 1, 1] },
  { name: 'GA4: a deep order', ...purchase(DEEP), says: [204, 1, 1] },
  { name: 'GA4: a deep parameter', ...collect(`"more":${DEEP},"events":[{"name":"x"}]`), says: [400, 0, 0] },
])('$name: $says.0, $says.1 accepted, $says.2 failed', async ({ path, body, says }) => {
  const shop = setUp();
  const { status } = await send(shop, { path, body });
  expect([status, shop.raw().length, shop.failed().length]).toEqual(says);
});

test('whoever watches in development sees that an event was deep, and its sender no other answer', async () => {
  const observer = makeObserver();
  const watcher = observer.watch();
  const development = makeDevelopment({ protocols: PROTOCOLS, writeKey: 'k1', observer });
  const { status } = await send(setUp({ development }), native(DEEP));
  expect(status).toBe(200);
  expect(String(watcher.read())).toContain('nests deeper');
});

test('what nests too deep is told so', async () => {
  const shop = setUp();
  await send(shop, native(DEEP));
  expect(shop.failed()).toMatchObject([{ message: expect.stringContaining('nests deeper') }]);
  expect(String((await send(shop, batch(DEEP))).body)).toContain('nests deeper than 64 levels');
});

test('the words of a search are joined, numbers among them', async () => {
  const shop = setUp();
  await send(shop, search(`["trail",42,${TEXTLESS}]`));
  expect(shop.raw()[0]).toMatchObject({ event_name: 'search', search_term: 'trail 42' });
});
