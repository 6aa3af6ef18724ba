import { expect, test } from 'vitest';
import { productOf } from './product-record.ts';

test.each([
  [
    { hidden: 'yes', added_at: '2026-11-20' },
    { hidden: true, added_at: '2026-11-20T00:00:00.000Z' },
  ],
  [
    { hidden: false, availableTime: '2026-11-20T08:00:00+02:00' },
    { hidden: false, added_at: '2026-11-20T06:00:00.000Z' },
  ],
  [{ hidden: '' }, {}],
])('%j tells whether, and since when, a product is for show', (fields, expected) => {
  expect(productOf({ id: '1', ...fields }).data).toEqual({ item_id: '1', ...expected });
});

test.each([
  [{ quantity: '3' }, { in_stock: true }],
  [{ availableQuantity: 0 }, { in_stock: false }],
  [{ quantity: '' }, {}],
  [{ quantity: { valueOf: 1, toString: null } }, {}],
])('%j tells whether there is any', (fields, expected) => {
  expect(productOf({ id: '1', ...fields }).data).toEqual({ item_id: '1', ...expected });
});

test.each([
  [{ availability: { toString: 1 } }, 'in_stock'],
  [{ hidden: { valueOf: 1, toString: null } }, 'hidden'],
  [{ hidden: 'perhaps' }, 'hidden'],
  [{ added_at: 'last week' }, 'added_at'],
])('%j is refused at its field', (fields, path) => {
  const { error } = productOf({ id: '1', ...fields });
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
