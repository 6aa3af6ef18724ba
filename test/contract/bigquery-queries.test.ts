import { BigQuery } from '@google-cloud/bigquery';
import { expect, test } from 'vitest';
import { bigqueryUnderTest } from '../helpers/bigquery-under-test.ts';

const under = bigqueryUnderTest();

const FIELDS = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const at = BigQuery.timestamp('2026-01-02T03:04:05.678Z');
const day = BigQuery.date('2026-01-02');
const local = BigQuery.datetime('2026-01-02T03:04:05');
const clock = BigQuery.time('03:04:05');

test('named parameters of every type come back as they went', async () => {
  const params = {
    text: 'it\'s \\ "quoted"\nand more',
    whole: 42,
    part: 1.5,
    yes: true,
    at,
    day,
    local,
    clock,
    list: ['a', 'b'],
    shape: { a: 1, b: 'x', c: [1, 2] },
    shapes: [{ a: 1 }, { a: 2 }],
  };
  const names = Object.keys(params);
  const query = `SELECT ${names.map((name) => `@${name} AS ${name}`).join(', ')}`;
  expect((await under.bigquery.query({ query, params }))[0]).toEqual([params]);
});

test('positional parameters, empty lists and nulls, where their types are told', async () => {
  const query = 'SELECT ? AS a, ARRAY_LENGTH(?) AS size, ? AS nothing, ? AS price, ? AS bytes';
  const types = ['STRING', ['INT64'], 'TIMESTAMP', 'NUMERIC', 'BYTES'];
  const params = ['x', [], null, '1.000000001', 'w6k='];
  const [[row]] = await under.bigquery.query({ query, params: params as never, types: types as never });
  expect(row).toMatchObject({ a: 'x', size: 0, nothing: null, bytes: Buffer.from('é') });
  expect(String(row.price)).toBe('1.000000001');
});

test('an empty list of structs has its type', async () => {
  const types = { list: [{ a: 'INT64', b: 'STRING' }] };
  const query = 'SELECT COUNT(*) AS n, SUM(s.a) AS sum FROM UNNEST(@list) AS s';
  const [rows] = await under.bigquery.query({ query, params: { list: [] }, types: types as never });
  expect(rows).toEqual([{ n: 0, sum: null }]);
});

test.each([
  {
    what: 'a table that is not there',
    query: 'SELECT * FROM nosuch',
    code: 404,
    reason: 'notFound',
    message: /Not found: Table demo-x:d\d+\.nosuch/,
  },
  {
    what: 'a dataset that is not there',
    query: 'SELECT * FROM none.t',
    code: 404,
    reason: 'notFound',
    message: /Not found: .*none/,
  },
  {
    what: 'a column that is not there',
    query: 'SELECT 1,\n  nosuch FROM UNNEST([1]) AS x',
    code: 400,
    reason: 'invalidQuery',
    message: /Unrecognized name: nosuch at \[2:3\]/,
  },
  {
    what: 'a function that is not there',
    query: 'SELECT NOSUCH(1)',
    code: 400,
    reason: 'invalidQuery',
    message: /Function not found: NOSUCH at \[1:8\]/,
  },
  { what: 'no SQL', query: 'SELEC 1', code: 400, reason: 'invalidQuery', message: /Syntax error/ },
  { what: 'legacy SQL', query: '#legacySQL\nSELECT 1', code: 400, reason: 'invalid', message: /GoogleSQL/ },
])('$what is answered $reason', async ({ query, code, reason, message }) => {
  await expect(under.dataset.query(query)).rejects.toMatchObject({
    code,
    errors: [{ reason, message: expect.stringMatching(message) }],
  });
});

test('a dry run checks and does nothing', async () => {
  await under.dataset.createTable('t', { schema: { fields: FIELDS } });
  const [job] = await under.dataset.createQueryJob({
    query: "INSERT INTO t (id) VALUES ('a')",
    dryRun: true,
  });
  expect(job.metadata.status).toMatchObject({ state: 'DONE' });
  expect((await under.dataset.query('SELECT COUNT(*) AS n FROM t'))[0]).toEqual([{ n: 0 }]);
  await expect(under.dataset.createQueryJob({ query: 'SELECT nosuch FROM t', dryRun: true })).rejects.toThrow(
    'Unrecognized name',
  );
});

test('DML tells how many rows it changed', async () => {
  await under.dataset.createTable('t', { schema: { fields: FIELDS } });
  const [job] = await under.dataset.createQueryJob("INSERT INTO t (id, n) VALUES ('a', 1), ('b', 2)");
  await job.getQueryResults();
  const [{ statistics }] = await job.getMetadata();
  expect(statistics.query).toMatchObject({ statementType: 'INSERT', numDmlAffectedRows: '2' });
});

test('jobs are found by their id, and no id twice', async () => {
  await under.dataset.createQueryJob({ query: 'SELECT 1', jobId: 'mine' });
  expect((await under.bigquery.getJobs())[0].map(({ id }) => id)).toContain('mine');
  await expect(under.dataset.createQueryJob({ query: 'SELECT 2', jobId: 'mine' })).rejects.toMatchObject({
    code: 409,
  });
  await expect(under.bigquery.job('none').getMetadata()).rejects.toMatchObject({ code: 404 });
});
