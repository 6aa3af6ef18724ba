import { describe, expect, test } from 'vitest';
import { makeRowReader } from './text-values.ts';

const read = (type: string, given: unknown): unknown => makeRowReader([{ name: 'x', type }])({ x: given }).x;

const micros = (time: string, rest = 0n): bigint => BigInt(Date.parse(time)) * 1000n + rest;

describe('values in JSON and CSV', () => {
  test.each([
    ['INTEGER', '42', 42n],
    ['INTEGER', -7, -7n],
    ['INTEGER', 3.0, 3n],
    ['INTEGER', '9223372036854775807', 9223372036854775807n],
    ['FLOAT', '1e3', 1000],
    ['FLOAT', '-inf', Number.NEGATIVE_INFINITY],
    ['NUMERIC', '-12.340', '-12.340'],
    ['BOOLEAN', 'T', true],
    ['BOOLEAN', false, false],
    ['STRING', 7, '7'],
    ['STRING', { a: 1 }, '{"a":1}'],
    ['JSON', { a: [1] }, '{"a":[1]}'],
    ['JSON', '{"a":1}', '{"a":1}'],
    ['DATE', '2026-01-02', 20455],
    ['DATE', '0099-12-31', -683_004],
    ['TIME', '03:04:05.5', 11_045_500_000n],
    ['DATETIME', '2026-01-02 03:04:05', micros('2026-01-02T03:04:05Z')],
    ['TIMESTAMP', '2026-01-02T03:04:05.123456Z', micros('2026-01-02T03:04:05Z', 123_456n)],
    ['TIMESTAMP', '2026-01-02 03:04:05 UTC', micros('2026-01-02T03:04:05Z')],
    ['TIMESTAMP', '2026-01-02 03:04:05+02:00', micros('2026-01-02T01:04:05Z')],
    ['TIMESTAMP', '2026-01-02 03:04:05-0330', micros('2026-01-02T06:34:05Z')],
    ['TIMESTAMP', '2026-01-02', micros('2026-01-02T00:00:00Z')],
    ['TIMESTAMP', 1_767_225_600, micros('2026-01-01T00:00:00Z')],
    ['TIMESTAMP', '1767225600.000001', micros('2026-01-01T00:00:00Z', 1n)],
    ['BYTES', 'YWI=', Buffer.from('ab')],
  ])('%s %j', (type, given, expected) => {
    expect(read(type, given)).toEqual(expected);
  });

  test.each([
    ['INTEGER', '1.5'],
    ['INTEGER', '9223372036854775808'],
    ['INTEGER', true],
    ['FLOAT', ''],
    ['NUMERIC', 'ten'],
    ['BOOLEAN', 'maybe'],
    ['DATE', '2026-02-30'],
    ['DATE', '2026-01-02T00:00:00'],
    ['TIME', '25:00:00'],
    ['DATETIME', '2026-01-02 03:04:05Z'],
    ['TIMESTAMP', 'yesterday'],
    ['TIMESTAMP', '2026-01-02 03:04:05 Nowhere'],
    ['JSON', '{'],
    ['BYTES', '%'],
  ])('%s %j is refused by name', (type, given) => {
    expect(() => read(type, given)).toThrow(`Could not parse '${given}' as ${type} for field x.`);
  });
});

describe('rows in JSON', () => {
  const fields = [
    { name: 'Id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    { name: 'page', type: 'RECORD', fields: [{ name: 'n', type: 'INTEGER', mode: 'REQUIRED' }] },
  ];

  test('names are matched whatever their case, and null is absent', () => {
    expect(makeRowReader(fields)({ ID: 'a', tags: ['x'], page: null })).toEqual({ Id: 'a', tags: ['x'] });
  });

  test('unknown members may be left out', () => {
    const json = { id: 'a', stranger: 1, page: { n: 1, other: 2 } };
    expect(makeRowReader(fields, { ignoreUnknown: true })(json)).toEqual({ Id: 'a', page: { n: 1n } });
    expect(() => makeRowReader(fields)(json)).toThrow('no such field: stranger.');
  });

  test.each([
    [{}, 'Missing required field: Id.'],
    [{ id: 'a', page: {} }, 'Missing required field: page.n.'],
    [{ id: 'a', page: [] }, 'page must be a record.'],
    [{ id: 'a', tags: 'x' }, 'tags must be an array.'],
    [{ id: 'a', tags: [null] }, 'Only optional fields can be set to NULL: tags.'],
    [{ id: 'a', page: { n: 1, x: 2 } }, 'no such field: page.x.'],
  ])('%j is refused: %s', (json, message) => {
    expect(() => makeRowReader(fields)(json)).toThrow(message);
  });
});
