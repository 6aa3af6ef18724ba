import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../backend.ts';
import { makeDuckDbBackend } from '../duckdb-backend.ts';
import { plainCell } from './fixtures.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await makeDuckDbBackend();
});
afterAll(() => backend.close());

async function answer(sql: string): Promise<unknown> {
  const { rows, fields } = await backend.query({ project: 'p', sql });
  expect(fields.map(({ name }) => name)).toEqual(['f0_']);
  // A TIMESTAMP is microseconds.
  return plainCell(rows[0]?.f[0] ?? { v: null });
}

const micros = (time: string): string => String(Date.parse(time) * 1000);

/** GoogleSQL expressions and what BigQuery's documentation says they are. */
const EXPRESSIONS: Readonly<Record<string, readonly (readonly [sql: string, expected: unknown])[]>> = {
  'numbers, as wide as BigQuery has them': [
    ['1.5', '1.5'],
    ['7 / 2', '3.5'],
    ['DIV(7, 2)', '3'],
    ['1767225600 * 1000000', '1767225600000000'],
    ['SAFE_DIVIDE(1, 0)', null],
    ['SAFE_DIVIDE(1, 2)', '0.5'],
    ['IEEE_DIVIDE(1, 0)', 'Infinity'],
    ['ROUND(2.5)', '3.0'],
    ['CAST(2.5 AS INT64)', '3'],
    ['CAST(-2.5 AS INT64)', '-3'],
    ["CAST('9007199254740993' AS INT64)", '9007199254740993'],
    ["NUMERIC '1.10' + NUMERIC '0.000000001'", '1.100000001'],
    ["SAFE_CAST('x' AS INT64)", null],
    ['RANGE_BUCKET(15, [0, 10, 20])', '2'],
    ['GREATEST(1, NULL)', null],
  ],
  text: [
    ["REGEXP_CONTAINS('foobar', r'o+b')", 'true'],
    ["REGEXP_EXTRACT('a=12', r'(\\d+)')", '12'],
    ["REGEXP_EXTRACT('a=12', r'a=\\d+')", 'a=12'],
    ["REGEXP_EXTRACT('a=12', r'z')", null],
    ["REGEXP_EXTRACT_ALL('a1b22', r'\\d+')", ['1', '22']],
    ["REGEXP_REPLACE('abab', 'a(b)', r'\\1')", 'bb'],
    ["FORMAT('%d-%s-%.2f', 1, 'a', 2.5)", '1-a-2.50'],
    ["FORMAT('%05d', 42)", '00042'],
    [`FORMAT("%'d", 1234567)`, '1,234,567'],
    ["INITCAP('hello world')", 'Hello World'],
    ["NET.HOST('https://www.example.com:8080/a')", 'www.example.com'],
    ["SPLIT('a/b/c', '/')[SAFE_OFFSET(1)]", 'b'],
    ["TO_HEX(SHA256('a'))", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ["'OPTIONS(x) AS TIMESTAMP)'", 'OPTIONS(x) AS TIMESTAMP)'],
    ["r'a\\n'", 'a\\n'],
    ["'it\\'s'", "it's"],
  ],
  arrays: [
    ['[10, 20, 30][0]', '10'],
    ['[10, 20, 30][OFFSET(1)]', '20'],
    ['[10, 20, 30][ORDINAL(1)]', '10'],
    ['[10, 20, 30][SAFE_OFFSET(9)]', null],
    ['[10, 20, 30][SAFE_ORDINAL(4)]', null],
    ['ARRAY_FIRST([4, 5])', '4'],
    ['ARRAY_LAST([4, 5])', '5'],
    ['ARRAY_REVERSE([1, 2])', ['2', '1']],
    ['GENERATE_ARRAY(1, 5, 2)', ['1', '3', '5']],
    ["GENERATE_DATE_ARRAY('2026-01-31', '2026-02-01')", ['2026-01-31', '2026-02-01']],
    ['ARRAY(SELECT x * 2 FROM UNNEST([1, 2, 3]) AS x WHERE x > 1 ORDER BY x DESC)', ['6', '4']],
    ['3 IN UNNEST([1, 2, 3])', 'true'],
    ["STRUCT(1, 'a')", ['1', 'a']],
    ["ARRAY<STRUCT<a INT64, b STRING>>[(1, 'x')]", [['1', 'x']]],
  ],
  JSON: [
    [`JSON_VALUE('{"a":"b"}', '$.a')`, 'b'],
    [`JSON_VALUE('{"a":{"b":1}}', '$.a')`, null],
    [`JSON_VALUE('{"a":null}', '$.a')`, null],
    [`JSON_QUERY('{"a":{"b":1}}', '$.a')`, '{"b":1}'],
    [`JSON_VALUE_ARRAY('{"a":[1,"x"]}', '$.a')`, ['1', 'x']],
    [`JSON_EXTRACT_ARRAY('{"a":[1,"x"]}', '$.a')`, ['1', '"x"']],
    [`STRING(PARSE_JSON('{"a":"t"}').a)`, 't'],
    [`INT64(PARSE_JSON('{"a":{"b":7}}').a.b)`, '7'],
    [`LAX_INT64(PARSE_JSON('"x"'))`, null],
    [`JSON_TYPE(PARSE_JSON('{}'))`, 'object'],
    [`SAFE.PARSE_JSON('{')`, null],
    [`TO_JSON_STRING(STRUCT(1 AS a, 'x' AS b))`, '{"a":1,"b":"x"}'],
    [`TO_JSON(STRUCT(1 AS a))`, '{"a":1}'],
  ],
  dates: [
    ["DATE_TRUNC(DATE '2026-01-07', WEEK)", '2026-01-04'],
    ["DATE_TRUNC(DATE '2026-01-07', ISOWEEK)", '2026-01-05'],
    ["DATE_TRUNC(DATE '2026-01-07', WEEK(TUESDAY))", '2026-01-06'],
    ["DATE_TRUNC(DATE '2026-02-07', MONTH)", '2026-02-01'],
    ["DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH)", '2026-02-28'],
    ["DATE_SUB(DATE '2026-01-31', INTERVAL 1 WEEK)", '2026-01-24'],
    ["DATE_DIFF(DATE '2026-01-04', DATE '2026-01-03', WEEK)", '1'],
    ["DATE_DIFF(DATE '2026-02-01', DATE '2026-01-31', MONTH)", '1'],
    ["EXTRACT(DAYOFWEEK FROM DATE '2026-01-04')", '1'],
    ["EXTRACT(DAYOFWEEK FROM DATE '2026-01-03')", '7'],
    ["EXTRACT(WEEK FROM DATE '2026-01-03')", '0'],
    ["EXTRACT(ISOWEEK FROM DATE '2026-01-03')", '1'],
    ["FORMAT_DATE('%Y%m%d', DATE '2026-01-02')", '20260102'],
    ["PARSE_DATE('%Y%m%d', '20260102')", '2026-01-02'],
    ['DATE(2026, 1, 2)', '2026-01-02'],
    ["LAST_DAY(DATE '2026-02-10')", '2026-02-28'],
    ['DATE_FROM_UNIX_DATE(1)', '1970-01-02'],
  ],
  times: [
    ["TIMESTAMP '2026-01-02 03:04:05+02'", micros('2026-01-02T01:04:05Z')],
    ["TIMESTAMP('2026-01-02 03:04:05', 'Europe/Berlin')", micros('2026-01-02T02:04:05Z')],
    ["TIMESTAMP_BUCKET(TIMESTAMP '2026-01-04 10:11:12', INTERVAL 6 HOUR)", micros('2026-01-04T06:00:00Z')],
    ["TIMESTAMP_TRUNC(TIMESTAMP '2026-01-04 10:11:12', HOUR)", micros('2026-01-04T10:00:00Z')],
    ["TIMESTAMP_TRUNC(TIMESTAMP '2026-01-04 20:00:00', DAY, 'Asia/Tokyo')", micros('2026-01-04T15:00:00Z')],
    ["TIMESTAMP_DIFF(TIMESTAMP '2026-01-02 00:00:00', TIMESTAMP '2026-01-01 00:00:30', MINUTE)", '1439'],
    ["TIMESTAMP_DIFF(TIMESTAMP '2026-01-02 01:00:00', TIMESTAMP '2026-01-01 23:00:00', DAY)", '0'],
    ["DATETIME_DIFF(DATETIME '2026-01-02 01:00:00', DATETIME '2026-01-01 23:00:00', DAY)", '1'],
    ["TIMESTAMP_SUB(TIMESTAMP '2026-01-01 00:00:00', INTERVAL 90 MINUTE)", micros('2025-12-31T22:30:00Z')],
    ["FORMAT_TIMESTAMP('%F %T', TIMESTAMP '2026-01-02 03:04:05')", '2026-01-02 03:04:05'],
    ["FORMAT_TIMESTAMP('%H:%M', TIMESTAMP '2026-01-02 03:04:05', 'Europe/Berlin')", '04:04'],
    ["FORMAT_TIMESTAMP('%E3S', TIMESTAMP '2026-01-02 03:04:05.678')", '05.678'],
    ["PARSE_TIMESTAMP('%FT%T', '2026-01-02T03:04:05')", micros('2026-01-02T03:04:05Z')],
    ["DATE(TIMESTAMP '2026-01-04 23:59:59', 'Asia/Tokyo')", '2026-01-05'],
    ["DATETIME(TIMESTAMP '2026-01-04 23:59:59', 'Asia/Tokyo')", '2026-01-05T08:59:59'],
    ["EXTRACT(HOUR FROM TIMESTAMP '2026-01-04 23:59:59' AT TIME ZONE 'America/New_York')", '18'],
    ["EXTRACT(DATE FROM TIMESTAMP '2026-01-04 23:59:59')", '2026-01-04'],
    ["EXTRACT(MILLISECOND FROM TIMESTAMP '2026-01-04 23:59:59.123')", '123'],
    ["UNIX_SECONDS(TIMESTAMP '2026-01-01 00:00:00.9')", '1767225600'],
    ["UNIX_MILLIS(TIMESTAMP '2026-01-01 00:00:00.9')", '1767225600900'],
    ['TIMESTAMP_MILLIS(1767225600123)', '1767225600123000'],
    ['TIMESTAMP_SECONDS(1767225600)', '1767225600000000'],
    ['TIMESTAMP_MICROS(1767225600123456)', '1767225600123456'],
    ["CAST(TIMESTAMP '2026-01-02 03:04:05' AS STRING)", '2026-01-02 03:04:05+00'],
    ["DATETIME_TRUNC(DATETIME '2026-01-02 03:04:05', HOUR)", '2026-01-02T03:00:00'],
    ["TIME_TRUNC(TIME '03:04:05', HOUR)", '03:00:00'],
  ],
};

describe.each(Object.entries(EXPRESSIONS))('GoogleSQL: %s', (_kind, cases) => {
  test.each(cases)('%s', async (sql, expected) => {
    expect(await answer(`SELECT ${sql}`)).toEqual(expected);
  });
});

test.each([
  ['SELECT [1, 2][OFFSET(5)]', /Array index 5 is out of bounds/],
  ['DECLARE x INT64 DEFAULT 3', /no procedural language: DECLARE/],
  ['SELECT 1 FROM t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()', /no history is kept/],
  ["CREATE TEMP FUNCTION f(x STRING) RETURNS STRING LANGUAGE js AS 'return x'", /other languages/],
  ['SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t)', /BigQuery ML/],
  ['SELEC 1', /Syntax error/],
  ['', /Syntax error/],
  ['SELECT @user', /Query parameter 'user' not found/],
])('%s is refused as invalidQuery', async (sql, message) => {
  await expect(backend.query({ project: 'p', sql })).rejects.toMatchObject({
    reason: 'invalidQuery',
    message: expect.stringMatching(message),
  });
});
