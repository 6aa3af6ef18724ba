import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { checkFile } from './cli/check.ts';
import type { LoadedEvent } from './map-row.ts';
import { loadSources } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-shipped-'));
afterAll(() => rmSync(folder, { recursive: true }));
function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The first event of a file by a shipped source. */
async function first(name: string, content: string | Buffer, source: string): Promise<LoadedEvent | string> {
  const found = loadSources().get(source);
  if (!found) throw new Error(`no ${source}`);
  const report = await checkFile(write(name, content), found, { show: 1, limit: 100 });
  return report.first[0] ?? report.failures[0]?.message ?? 'nothing';
}

describe('shipped sources read their originals', () => {
  test('RetailRocket', async () => {
    const file =
      'timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,transaction,355908,4000\n';
    expect(await first('rr.csv', file, 'retailrocket')).toMatchObject({
      event_name: 'purchase',
      event_time: '2015-06-02T05:02:12.117Z',
      anonymous_id: '257597',
      transaction_id: '4000',
      items: [{ item_id: '355908' }],
    });
  });

  test('Diginetica, views and purchases', async () => {
    const views = 'sessionId;userId;itemId;timeframe;eventdate\n1;NA;81766;526309;2016-05-09\n';
    expect(await first('views.csv', views, 'diginetica')).toMatchObject({
      event_name: 'view_item',
      event_time: '2016-05-09T00:08:46.309Z',
      session_id: '1',
      items: [{ item_id: '81766' }],
    });
    const purchases =
      'sessionId;userId;timeframe;eventdate;ordernumber;itemId\n150;18278;17100868;2016-05-06;16421;25911\n';
    expect(await first('buys.csv', purchases, 'diginetica')).toMatchObject({
      event_name: 'purchase',
      transaction_id: '16421',
    });
  });

  test('sessions of research', async () => {
    const file = 'SessionId\tItemId\tTime\n3\t214716935\t1396437466.94\n';
    expect(await first('rsc.txt', gzipSync(file), 'sessions')).toMatchObject({
      event_time: '2014-04-02T11:17:46.940Z',
      items: [{ item_id: '214716935' }],
    });
  });

  test('REES46', async () => {
    const file = [
      'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session',
      '2019-10-01 00:00:00 UTC,cart,44600062,2103807459595387724,,shiseido,35.79,541312140,72d76fde',
    ].join('\n');
    expect(await first('rees46.csv', file, 'rees46')).toMatchObject({
      event_name: 'add_to_cart',
      event_time: '2019-10-01T00:00:00.000Z',
      items: [{ item_id: '44600062', item_category: '2103807459595387724', price: 35.79 }],
    });
  });

  test("GA4's export", async () => {
    const event = {
      event_date: '20260101',
      event_timestamp: '1767225600123456',
      event_name: 'purchase',
      event_params: [
        { key: 'ga_session_id', value: { int_value: '42' } },
        { key: 'page_location', value: { string_value: 'https://shop.example/thanks' } },
      ],
      user_pseudo_id: '1.2',
      ecommerce: { transaction_id: 'T1', purchase_revenue: 20 },
      items: [{ item_id: 'sku', item_name: 'Shoe', price: 10, quantity: '2' }],
      geo: { country: 'Germany', city: 'Kiel' },
    };
    expect(await first('ga4.ndjson', JSON.stringify(event), 'ga4-export')).toMatchObject({
      event_name: 'purchase',
      event_time: '2026-01-01T00:00:00.123Z',
      session_id: '42',
      transaction_id: 'T1',
      value: 20,
      page: { url: 'https://shop.example/thanks' },
      items: [{ item_id: 'sku', price: 10, quantity: 2 }],
      properties: { country: 'Germany' },
    });
  });

  test("Segment's calls", async () => {
    const call = {
      type: 'track',
      event: 'Order Completed',
      messageId: 'm1',
      anonymousId: 'a',
      userId: 'u',
      timestamp: '2026-01-01T00:00:00.000Z',
      properties: { order_id: 'o', revenue: 5, products: [{ product_id: 'p', price: 5 }] },
    };
    expect(await first('segment.json', JSON.stringify([call]), 'segment')).toMatchObject({
      event_id: 'm1',
      event_name: 'purchase',
      value: 5,
      items: [{ item_id: 'p', price: 5 }],
    });
  });

  test("Snowplow's enriched TSV", async () => {
    const source = loadSources().get('snowplow');
    const columns = source?.hints.columns ?? [];
    expect(columns).toHaveLength(131);
    const schema = 'iglu:com.snowplowanalytics.snowplow';
    const fields: Record<string, string> = {
      event_id: 'e1',
      event: 'unstruct',
      event_name: 'snowplow_ecommerce_action',
      collector_tstamp: '2026-01-01 00:00:00.500',
      domain_userid: 'd',
      domain_sessionid: 's',
      geo_country: 'DE',
      unstruct_event: JSON.stringify({
        schema: `${schema}/unstruct_event/jsonschema/1-0-0`,
        data: {
          schema: `${schema}.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2`,
          data: { type: 'add_to_cart' },
        },
      }),
      contexts: JSON.stringify({
        schema: `${schema}/contexts/jsonschema/1-0-0`,
        data: [
          {
            schema: `${schema}.ecommerce/product/jsonschema/1-0-0`,
            data: { id: 'p', price: 9.5, category: 'shoes' },
          },
        ],
      }),
    };
    const line = columns.map((name) => fields[name] ?? '').join('\t');
    expect(await first('snowplow.tsv', `${line}\n`, 'snowplow')).toMatchObject({
      event_id: 'e1',
      event_name: 'add_to_cart',
      event_time: '2026-01-01T00:00:00.500Z',
      session_id: 's',
      items: [{ item_id: 'p', price: 9.5, item_category: 'shoes' }],
    });
  });
});
