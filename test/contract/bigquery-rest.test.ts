import { BigQuery } from '@google-cloud/bigquery';
import { describe, expect, test } from 'vitest';
import { bigqueryUnderTest } from '../helpers/bigquery-under-test.ts';

const under = bigqueryUnderTest();

const FIELDS = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'the key' },
  { name: 'n', type: 'INTEGER' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'item_id', type: 'STRING' },
      { name: 'price', type: 'FLOAT' },
    ],
  },
];

describe('datasets', () => {
  test('are made, listed, changed and deleted', async () => {
    const [made] = await under.bigquery.createDataset('one', {
      description: 'first',
      labels: { team: 'shop' },
      location: 'EU',
    });
    expect((await under.bigquery.getDatasets())[0].map(({ id }) => id)).toContain('one');
    await made.setMetadata({ description: 'second' });
    expect((await made.getMetadata())[0]).toMatchObject({
      id: 'demo-x:one',
      description: 'second',
      labels: { team: 'shop' },
      location: 'EU',
    });
    await made.createTable('t', { schema: { fields: FIELDS } });
    await expect(made.delete()).rejects.toMatchObject({ code: 400, errors: [{ reason: 'resourceInUse' }] });
    await made.delete({ force: true });
    expect(await made.exists()).toEqual([false]);
  });

  test('that exist already, or do not, are told so', async () => {
    await expect(under.bigquery.createDataset(under.dataset.id ?? '')).rejects.toMatchObject({
      code: 409,
      errors: [{ reason: 'duplicate', message: `Already Exists: Dataset demo-x:${under.dataset.id}` }],
    });
    await expect(under.bigquery.dataset('none').getMetadata()).rejects.toMatchObject({
      code: 404,
      errors: [{ reason: 'notFound', message: 'Not found: Dataset demo-x:none' }],
    });
  });
});

describe('tables', () => {
  test('keep what they were made with', async () => {
    const metadata = {
      schema: { fields: FIELDS },
      timePartitioning: { type: 'DAY', field: 'at', expirationMs: '86400000' },
      clustering: { fields: ['id'] },
      description: 'events',
      labels: { kind: 'raw' },
      requirePartitionFilter: true,
    };
    const [table] = await under.dataset.createTable('t', metadata);
    const [shown] = await table.getMetadata();
    expect(shown).toMatchObject({
      ...metadata,
      id: `demo-x:${under.dataset.id}.t`,
      type: 'TABLE',
      numRows: '0',
    });
    expect((await under.dataset.getTables())[0].map(({ id, metadata: { type } }) => [id, type])).toEqual([
      ['t', 'TABLE'],
    ]);
    await table.delete();
    await expect(table.getMetadata()).rejects.toMatchObject({
      code: 404,
      errors: [{ reason: 'notFound', message: `Not found: Table demo-x:${under.dataset.id}.t` }],
    });
  });

  test('take new columns, and lose none', async () => {
    const [table] = await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    await table.insert([{ id: 'a' }]);
    await table.setMetadata({ schema: { fields: [...FIELDS, { name: 'more', type: 'BOOLEAN' }] } });
    await table.insert([{ id: 'b', more: true }]);
    const [rows] = await under.dataset.query('SELECT id, more FROM t ORDER BY id');
    expect(rows).toEqual([
      { id: 'a', more: null },
      { id: 'b', more: true },
    ]);
    await expect(table.setMetadata({ schema: { fields: FIELDS.slice(1) } })).rejects.toMatchObject({
      code: 400,
    });
  });

  test('are listed in pages', async () => {
    for (const name of ['a', 'b', 'c']) await under.dataset.createTable(name, { schema: { fields: FIELDS } });
    const [first, next] = await under.dataset.getTables({ maxResults: 2, autoPaginate: false });
    const [rest] = await under.dataset.getTables({ ...next, autoPaginate: false });
    expect([first, rest].map((page) => page.map(({ id }) => id))).toEqual([['a', 'b'], ['c']]);
  });

  test('made twice are a duplicate', async () => {
    await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    await expect(under.dataset.createTable('t', { schema: { fields: FIELDS } })).rejects.toMatchObject({
      code: 409,
      errors: [{ reason: 'duplicate' }],
    });
  });

  test('views show their query, and follow their table', async () => {
    const [table] = await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    const query = `SELECT id, ARRAY_LENGTH(items) AS size FROM \`demo-x.${under.dataset.id}.t\``;
    const [view] = await under.dataset.createTable('v', { view: { query, useLegacySql: false } });
    await table.insert([{ id: 'a', items: [{ item_id: 'x', price: 1.5 }] }]);
    expect((await view.getMetadata())[0]).toMatchObject({
      type: 'VIEW',
      view: { query },
      schema: { fields: [{ name: 'id' }, { name: 'size', type: 'INTEGER' }] },
    });
    expect((await under.dataset.query('SELECT * FROM v'))[0]).toEqual([{ id: 'a', size: 1 }]);
    await expect(
      under.dataset.createTable('w', {
        view: { query: 'SELECT nosuch FROM UNNEST([1]) AS x', useLegacySql: false },
      }),
    ).rejects.toMatchObject({ code: 400, errors: [{ reason: 'invalidQuery' }] });
  });
});

describe('rows', () => {
  test('go in and come out as they are', async () => {
    const [table] = await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    const row = {
      id: 'a',
      n: 7,
      at: BigQuery.timestamp('2026-01-02T03:04:05.678Z'),
      tags: ['x', 'y'],
      items: [{ item_id: 'i', price: 1.5 }],
    };
    await table.insert([row, { id: 'b' }]);
    expect((await table.getRows())[0]).toEqual([row, { id: 'b', n: null, at: null, tags: [], items: [] }]);
  });

  test('come in pages', async () => {
    const [table] = await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    await table.insert(Array.from({ length: 25 }, (_, n) => ({ id: String(n), n })));
    const [first, next] = await table.getRows({ maxResults: 10, autoPaginate: false });
    expect(first).toHaveLength(10);
    const [second] = await table.getRows({ ...next, autoPaginate: false });
    expect(second.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, n) => 10 + n));
    expect((await table.getRows())[0]).toHaveLength(25);
    const [job] = await under.dataset.createQueryJob('SELECT n FROM t ORDER BY n');
    const [page, token] = await job.getQueryResults({ maxResults: 20, autoPaginate: false });
    expect(page).toHaveLength(20);
    expect((await job.getQueryResults({ ...token, autoPaginate: false }))[0]).toHaveLength(5);
    const streamed: unknown[] = [];
    for await (const row of under.dataset.createQueryStream('SELECT n FROM t')) streamed.push(row);
    expect(streamed).toHaveLength(25);
  });

  test('with faults are told by index, and spoil the others unless skipped', async () => {
    const [table] = await under.dataset.createTable('t', { schema: { fields: FIELDS } });
    const rows = [{ id: 'a' }, { n: 1 }, { id: 'c', n: 'x' }, { id: 'd', stranger: 1 }];
    const failure = await table.insert(rows).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'PartialFailureError',
      errors: [
        { row: rows[1], errors: [{ reason: 'invalid', message: 'Missing required field: id.' }] },
        {
          row: rows[2],
          errors: [{ reason: 'invalid', message: "Could not parse 'x' as INTEGER for field n." }],
        },
        { row: rows[3], errors: [{ reason: 'invalid', message: 'no such field: stranger.' }] },
        { row: rows[0], errors: [{ reason: 'stopped' }] },
      ],
    });
    expect((await table.getRows())[0]).toEqual([]);
    const lenient = { skipInvalidRows: true, ignoreUnknownValues: true };
    await expect(table.insert(rows, lenient)).rejects.toMatchObject({
      errors: [{ row: rows[1] }, { row: rows[2] }],
    });
    expect((await table.getRows())[0].map(({ id }) => id)).toEqual(['a', 'd']);
    await expect(under.dataset.table('none').insert([{ id: 'a' }])).rejects.toMatchObject({ code: 404 });
  });
});

test('the emulator says that it is well, and forgets everything when told', async () => {
  expect(await (await fetch(`${under.emulator.url}/health`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${under.emulator.url}/reset`, { method: 'POST' })).status).toBe(200);
  expect((await under.bigquery.getDatasets())[0]).toEqual([]);
  await under.bigquery.createDataset('anew');
  expect((await under.bigquery.getDatasets())[0].map(({ id }) => id)).toEqual(['anew']);
});
