import { describe, expect, test } from 'vitest';
import { mapRow } from './map-row.ts';
import { parseSource } from './sources.ts';

/** What a source makes of a record. */
function mapped(yaml: string, row: object): unknown {
  const source = parseSource('shop', yaml, 'shop.yaml');
  const result = mapRow(source, { offset: 0, line: 1, row: row as Record<string, unknown> }, { file: 'f' });
  return 'ok' in result ? result.ok : result.failure.message;
}

describe('what a source can say', () => {
  const base = 'fields:\n  event_name: { constant: view_item }\n  anonymous_id: visitor\n';
  const row = { visitor: 'v', at: '2026-03-29T00:30:00Z' };

  test.each([
    ['{ column: at, as: epoch }', { at: 1774744200 }, '2026-03-29T00:30:00.000Z'],
    ['{ column: at, as: epoch }', { at: '1774744200123' }, '2026-03-29T00:30:00.123Z'],
    ['{ column: at, as: epoch }', { at: '1774744200123456' }, '2026-03-29T00:30:00.123Z'],
    ['{ column: at, as: iso }', { at: '2026-03-29 02:30:00+02:00' }, '2026-03-29T00:30:00.000Z'],
    ['{ column: at, as: iso }', { at: '2026-03-29 00:30:00 UTC' }, '2026-03-29T00:30:00.000Z'],
    [
      '{ column: at, as: iso, zone: Europe/Berlin }',
      { at: '2026-07-01 12:00:00' },
      '2026-07-01T10:00:00.000Z',
    ],
    [
      "{ column: at, as: date, format: 'dd.MM.yyyy HH:mm', zone: Europe/Berlin }",
      { at: '01.02.2026 13:05' },
      '2026-02-01T12:05:00.000Z',
    ],
    ['{ column: [late, at], as: iso }', { late: '' }, '2026-03-29T00:30:00.000Z'],
    [
      '{ column: day, as: iso, plus_ms: offset }',
      { day: '2016-05-09', offset: '526309' },
      '2016-05-09T00:08:46.309Z',
    ],
  ])('times: %s of %j', (rule, fields, time) => {
    expect(mapped(`${base}  event_time: ${rule}\n`, { ...row, ...fields })).toMatchObject({
      event_time: time,
    });
  });

  test.each([
    ['{ column: cents, as: number, multiply: 0.01 }', { cents: '1999' }, 19.99],
    ["{ column: total, as: number, decimal: ',' }", { total: '1.234,50' }, 1234.5],
    ['{ column: total, as: number, default: 7 }', {}, 7],
  ])('numbers: %s of %j', (rule, fields, value) => {
    const yaml = `${base}  event_time: { column: at, as: iso }\n  value: ${rule}\n`;
    expect(mapped(yaml, { ...row, ...fields })).toMatchObject({ value });
  });

  test.each([
    ['at', '[[[[[', 'at is [[[[['],
    ['offset', '{"toString":1}', 'at is "2026-03-29T00:30:00Z"; expected an ISO 8601'],
  ])('a record whose %s is %s… fails alone, and says why', (column, json, says) => {
    const yaml = `${base}  event_time: { column: at, as: iso, plus_ms: offset }\n`;
    const value: unknown = JSON.parse(json.startsWith('[') ? '['.repeat(1e5) + ']'.repeat(1e5) : json);
    expect(mapped(yaml, { ...row, [column]: value })).toContain(says);
  });

  test.each([
    ['iso', `2026-11-21${' '.repeat(200_000)}x`],
    ['epoch', `${'1'.repeat(200_000)}x`],
    ['number', `${'1'.repeat(200_000)}x`],
  ])('a text of any length is told to be no %s at once, not in its length squared', (as, at) => {
    const field = as === 'number' ? 'value' : 'event_time';
    expect(mapped(`${base}  ${field}: { column: at, as: ${as} }\n`, { ...row, at })).toMatch(/^at is "/);
  });

  test('values, with one for all others', () => {
    const yaml = (others: string): string =>
      `fields:\n  event_time: { column: at, as: iso }\n  anonymous_id: visitor\n  event_name: { column: kind, values: { pv: view_item${others} } }\n`;
    expect(mapped(yaml(''), { ...row, kind: 'pv' })).toMatchObject({ event_name: 'view_item' });
    expect(mapped(yaml(''), { ...row, kind: 'fav' })).toBe('kind is "fav"; expected one of pv');
    expect(mapped(yaml(", '*': other"), { ...row, kind: 'fav' })).toMatchObject({ event_name: 'other' });
    expect(mapped(yaml(", '*': '*'"), { ...row, kind: 'fav' })).toMatchObject({ event_name: 'fav' });
  });

  test.each([
    [
      'each: basket.lines\n    item_id: sku\n    price: { column: unit.price, as: number }',
      { basket: { lines: [{ sku: 'a', unit: { price: 2 } }, { sku: 'b' }] } },
      [{ item_id: 'a', price: 2 }, { item_id: 'b' }],
    ],
    [
      "each: { column: skus, split: ';' }\n    item_id: .",
      { skus: 'a;b;' },
      [{ item_id: 'a' }, { item_id: 'b' }],
    ],
    ['each: basket\n    item_id: sku', { basket: '[{"sku":"a"}]' }, [{ item_id: 'a' }]],
    [
      'each: data[schema^=iglu:shop/product/].data\n    item_id: id',
      {
        data: [
          { schema: 'iglu:shop/product/1', data: { id: 'a' } },
          { schema: 'x', data: { id: 'b' } },
          { schema: 'iglu:shop/product/2', data: { id: 'c' } },
        ],
      },
      [{ item_id: 'a' }, { item_id: 'c' }],
    ],
    ['item_id: first\n  - item_id: second', { second: 's' }, [{ item_id: 's' }]],
    [
      'item_id: params[key=item].value[0]',
      { params: [{ key: 'x' }, { key: 'item', value: ['i'] }] },
      [{ item_id: 'i' }],
    ],
  ])('items: %s', (rule, fields, items) => {
    const yaml = `${base}  event_time: { column: at, as: iso }\nitems:\n  - ${rule}\n`;
    expect(mapped(yaml, { ...row, ...fields })).toMatchObject({ items });
  });
});
