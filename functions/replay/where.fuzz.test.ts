import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import { COLUMNS } from './columns.ts';
import { type Condition, parseWhere } from './where.ts';

/** What SQL may consist of, whatever the condition was. */
const SAFE = new RegExp(
  `^(?:[() ,]|AND|OR|NOT|IN|LIKE|IS|NULL|<=|>=|<>|!=|[=<>]|@w\\d+|\`(?:${Object.keys(COLUMNS).join('|')})\`)*$`,
);
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

test('whatever is asked, SQL has columns, operators and parameters only', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      ...Object.keys(COLUMNS),
      '=',
      ' AND ',
      ' OR ',
      ' NOT ',
      '(',
      ')',
      ' IN ',
      "'x'",
      '`',
      ';',
      '--',
      '@w0',
      '1',
      ' IS NULL',
    ),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      let condition: Condition;
      try {
        condition = parseWhere(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(PermanentError);
        return;
      }
      expect(condition.sql).toMatch(SAFE);
    }),
    { numRuns: 2000 },
  );
});

test('every text comes back as the parameter it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
      const { sql, parameters } = parseWhere(
        `reason IN (${texts.map(quoted).join(',')}) OR message LIKE ${quoted(texts.join())}`,
      );
      expect(parameters.map(({ value }) => value)).toEqual([...texts, texts.join()]);
      expect(sql).toMatch(SAFE);
    }),
  );
});
