import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { checkFile } from './cli/check.ts';
import { inferSource } from './cli/infer.ts';
import { type LoadedEvent, mapRow } from './map-row.ts';
import { loadSources, parseSource } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));
function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a source makes of a record. */
function mapped(yaml: string, row: object): unknown {
  const source = parseSource('shop', yaml, 'shop.yaml');
  const result = mapRow(source, { offset: 0, line: 1, row: row as Record<string, unknown> }, { file: 'f' });
  return 'ok' in result ? result.ok : result.failure.message;
}

describe('a source that is wrong says where', () => {
  test.each([
    [
      'fields:\n  event_time: {column: a, as: datum}\n  colour: x\n',
      [/x.yaml:2:31: fields.event_time.as: /, /x.yaml:3:11: fields.colour: is not known/],
    ],
    [
      'fields:\n  event_time: {column: a, as: date}\n',
      [/x.yaml:2:\d+: fields.event_time.format: goes with as: date/],
    ],
    ['items:\n - item_id: 5\n', [/x.yaml:2:13: items.0.item_id: must be a column, a list/]],
    ['fields: [', [/x.yaml:1:\d+: /]],
    ['format: {encoding: klingon}', [/x.yaml:1:20: format.encoding: is no encoding/]],
    ['fields: {event_time: {column: a, as: iso, zone: Mars/X}}', [/zone Mars\/X is not known/]],
    ['fields: {value: "a[b].c"}', [/"a\[b\].c" is no path/]],
  ])('%j', (yaml, messages) => {
    const parse = () => parseSource('x', yaml, 'x.yaml');
    expect(parse).toThrow(ConfigError);
    for (const message of messages) expect(parse).toThrow(message);
  });

  test('every file of a folder that is wrong is named', () => {
    const place = mkdtempSync(join(folder, 'several-'));
    writeFileSync(join(place, 'a.yaml'), 'colour: 1');
    writeFileSync(join(place, 'B.yaml'), '');
    writeFileSync(join(place, 'c.yaml'), 'records: native');
    expect(() => loadSources(place)).toThrow(/B\.yaml[\s\S]*a\.yaml/);
    expect(() => loadSources(join(folder, 'absent'))).toThrow(/cannot be read/);
  });
});

describe('what a source can say', () => {
  const base = 'fields:\n  event_name: { constant: view_item }\n  anonymous_id: visitor\n';
  const row = { visitor: 'v', at: '2026-03-29T00:30:00Z' };

  test.each([
    ['{ column: at, as: epoch }', { at: 1774744200 }, '2026-03-29T00:30:00.000Z'],
    ['{ column: at, as: epoch }', { at: '1774744200123' }, '2026-03-29T00:30:00.123Z'],
    ['{ column: at, as: epoch }', { at: '1774744200123456' }, '2026-03-29T00:30:00.123Z'],
    ['{ column: at, as: iso }', { at: '2026-03-29 02:30:00+02:00' }, '2026-03-29T00:30:00.000Z'],
    ['{ column: at, as: iso }', { at: '2026-03-29 00:30:00 UTC' }, '2026-03-29T00:30:00.000Z'],
    [
      '{ column: at, as: iso, zone: Europe/Berlin }',
      { at: '2026-07-01 12:00:00' },
      '2026-07-01T10:00:00.000Z',
    ],
    [
      "{ column: at, as: date, format: 'dd.MM.yyyy HH:mm', zone: Europe/Berlin }",
      { at: '01.02.2026 13:05' },
      '2026-02-01T12:05:00.000Z',
    ],
    ['{ column: [late, at], as: iso }', { late: '' }, '2026-03-29T00:30:00.000Z'],
    [
      '{ column: day, as: iso, plus_ms: offset }',
      { day: '2016-05-09', offset: '526309' },
      '2016-05-09T00:08:46.309Z',
    ],
  ])('times: %s of %j', (rule, fields, time) => {
    expect(mapped(`${base}  event_time: ${rule}\n`, { ...row, ...fields })).toMatchObject({
      event_time: time,
    });
  });

  test.each([
    ['{ column: cents, as: number, multiply: 0.01 }', { cents: '1999' }, 19.99],
    ["{ column: total, as: number, decimal: ',' }", { total: '1.234,50' }, 1234.5],
    ['{ column: total, as: number, default: 7 }', {}, 7],
  ])('numbers: %s of %j', (rule, fields, value) => {
    const yaml = `${base}  event_time: { column: at, as: iso }\n  value: ${rule}\n`;
    expect(mapped(yaml, { ...row, ...fields })).toMatchObject({ value });
  });

  test('values, with one for all others', () => {
    const yaml = (others: string): string =>
      `fields:\n  event_time: { column: at, as: iso }\n  anonymous_id: visitor\n  event_name: { column: kind, values: { pv: view_item${others} } }\n`;
    expect(mapped(yaml(''), { ...row, kind: 'pv' })).toMatchObject({ event_name: 'view_item' });
    expect(mapped(yaml(''), { ...row, kind: 'fav' })).toBe('kind is "fav"; expected one of pv');
    expect(mapped(yaml(", '*': other"), { ...row, kind: 'fav' })).toMatchObject({ event_name: 'other' });
    expect(mapped(yaml(", '*': '*'"), { ...row, kind: 'fav' })).toMatchObject({ event_name: 'fav' });
  });

  test.each([
    [
      'each: basket.lines\n    item_id: sku\n    price: { column: unit.price, as: number }',
      { basket: { lines: [{ sku: 'a', unit: { price: 2 } }, { sku: 'b' }] } },
      [{ item_id: 'a', price: 2 }, { item_id: 'b' }],
    ],
    [
      "each: { column: skus, split: ';' }\n    item_id: .",
      { skus: 'a;b;' },
      [{ item_id: 'a' }, { item_id: 'b' }],
    ],
    ['each: basket\n    item_id: sku', { basket: '[{"sku":"a"}]' }, [{ item_id: 'a' }]],
    [
      'each: data[schema^=iglu:shop/product/].data\n    item_id: id',
      {
        data: [
          { schema: 'iglu:shop/product/1', data: { id: 'a' } },
          { schema: 'x', data: { id: 'b' } },
          { schema: 'iglu:shop/product/2', data: { id: 'c' } },
        ],
      },
      [{ item_id: 'a' }, { item_id: 'c' }],
    ],
    ['item_id: first\n  - item_id: second', { second: 's' }, [{ item_id: 's' }]],
    [
      'item_id: params[key=item].value[0]',
      { params: [{ key: 'x' }, { key: 'item', value: ['i'] }] },
      [{ item_id: 'i' }],
    ],
  ])('items: %s', (rule, fields, items) => {
    const yaml = `${base}  event_time: { column: at, as: iso }\nitems:\n  - ${rule}\n`;
    expect(mapped(yaml, { ...row, ...fields })).toMatchObject({ items });
  });
});

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

describe('npm run sources', () => {
  test('check tells what would fail, and of how many', async () => {
    const lines = [
      'timestamp_s,visitorid,event,itemid',
      '1441852593,1,view,10',
      'x,1,view,10',
      'y,1,hover,10',
      '1',
    ];
    const source = loadSources().get('retailrocket');
    if (!source) throw new Error('no source');
    const report = await checkFile(write('day.csv', lines.join('\n')), source, { show: 5, limit: 1_000 });
    expect(report).toMatchObject({
      read: 4,
      events: 1,
      failed: 3,
      whole: true,
      format: { kind: 'table', delimiter: ',' },
    });
    expect(report.failures).toMatchObject([
      { path: 'timestamp_s', count: 2, line: 3 },
      { path: '', message: 'the record at line 5 has 1 fields; the header has 4', count: 1 },
    ]);
    expect(report.columns.map(({ column, type }) => [column, type])).toEqual([
      ['timestamp_s', 'text'],
      ['visitorid', 'integer'],
      ['event', 'text'],
      ['itemid', 'integer'],
    ]);
    const short = await checkFile(join(folder, 'day.csv'), source, { show: 0, limit: 2 });
    expect(short).toMatchObject({ read: 2, whole: false });
  });

  test.each([
    [
      'ts;customer_id;action;sku;unit_price',
      '2026-01-01 10:00:00;c1;add_to_basket;p1;9.99',
      { event_name: 'add_to_cart', items: [{ item_id: 'p1', price: 9.99 }] },
    ],
    [
      'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session',
      '2019-10-01 00:00:00 UTC,cart,44600062,21,shoes,shiseido,35.79,541312140,72d7',
      { event_name: 'add_to_cart', session_id: '72d7', items: [{ item_id: '44600062', price: 35.79 }] },
    ],
    [
      'Time\tSessionId\tItemId',
      '1396437466.94\t3\t214716935',
      { event_name: 'view_item', session_id: '3', items: [{ item_id: '214716935' }] },
    ],
  ])('infer proposes a source that reads the file: %s', async (header, row, event) => {
    const path = write(`infer-${header.length}.csv`, `${header}\n${row}\n`);
    const source = parseSource('inferred', await inferSource(path), 'inferred.yaml');
    const report = await checkFile(path, source, { show: 1, limit: 10 });
    expect(report.failures).toEqual([]);
    expect(report.first[0]).toMatchObject(event);
  });
});
