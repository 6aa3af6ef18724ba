import { comparePaths } from './paths.ts';
import { compareText } from './text-order.ts';
import { type Fields, isNumber, type NumberValue, type Value, vectorOf } from './values.ts';

/**
 * Firestore's order of types; integers and doubles are one type.
 * https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering
 */
const RANK = {
  null: 0,
  boolean: 1,
  integer: 2,
  double: 2,
  timestamp: 3,
  string: 4,
  bytes: 5,
  reference: 6,
  geoPoint: 7,
  array: 8,
  vector: 9,
  map: 10,
} as const;

/** A number by which values of different types are ordered; equal for values that filters may compare. */
export function typeRank(value: Value): number {
  return value.kind === 'map' && vectorOf(value) !== undefined ? RANK.vector : RANK[value.kind];
}

/** Firestore's total order of values: negative, 0 or positive. 1 and 1.0 are equal, as are 0.0 and -0.0, and NaN and NaN. */
export function compareValues(a: Value, b: Value): number {
  if (a.kind === 'string' && b.kind === 'string') return compareText(a.value, b.value);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  const ranks = typeRank(a) - typeRank(b);
  if (ranks !== 0) return ranks;
  if (a.kind === 'boolean' && b.kind === 'boolean') return Number(a.value) - Number(b.value);
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return compareOrdered(a.micros, b.micros);
  if (a.kind === 'bytes' && b.kind === 'bytes') return Buffer.compare(a.value, b.value);
  if (a.kind === 'reference' && b.kind === 'reference') return comparePaths(a.name, b.name);
  if (a.kind === 'geoPoint' && b.kind === 'geoPoint') {
    return compareOrdered(a.latitude, b.latitude) || compareOrdered(a.longitude, b.longitude);
  }
  if (a.kind === 'array' && b.kind === 'array') return compareArrays(a.values, b.values);
  if (a.kind === 'map' && b.kind === 'map') return compareMaps(a, b);
  return 0;
}

export function valuesEqual(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}

/** Bigints and numbers compare by their exact values. */
function compareOrdered(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** NaN comes before every other number. */
function compareNumbers(a: NumberValue, b: NumberValue): number {
  const [noA, noB] = [Number.isNaN(a.value), Number.isNaN(b.value)];
  if (noA || noB) return Number(noB) - Number(noA);
  return compareOrdered(a.value, b.value);
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) break;
    const order = compareValues(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Vectors by their length, then their elements; other maps by their sorted keys and values, pair by pair. */
function compareMaps(a: Value & { kind: 'map' }, b: Value & { kind: 'map' }): number {
  const [left, right] = [vectorOf(a), vectorOf(b)];
  if (left && right) return left.length - right.length || compareArrays(left, right);
  const [pairs, others] = [sortedPairs(a.fields), sortedPairs(b.fields)];
  for (const [index, [key, value]] of pairs.entries()) {
    const other = others[index];
    if (other === undefined) break;
    const order = compareText(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return pairs.length - others.length;
}

function sortedPairs(fields: Fields): (readonly [string, Value])[] {
  return [...fields].sort(([a], [b]) => compareText(a, b));
}
