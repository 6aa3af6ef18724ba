import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadSources, parseSource } from '../sources.ts';
import { checkFile } from './check.ts';
import { inferSource } from './infer.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-sources-command-'));
afterAll(() => rmSync(folder, { recursive: true }));
function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

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
