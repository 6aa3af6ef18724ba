import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAppendQueue } from './append-queue.ts';
import type { TableField, WriteRow } from './backend.ts';
import { quoted, sqlType } from './fields.ts';

const FIELDS: readonly TableField[] = [
  { name: 'id', type: 'STRING' },
  { name: 'n', type: 'INTEGER' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'day', type: 'DATE' },
  { name: 'price', type: 'NUMERIC' },
  { name: 'raw', type: 'BYTES' },
  { name: 'ok', type: 'BOOLEAN' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'page', type: 'RECORD', fields: [{ name: 'url', type: 'STRING' }] },
];
const REF = { project: 'memory', dataset: 'main', table: 't' };

let connection: DuckDBConnection;
let append: ReturnType<typeof makeAppendQueue>;
let turns: number;

beforeEach(async () => {
  connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const columns = FIELDS.map((field) => `${quoted(field.name)} ${sqlType(field)}`).join(', ');
  for (const name of ['t', 'u']) await connection.run(`CREATE TABLE ${name} (${columns})`);
  turns = 0;
  let turn: Promise<unknown> = Promise.resolve();
  append = makeAppendQueue({
    connection,
    fieldsOf: () => FIELDS,
    inTurn: (work) => {
      turns += 1;
      const result = turn.then(work);
      turn = result.catch(() => undefined);
      return result;
    },
  });
});
afterEach(() => connection.closeSync());

const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
const ids = async (table: string) => (await rowsOf(`SELECT id FROM ${table}`)).map(({ id }) => id);

test('every kind of value is stored, and NULL where there is none', async () => {
  const row: WriteRow = {
    id: 'a',
    n: '-9007199254740993',
    at: '1767225600000001',
    day: 20454,
    price: '-12.340000001',
    raw: Buffer.from('é'),
    ok: true,
    tags: ['x', 'y'],
    page: { url: '/p' },
  };
  await append(REF, [row, { id: 'b' }]);
  const select = `SELECT * REPLACE (CAST("at" AS VARCHAR) AS "at", CAST(day AS VARCHAR) AS day) FROM t`;
  expect(await rowsOf(select)).toEqual([
    {
      ...row,
      at: '2026-01-01 00:00:00.000001+00',
      day: '2026-01-01',
      raw: '\\xC3\\xA9',
    },
    { id: 'b', n: null, at: null, day: null, price: null, raw: null, ok: null, tags: [], page: null },
  ]);
});

test('appends made at once share a transaction, and keep their order by table', async () => {
  const sent = Array.from({ length: 50 }, (_, index) => [`${index}-0`, `${index}-1`]);
  await Promise.all(
    sent.flatMap((pair) =>
      ['t', 'u'].map((table) =>
        append(
          { ...REF, table },
          pair.map((id) => ({ id })),
        ),
      ),
    ),
  );
  expect(await ids('t')).toEqual(sent.flat());
  expect(await ids('u')).toEqual(sent.flat());
  expect(turns).toBe(2);
});

test('more rows than a chunk holds arrive whole', async () => {
  const sent = Array.from({ length: 5000 }, (_, index) => ({ id: String(index) }));
  await append(REF, sent);
  expect(await ids('t')).toEqual(sent.map(({ id }) => id));
});

test("one append's bad value fails that append alone, and none of its rows is stored", async () => {
  const good = Array.from({ length: 2500 }, () => ({ id: 'good' }));
  const outcomes = await Promise.allSettled([
    append(REF, [{ id: 'first' }]),
    append(REF, [...good, { id: 'bad', n: 'seven' }]),
    append(REF, [{ id: 'last' }]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await ids('t')).toEqual(['first', 'last']);
});
