import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { translate } from './translate.ts';

test.each([
  { name: 'JSON_VALUE is a scalar', sql: `SELECT JSON_VALUE('{"a":"b"}', '$.a') AS x`, expected: 'b' },
  { name: 'Sunday is day 1', sql: `SELECT EXTRACT(DAYOFWEEK FROM DATE '2026-01-04') AS x`, expected: '1' },
  { name: 'Saturday is day 7', sql: `SELECT EXTRACT(DAYOFWEEK FROM DATE '2026-01-03') AS x`, expected: '7' },
  {
    name: 'ARRAY_AGG with LIMIT keeps the first',
    sql: 'SELECT ARRAY_AGG(x ORDER BY x DESC LIMIT 2) AS x FROM UNNEST([1, 2, 3]) AS x',
    expected: ['3', '2'],
  },
  {
    name: "a string is nobody's code",
    sql: `SELECT 'OPTIONS(x) AS TIMESTAMP)' AS x`,
    expected: 'OPTIONS(x) AS TIMESTAMP)',
  },
])('$name', async ({ sql, expected }) => {
  const connection = await (await DuckDBInstance.create()).connect();
  const [row] = (await connection.runAndReadAll(translate(sql, 'p'))).getRowObjectsJson();
  const text = (value: unknown) => (Array.isArray(value) ? value.map(String) : String(value));
  expect(text(row?.x)).toEqual(expected);
});
