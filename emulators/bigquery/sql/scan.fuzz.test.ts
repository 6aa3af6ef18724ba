import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../backend.ts';
import { makeDuckDbBackend } from '../duckdb-backend.ts';
import { plainRows } from './fixtures.ts';
import { scan } from './scan.ts';
import { statementsOf } from './statements.ts';
import { tableOptions } from './table-options.ts';

/** Text of which SQL is made, in any order. */
const PARTS = [
  "'",
  '"',
  '`',
  '\\',
  ';',
  '--',
  '#',
  '/*',
  '*/',
  '\n',
  '@p',
  '?',
  '(',
  ')',
  'OPTIONS',
  'CLUSTER BY',
  'PARTITION BY',
  'AS',
  'x',
  ' ',
  "'''",
  'r"',
];
const sqlish = fc
  .array(fc.oneof(fc.constantFrom(...PARTS), fc.string()), { maxLength: 30 })
  .map((parts) => parts.join(''));

let backend: Backend;

beforeAll(async () => {
  backend = await makeDuckDbBackend();
});
afterAll(() => backend.close());

test('pieces are the whole text, in order', () => {
  fc.assert(
    fc.property(sqlish, (sql) => {
      expect(
        scan(sql)
          .map(({ text }) => text)
          .join(''),
      ).toBe(sql);
    }),
  );
});

test('statements and options are cut out of any text', () => {
  fc.assert(
    fc.property(sqlish, (sql) => {
      for (const statement of statementsOf(sql)) {
        expect(statement.trim()).not.toBe('');
        expect(tableOptions(statement).sql.length).toBeLessThanOrEqual(statement.length);
      }
    }),
  );
});

test('a parameter arrives as it was sent, whatever it holds', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0')),
    sqlish,
  );
  await fc.assert(
    fc.asyncProperty(value, value, async (a, b) => {
      const parameter = (name: string, text: string) => ({
        name,
        parameterType: { type: 'STRING' },
        parameterValue: { value: text },
      });
      const request = {
        project: 'p',
        sql: 'SELECT @a, [@b, @a], STRUCT(@b AS s)',
        parameters: [parameter('a', a), parameter('b', b)],
      };
      expect(plainRows(await backend.query(request))).toEqual([[a, [b, a], [b]]]);
    }),
    { numRuns: 30 },
  );
});

test('any text is answered or refused, and the next query works', async () => {
  await fc.assert(
    fc.asyncProperty(sqlish, async (sql) => {
      await backend.query({ project: 'p', sql: `SELECT ${sql}` }).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'BigQueryError' });
      });
      expect(plainRows(await backend.query({ project: 'p', sql: 'SELECT 1' }))).toEqual([['1']]);
    }),
    { numRuns: 30 },
  );
}, 120_000);
