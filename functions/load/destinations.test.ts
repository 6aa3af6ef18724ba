import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { csvOf, linesOf, makeInbox } from './fixtures.ts';

describe('history', () => {
  test('goes to the warehouse by one load, and nowhere else', async () => {
    const inbox = makeInbox({ chunkBytes: 300 });
    await inbox.put('history/retailrocket/years.csv', csvOf([...linesOf(40), 'oops']));
    expect(inbox.raw()).toEqual([]);
    expect(inbox.warehouse).toHaveLength(40);
    expect(inbox.warehouse[0]).toMatchObject({ collector: { origin: 'history' } });
    expect(inbox.failed()).toHaveLength(1);
    expect(inbox.staged.size).toBe(0);
  });

  test.each(['plain', 'gzip'])('%s: a run that fails, wherever, leaves no upload open', async (form) => {
    const text = csvOf(linesOf(1_700));
    const outcomes = new Set<number>();
    for (let calls = 0; calls < 120; calls += 3) {
      const inbox = makeInbox();
      inbox.files.set('history/retailrocket/years.csv', form === 'gzip' ? gzipSync(text) : Buffer.from(text));
      inbox.failAfter(calls);
      const object = { bucket: 'inbox', name: 'history/retailrocket/years.csv', generation: '1' };
      await inbox.load.onObject(object, inbox.context).catch(() => undefined);
      expect(inbox.uploads.size).toBe(0);
      outcomes.add(inbox.warehouse.length);
    }
    expect(outcomes).toEqual(new Set([0, 1_700]));
  });

  test('of a file that is rejected, nothing is loaded', async () => {
    const inbox = makeInbox({ chunkBytes: 300, maxBadShare: 0.1 });
    await inbox.put('history/retailrocket/years.csv', csvOf([...linesOf(40), ...linesOf(10).map(() => 'x')]));
    expect(inbox.warehouse).toEqual([]);
    expect(inbox.staged.size).toBe(0);
    expect(inbox.loads()).toMatchObject([{ state: 'rejected' }]);
  });
});

describe('rejected', () => {
  test('a file most of whose records fail is moved, with a report, and is one more failed event', async () => {
    const inbox = makeInbox();
    await inbox.put('native/x.csv', csvOf(linesOf(10)));
    expect(inbox.files.has('native/x.csv')).toBe(false);
    expect(inbox.files.has('rejected/native/x.csv')).toBe(true);
    expect(inbox.reports.get('native/x.csv')).toMatchObject({
      object: 'gs://inbox/native/x.csv',
      reason: '10 of 10 records failed, and at most 70 % may; is it of the source native?',
      read: 10,
      failed: 10,
      first_failures: expect.arrayContaining([expect.objectContaining({ line: 2, offset: 56 })]),
    });
    expect(inbox.failed().filter(({ reason }) => reason === 'file_rejected')).toHaveLength(1);
    expect(inbox.failed()).toHaveLength(11);
  });

  test('is stopped early where enough is seen', async () => {
    const inbox = makeInbox();
    await inbox.put('native/x.csv', csvOf(linesOf(20_000)));
    expect(inbox.failed().length).toBeLessThan(3_000);
    expect(inbox.loads()).toMatchObject([{ state: 'rejected' }]);
  });

  test.each([
    ['acme/x.csv', 'a\n1', /no source is named "acme"; put the file under one of diginetica, /],
    ['retailrocket/x.zip', 'PK\x03\x04', /zip archive/],
  ])('%s, with what to do', async (name, bytes, reason) => {
    const inbox = makeInbox();
    await inbox.put(name, bytes);
    expect(inbox.reports.get(name)).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(inbox.failed()).toMatchObject([
      {
        reason: 'file_rejected',
        message: expect.stringMatching(reason),
        payload: `{"object":"gs://inbox/${name}"}`,
      },
    ]);
  });
});

describe('the catalogue', () => {
  test('takes what a file tells of products, and keeps the rest', async () => {
    const inbox = makeInbox();
    const feed =
      'id\ttitle\tprice\tavailability\tproduct_type\n1\tShoe\t12.50 EUR\tin stock\tShoes\n2\tHat\t5 EUR\tout of stock\t\n';
    await inbox.put('catalog/full.tsv', feed);
    await inbox.put(
      'catalog/prices.ndjson',
      '{"id":"1","priceInfo":{"price":9.9,"currencyCode":"EUR"}}\n{"title":"none"}',
    );
    expect(Object.fromEntries(inbox.catalog)).toEqual({
      1: { item_id: '1', title: 'Shoe', price: 9.9, currency: 'EUR', in_stock: true, category: 'Shoes' },
      2: { item_id: '2', title: 'Hat', price: 5, currency: 'EUR', in_stock: false },
    });
    expect(inbox.failed()).toMatchObject([{ reason: 'invalid_row', path: 'item_id' }]);
  });
});
