import { expect, test } from 'vitest';
import { setUp } from './fixtures.ts';

const shop = { item_id: 'sku-7' };
const iglu = (name: string, data: unknown) => ({ schema: `iglu:com.x/${name}/jsonschema/1-0-0`, data });
const snowplow = (...entities: readonly unknown[]) => ({
  schema: 'iglu:x',
  data: [
    {
      ...{ e: 'ue', eid: 'e1', duid: 'v-1', aid: 'k1' },
      ue_pr: JSON.stringify({
        schema: 'iglu:x',
        data: iglu('snowplow_ecommerce_action', { type: 'list_click', name: 'for-you' }),
      }),
      co: JSON.stringify({ schema: 'iglu:x', data: entities }),
    },
  ],
});
const segment = { product_id: 'sku-7', position: 2, recommendation_id: 'r-1' };

/** A click on a recommended item, as each protocol tells of it. */
test.each([
  {
    name: 'native',
    path: '/v1/events',
    body: {
      events: [
        { event_name: 'select_item', anonymous_id: 'v-1', recommendation_id: 'r-1', items: [{ ...shop }] },
      ],
    },
  },
  {
    name: 'Segment',
    path: '/v1/batch',
    body: {
      batch: [{ type: 'track', event: 'Product Clicked', anonymousId: 'v-1', properties: segment }],
    },
  },
  {
    name: 'GA4',
    path: '/mp/collect',
    query: 'measurement_id=G-1&api_secret=k1',
    body: {
      client_id: 'v-1',
      events: [{ name: 'select_item', params: { recommendation_id: 'r-1', items: [{ ...shop }] } }],
    },
  },
  {
    name: 'Snowplow',
    path: '/com.snowplowanalytics.snowplow/tp2',
    body: snowplow(iglu('product', { id: 'sku-7' }), iglu('recommendation', { recommendation_id: 'r-1' })),
  },
])('a click carries its recommendation by $name', async ({ path, query = '', body }) => {
  const collector = setUp();
  await collector.send(body, { path, query: new URLSearchParams(query) });
  expect(collector.failed()).toEqual([]);
  expect(collector.raw()).toMatchObject([
    {
      event_name: 'select_item',
      anonymous_id: 'v-1',
      recommendation_id: 'r-1',
      items: [{ item_id: 'sku-7' }],
    },
  ]);
});
