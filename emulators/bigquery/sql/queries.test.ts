import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Cell, TableField, WriteRow } from '../backend.ts';
import { makeDuckDbBackend } from '../duckdb-backend.ts';

const FIELDS: readonly TableField[] = [
  { name: 'event_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'event_name', type: 'STRING' },
  { name: 'event_time', type: 'TIMESTAMP' },
  { name: 'user_key', type: 'STRING' },
  { name: 'n', type: 'INTEGER' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'item_id', type: 'STRING' },
      { name: 'price', type: 'NUMERIC' },
      { name: 'quantity', type: 'INTEGER' },
    ],
  },
  {
    name: 'event_params',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'key', type: 'STRING' },
      { name: 'value', type: 'RECORD', fields: [{ name: 'string_value', type: 'STRING' }] },
    ],
  },
];

const event = (id: string, name: string, time: string, user: string, ...items: WriteRow[]): WriteRow => ({
  event_id: id,
  event_name: name,
  event_time: BigInt(Date.parse(time)) * 1000n,
  user_key: user,
  n: Number(id),
  items,
  event_params: [{ key: 'page', value: { string_value: `/${id}` } }],
});
const item = (id: string, price: number, quantity: number): WriteRow => ({ item_id: id, price, quantity });

let backend: Backend;

beforeAll(async () => {
  backend = await makeDuckDbBackend();
  await backend.createDataset({ project: 'demo-p', dataset: 'd' }, {});
  const ref = { project: 'demo-p', dataset: 'd', table: 'events' };
  await backend.createTable(ref, FIELDS, { timePartitioning: { type: 'DAY', field: 'event_time' } });
  await backend.appendRows(ref, [
    event('1', 'view_item', '2026-01-01T10:00:00Z', 'u1', item('a', 2, 1), item('b', 3, 2)),
    event('2', 'add_to_cart', '2026-01-01T10:05:00Z', 'u1', item('a', 2, 1)),
    event('3', 'purchase', '2026-01-01T11:30:00Z', 'u1', item('a', 2, 3)),
    event('4', 'view_item', '2026-01-02T10:00:00Z', 'u2', item('c', 1, 1)),
    event('5', 'view_item', '2026-01-04T23:59:59.5Z', 'u2'),
  ]);
});
afterAll(() => backend.close());

const plain = ({ v }: Cell): unknown =>
  Array.isArray(v) ? v.map(plain) : v !== null && typeof v === 'object' && 'f' in v ? v.f.map(plain) : v;

const run = (sql: string) => backend.query({ project: 'demo-p', dataset: 'd', sql });
const rowsOf = async (sql: string) => (await run(sql)).rows.map(({ f }) => f.map(plain));

/** Statements over the events, and their rows. */
const QUERIES: readonly (readonly [sql: string, rows: readonly (readonly unknown[])[]])[] = [
  // Arrays of structs.
  [
    'SELECT i.item_id, o FROM d.events, UNNEST(items) AS i WITH OFFSET AS o ORDER BY event_id, o',
    [
      ['a', '0'],
      ['b', '1'],
      ['a', '0'],
      ['a', '0'],
      ['c', '0'],
    ],
  ],
  [
    'SELECT e.event_id, i.item_id FROM d.events e LEFT JOIN UNNEST(e.items) i WHERE n > 3 ORDER BY 1',
    [
      ['4', 'c'],
      ['5', null],
    ],
  ],
  [
    'SELECT item_id, SUM(quantity) FROM events, UNNEST(items) GROUP BY item_id ORDER BY item_id',
    [
      ['a', '5'],
      ['b', '2'],
      ['c', '1'],
    ],
  ],
  ['SELECT item_id FROM d.events e, e.items WHERE n = 4', [['c']]],
  [
    "SELECT (SELECT value.string_value FROM UNNEST(event_params) WHERE key = 'page') FROM d.events WHERE n = 2",
    [['/2']],
  ],
  ['SELECT (SELECT SUM(i.price * i.quantity) FROM UNNEST(items) i) FROM d.events WHERE n = 1', [['8']]],
  ["SELECT COUNT(*) FROM d.events WHERE EXISTS (SELECT 1 FROM UNNEST(items) WHERE item_id = 'a')", [['3']]],
  [
    'SELECT ARRAY(SELECT AS STRUCT i.*, o AS position FROM UNNEST(items) i WITH OFFSET o) FROM d.events WHERE n = 1',
    [
      [
        [
          ['a', '2', '1', '0'],
          ['b', '3', '2', '1'],
        ],
      ],
    ],
  ],
  ['SELECT item_id FROM d.events, UNNEST(items) AS item WHERE n = 4', [['c']]],
  ['SELECT items.item_id FROM d.events, UNNEST(items) AS items WHERE n = 4', [['c']]],
  [
    'SELECT n, i.price FROM (SELECT n, items, 7 AS price FROM d.events), UNNEST(items) AS i WHERE price = 7 AND n = 4',
    [['4', '1']],
  ],
  [
    'SELECT ARRAY_AGG(i ORDER BY o DESC) FROM d.events, UNNEST(items) AS i WITH OFFSET o WHERE n = 1',
    [
      [
        [
          ['b', '3', '2'],
          ['a', '2', '1'],
        ],
      ],
    ],
  ],
  ['SELECT tag FROM UNNEST(["x", "y"]) AS tag WHERE tag > "x"', [['y']]],
  ['SELECT * FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS t WHERE t.a = 1', [['1', '2']]],
  ['SELECT items[SAFE_OFFSET(1)].item_id FROM d.events ORDER BY n LIMIT 2', [['b'], [null]]],
  [
    "SELECT x, offset FROM UNNEST(['a', 'b']) AS x WITH OFFSET ORDER BY offset",
    [
      ['a', '0'],
      ['b', '1'],
    ],
  ],
  [
    "SELECT e, p FROM UNNEST(['a', 'b']) e WITH OFFSET i JOIN UNNEST(['x', 'y']) p WITH OFFSET j ON i = j",
    [
      ['a', 'x'],
      ['b', 'y'],
    ],
  ],
  // Aggregates.
  ['SELECT ARRAY_AGG(event_id IGNORE NULLS ORDER BY n DESC LIMIT 1)[OFFSET(0)] FROM d.events', [['5']]],
  ['SELECT ARRAY_AGG(STRUCT(event_id, n) ORDER BY n LIMIT 1) FROM d.events', [[[['1', '1']]]]],
  ["SELECT STRING_AGG(event_id, '+' ORDER BY n DESC LIMIT 2) FROM d.events", [['5+4']]],
  ['SELECT APPROX_QUANTILES(n, 4) FROM d.events', [[['1', '2', '3', '4', '5']]]],
  ['SELECT APPROX_QUANTILES(n, 2)[OFFSET(1)] FROM (SELECT n FROM d.events WHERE n < 5)', [['2']]],
  ['SELECT APPROX_TOP_COUNT(event_name, 1) FROM d.events', [[[['view_item', '3']]]]],
  [
    'SELECT COUNTIF(n > 3), LOGICAL_OR(n > 4), COUNT(DISTINCT IF(n > 2, user_key, NULL)) FROM d.events',
    [['2', 'true', '2']],
  ],
  ['SELECT ANY_VALUE(event_id HAVING MAX n), MIN_BY(event_id, n) FROM d.events', [['5', '1']]],
  // Windows: sessions of 30 minutes, the first event of each user, a funnel.
  [
    `SELECT event_id, SUM(IF(gap IS NULL OR gap >= 30, 1, 0)) OVER (PARTITION BY user_key ORDER BY event_time) FROM (
       SELECT *, TIMESTAMP_DIFF(event_time, LAG(event_time) OVER w, MINUTE) AS gap FROM d.events
       WINDOW w AS (PARTITION BY user_key ORDER BY event_time)) ORDER BY event_id`,
    [
      ['1', '1'],
      ['2', '1'],
      ['3', '2'],
      ['4', '1'],
      ['5', '2'],
    ],
  ],
  [
    'SELECT event_id FROM d.events WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY user_key ORDER BY event_time) = 1 ORDER BY 1',
    [['1'], ['4']],
  ],
  [
    `WITH steps AS (SELECT user_key, MIN(IF(event_name = 'view_item', event_time, NULL)) AS seen,
       MIN(IF(event_name = 'purchase', event_time, NULL)) AS bought FROM d.events GROUP BY user_key)
     SELECT COUNT(seen), COUNTIF(bought > seen), ROUND(SAFE_DIVIDE(COUNTIF(bought > seen), COUNT(seen)), 2) FROM steps`,
    [['2', '1', '0.5']],
  ],
  // Shapes.
  [
    `SELECT * FROM (SELECT user_key, event_name, n FROM d.events)
     PIVOT(SUM(n) AS s FOR event_name IN ('view_item', 'purchase')) ORDER BY user_key`,
    [
      ['u1', '1', '3'],
      ['u2', '9', null],
    ],
  ],
  [
    'SELECT * EXCEPT(items, event_params) REPLACE (n * 2 AS n) FROM d.events WHERE n = 1',
    [['1', 'view_item', String(Date.parse('2026-01-01T10:00:00Z') * 1000), 'u1', '2']],
  ],
  ['SELECT _TABLE_SUFFIX, COUNT(*) FROM `demo-p.d.event*` GROUP BY 1', [['s', '5']]],
  ["SELECT event_id FROM `demo-p.d.events` WHERE DATE(event_time) = '2026-01-02'", [['4']]],
  ['CREATE TEMP FUNCTION twice(x INT64) AS (x * 2); SELECT twice(3)', [['6']]],
  // What the catalogue knows.
  ['SELECT table_name, table_type FROM d.INFORMATION_SCHEMA.TABLES', [['events', 'BASE TABLE']]],
  ['SELECT schema_name FROM `demo-p`.INFORMATION_SCHEMA.SCHEMATA', [['d']]],
  [
    `SELECT column_name, is_nullable, data_type, is_partitioning_column FROM \`demo-p.d.INFORMATION_SCHEMA.COLUMNS\`
     WHERE ordinal_position IN (1, 3, 6) ORDER BY ordinal_position`,
    [
      ['event_id', 'NO', 'STRING', 'NO'],
      ['event_time', 'YES', 'TIMESTAMP', 'YES'],
      ['items', 'YES', 'ARRAY<STRUCT<item_id STRING, price NUMERIC, quantity INT64>>', 'NO'],
    ],
  ],
];

describe('GoogleSQL over events', () => {
  test.each(QUERIES)('%s', async (sql, rows) => {
    expect(await rowsOf(sql)).toEqual(rows);
  });
});

test.each([
  ['SELECT n AS number, COUNT(*), MAX(event_id) FROM d.events GROUP BY n', ['number', 'f0_', 'f1_']],
  ['SELECT items[SAFE_OFFSET(0)].item_id FROM d.events', ['item_id']],
  [
    "SELECT * FROM (SELECT event_name, n FROM d.events) PIVOT(SUM(n) AS s FOR event_name IN ('purchase'))",
    ['s_purchase'],
  ],
  ['SELECT 1 UNION ALL SELECT 2', ['f0_']],
  ['SELECT AS STRUCT 1 AS x, 2 AS y', ['x', 'y']],
])("%s names its columns as BigQuery's would be", async (sql, names) => {
  expect((await run(sql)).fields.map(({ name }) => name)).toEqual(names);
});

describe('statements that change things', () => {
  test('a table is made, filled, merged into and emptied', async () => {
    await run(`CREATE TABLE d.stock (id INT64 NOT NULL OPTIONS(description='key'), name STRING, at TIMESTAMP, st STRUCT<a INT64, b STRING>)
      PARTITION BY DATE(at) CLUSTER BY name, id OPTIONS(description="the stock", labels=[('team', 'shop')])`);
    expect(
      (await run("INSERT INTO d.stock (id, name, st) VALUES (1, 'a', (1, 'b')), (2, 'b', STRUCT(2, 'c'))"))
        .changed,
    ).toBe(2);
    const merge = `MERGE d.stock t USING (SELECT 2 AS id, 'B' AS name UNION ALL SELECT 3, 'c') s ON t.id = s.id
      WHEN MATCHED THEN UPDATE SET name = s.name
      WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)
      WHEN NOT MATCHED BY SOURCE THEN DELETE`;
    expect((await run(merge)).changed).toBe(3);
    await run(
      "MERGE d.stock USING (SELECT 9 AS id, 'z' AS name) s ON FALSE WHEN NOT MATCHED THEN INSERT ROW",
    );
    expect(await rowsOf('SELECT id, name, st.b FROM d.stock ORDER BY id')).toEqual([
      ['2', 'B', 'c'],
      ['3', 'c', null],
      ['9', 'z', null],
    ]);
    expect((await run("UPDATE d.stock SET name = 'q' WHERE id > 2")).changed).toBe(2);
    expect((await run('DELETE d.stock WHERE id = 2')).changed).toBe(1);
    await run('TRUNCATE TABLE d.stock');
    expect(await rowsOf('SELECT COUNT(*) FROM d.stock')).toEqual([['0']]);

    const entry = backend.table({ project: 'demo-p', dataset: 'd', table: 'stock' });
    expect(entry.metadata).toEqual({
      timePartitioning: { type: 'DAY', field: 'at' },
      clustering: { fields: ['name', 'id'] },
      description: 'the stock',
      labels: { team: 'shop' },
    });
    expect(entry.fields.map(({ name, type, mode }) => [name, type, mode])).toEqual([
      ['id', 'INTEGER', 'REQUIRED'],
      ['name', 'STRING', 'NULLABLE'],
      ['at', 'TIMESTAMP', 'NULLABLE'],
      ['st', 'RECORD', 'NULLABLE'],
    ]);
    await run('DROP TABLE d.stock');
    expect(backend.tables({ project: 'demo-p', dataset: 'd' }).map(({ ref }) => ref.table)).toEqual([
      'events',
    ]);
  });

  test('a view by SQL keeps its query, a table of a query its partitions', async () => {
    await run('CREATE OR REPLACE VIEW d.names AS SELECT event_name, COUNT(*) AS c FROM d.events GROUP BY 1');
    await run(
      'CREATE TABLE `demo-p.d.daily` PARTITION BY DATE(event_time) AS SELECT event_id, event_time FROM d.events',
    );
    const [view, table] = ['names', 'daily'].map((name) =>
      backend.table({ project: 'demo-p', dataset: 'd', table: name }),
    );
    expect(view?.view).toBe('SELECT event_name, COUNT(*) AS c FROM d.events GROUP BY 1');
    expect(table?.metadata).toEqual({ timePartitioning: { type: 'DAY', field: 'event_time' } });
    expect(await rowsOf('SELECT c FROM d.names ORDER BY 1')).toEqual([['1'], ['1'], ['3']]);
    await run('DROP VIEW d.names');
    await run('DROP TABLE d.daily');
  });

  test('a dataset is made and dropped', async () => {
    await run("CREATE SCHEMA other OPTIONS(description='x')");
    await run('CREATE TABLE other.x AS SELECT 1 AS a');
    expect(backend.datasets('demo-p').map(({ ref }) => ref.dataset)).toEqual(['d', 'other']);
    await run('DROP SCHEMA other CASCADE');
    expect(backend.datasets('demo-p').map(({ ref }) => ref.dataset)).toEqual(['d']);
  });
});
