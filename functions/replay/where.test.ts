import { afterEach, describe, expect, test, vi } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import { parseWhere } from './where.ts';

afterEach(() => vi.unstubAllEnvs());

describe('parseWhere', () => {
  test.each([
    ["reason = 'invalid_event'", '((`reason` = @w0))', ['invalid_event']],
    ['reason="it\'s"', '((`reason` = @w0))', ["it's"]],
    ["message = 'it''s'", '((`message` = @w0))', ["it's"]],
    ['attempts >= 3', '((`attempts` >= @w0))', [3]],
    ["failed_at > '2026-11-01'", '((`failed_at` > @w0))', ['2026-11-01T00:00:00.000Z']],
    ["failed_at < '2026-11-01T13:00:00+01:00'", '((`failed_at` < @w0))', ['2026-11-01T12:00:00.000Z']],
    ["function in ('enrich', 'push')", '((`function` IN (@w0, @w1)))', ['enrich', 'push']],
    ["Message NOT LIKE '%price%'", '((`message` NOT LIKE @w0))', ['%price%']],
    ['path IS NOT NULL AND event_id is null', '((`path` IS NOT NULL AND `event_id` IS NULL))', []],
    [
      "reason = 'a' OR reason = 'b' AND NOT (attempts = 1)",
      '((`reason` = @w0) OR (`reason` = @w1 AND (NOT ((`attempts` = @w2)))))',
      ['a', 'b', 1],
    ],
  ])('%s', (text, sql, values) => {
    const condition = parseWhere(text);
    expect(condition.sql).toBe(sql);
    expect(condition.parameters.map(({ value }) => value)).toEqual(values);
  });

  test.each([
    '2026-11-01T12:00:00',
    '2026-11-01 12:00',
    '2026-11-01 12:00:00.000Z',
    '2026-11-01T13:00+01:00',
  ])('%s is the same moment wherever it is read', (text) => {
    for (const zone of ['America/New_York', 'Asia/Tokyo']) {
      vi.stubEnv('TZ', zone);
      const [parameter] = parseWhere(`failed_at > '${text}'`).parameters;
      expect(parameter?.value).toBe('2026-11-01T12:00:00.000Z');
    }
  });

  test.each([
    ['', 'at its end: a column is expected'],
    ["nobody = 'x'", 'a column is expected, one of failed_id'],
    ["__proto__ = 'x'", 'a column is expected'],
    ['reason = 3', 'a text in quotes is expected'],
    ["attempts = '3'", 'a number is expected'],
    ["attempts LIKE '3'", 'attempts is no text'],
    ["failed_at > 'yesterday'", 'a time such as'],
    ["failed_at > '2026-11-01 noon'", 'a time such as'],
    ["failed_at > '2026-13-01'", 'a time such as'],
    ["reason = 'a'; DROP TABLE failed_events_raw", '"; DROP TABLE failed_"'],
    ["reason = 'a' -- comment", 'neither a name, a number'],
    ["reason = 'a' OR 1 = 1", '"1 = 1": a column is expected'],
    ["reason = 'open", 'neither a name'],
    ["reason = 'a' UNION SELECT 1", 'AND, OR or the end is expected'],
    ["(reason = 'a'", 'at its end: ) is expected'],
    ["reason = CONCAT('a')", 'a text in quotes is expected'],
    [`${'('.repeat(50)}attempts = 1${')'.repeat(50)}`, 'nests deeper'],
  ])('refuses %s', (text, message) => {
    expect(() => parseWhere(text)).toThrow(PermanentError);
    expect(() => parseWhere(text)).toThrow(message);
  });
});
