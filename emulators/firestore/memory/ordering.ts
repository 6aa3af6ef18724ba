import type { Document } from '../backend.ts';
import { formatFieldPath, isNamePath, NAME_PATH } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import { comparePaths } from '../paths.ts';
import type { Cursor, FieldPath, Filter, Order, Query } from '../query.ts';
import { compareText } from '../text-order.ts';
import { compareValues } from '../value-order.ts';
import { type Matcher, valueAt } from './filters.ts';

const INEQUALITIES = new Set([
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'NOT_EQUAL',
  'NOT_IN',
  'IS_NOT_NAN',
  'IS_NOT_NULL',
]);

/**
 * The orders of a query with those it implies: fields of inequalities, by their paths, then the name, all in the direction
 * of the last explicit order. https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#structuredquery
 */
export function fullOrder({ where, orderBy }: Pick<Query, 'where' | 'orderBy'>): readonly Order[] {
  const descending = orderBy.at(-1)?.descending ?? false;
  const paths = new Map(orderBy.map(({ field }) => [formatFieldPath(field), field]));
  const implied = where ? [...inequalityPaths(where)] : [];
  const sorted = implied.sort((a, b) => compareText(formatFieldPath(a), formatFieldPath(b)));
  const orders = [...orderBy];
  for (const field of [...sorted.filter((path) => !isNamePath(path)), NAME_PATH]) {
    const key = formatFieldPath(field);
    if (!paths.has(key)) orders.push({ field, descending });
    paths.set(key, field);
  }
  return orders;
}

function* inequalityPaths(filter: Filter): Generator<FieldPath> {
  if (filter.kind === 'composite') for (const each of filter.filters) yield* inequalityPaths(each);
  else if (INEQUALITIES.has(filter.op)) yield filter.field;
}

export function makeComparator(orders: readonly Order[]): (a: Document, b: Document) => number {
  return (a, b) => {
    for (const { field, descending } of orders) {
      const order = isNamePath(field) ? comparePaths(a.name, b.name) : compareAt(a, b, field);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}

function compareAt(a: Document, b: Document, field: FieldPath): number {
  const [left, right] = [valueAt(a, field), valueAt(b, field)];
  return left === undefined || right === undefined ? 0 : compareValues(left, right);
}

/**
 * Whether documents are not before a start, or not after an end.
 * @throws FirestoreError INVALID_ARGUMENT where the cursor does not fit the orders
 */
export function makeBound(cursor: Cursor, side: 'start' | 'end', orders: readonly Order[]): Matcher {
  if (cursor.values.length > orders.length) {
    throw new FirestoreError('INVALID_ARGUMENT', 'Cursor has too many values.');
  }
  for (const [index, value] of cursor.values.entries()) {
    if (isNamePath(orders[index]?.field ?? []) && value.kind !== 'reference') {
      throw new FirestoreError('INVALID_ARGUMENT', 'The cursor value at __name__ is no reference.');
    }
  }
  return (document) => {
    const order = compareToCursor(document, cursor, orders);
    if (side === 'start') return cursor.before ? order >= 0 : order > 0;
    return cursor.before ? order < 0 : order <= 0;
  };
}

function compareToCursor(document: Document, { values }: Cursor, orders: readonly Order[]): number {
  for (const [index, value] of values.entries()) {
    const { field, descending } = orders[index] ?? { field: NAME_PATH, descending: false };
    const stored = valueAt(document, field);
    const order = stored === undefined ? 0 : compareValues(stored, value);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}
