import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../backend.ts';
import { makeEventsBackend, plainRows } from './fixtures.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await makeEventsBackend();
});
afterAll(() => backend.close());

const run = (sql: string) => backend.query({ project: 'demo-p', dataset: 'd', sql });
const rowsOf = async (sql: string) => plainRows(await run(sql));

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
  ['SELECT (SELECT AS STRUCT MIN(n) AS lo, MAX(n) AS hi FROM d.events).hi', [['5']]],
  ['SELECT DISTINCT PERCENTILE_DISC(n, 0.5) OVER () FROM d.events', [['3']]],
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
