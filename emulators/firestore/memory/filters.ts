import type { Document } from '../backend.ts';
import { isNamePath } from '../field-paths.ts';
import type { FieldPath, Filter } from '../query.ts';
import { compareValues, typeRank, valuesEqual } from '../value-order.ts';
import { fieldAt, isNaNValue, type Value } from '../values.ts';

export type Matcher = (document: Document) => boolean;

/** A document's value at a path; its own name, as a reference, at `__name__`. */
export function valueAt(document: Document, path: FieldPath): Value | undefined {
  return isNamePath(path) ? { kind: 'reference', name: document.name } : fieldAt(document.fields, path);
}

/** Whether documents match a filter: https://firebase.google.com/docs/firestore/query-data/queries */
export function makeMatcher(filter: Filter): Matcher {
  switch (filter.kind) {
    case 'composite': {
      const matchers = filter.filters.map(makeMatcher);
      return filter.op === 'AND'
        ? (document) => matchers.every((matches) => matches(document))
        : (document) => matchers.some((matches) => matches(document));
    }
    case 'unary': {
      const test = UNARY[filter.op];
      return (document) => testAt(document, filter.field, test);
    }
    case 'field': {
      const test = FIELD[filter.op](filter.value);
      return (document) => testAt(document, filter.field, test);
    }
  }
}

type Test = (stored: Value) => boolean;

/** No filter matches a document that lacks the field. */
function testAt(document: Document, path: FieldPath, test: Test): boolean {
  const stored = valueAt(document, path);
  return stored !== undefined && test(stored);
}

const UNARY: Readonly<Record<(Filter & { kind: 'unary' })['op'], Test>> = {
  IS_NULL: (stored) => stored.kind === 'null',
  IS_NOT_NULL: (stored) => stored.kind !== 'null',
  IS_NAN: isNaNValue,
  IS_NOT_NAN: (stored) => stored.kind !== 'null' && !isNaNValue(stored),
};

/** Ranges are within a type: nothing is less than a number but numbers, NaN not among them. */
function ordered(operand: Value, holds: (order: number) => boolean): Test {
  const rank = typeRank(operand);
  return (stored) =>
    typeRank(stored) === rank && !isNaNValue(stored) && holds(compareValues(stored, operand));
}

const elements = (value: Value): readonly Value[] => (value.kind === 'array' ? value.values : []);
const holds = (values: readonly Value[], wanted: Value) => values.some((each) => valuesEqual(each, wanted));

const FIELD: Readonly<Record<(Filter & { kind: 'field' })['op'], (operand: Value) => Test>> = {
  LESS_THAN: (operand) => ordered(operand, (order) => order < 0),
  LESS_THAN_OR_EQUAL: (operand) => ordered(operand, (order) => order <= 0),
  GREATER_THAN: (operand) => ordered(operand, (order) => order > 0),
  GREATER_THAN_OR_EQUAL: (operand) => ordered(operand, (order) => order >= 0),
  EQUAL: (operand) => (stored) => valuesEqual(stored, operand),
  NOT_EQUAL: (operand) => (stored) => stored.kind !== 'null' && !valuesEqual(stored, operand),
  ARRAY_CONTAINS: (operand) => (stored) => holds(elements(stored), operand),
  ARRAY_CONTAINS_ANY: (operand) => (stored) =>
    elements(stored).some((each) => holds(elements(operand), each)),
  IN: (operand) => (stored) => holds(elements(operand), stored),
  // A null in the list is unequal to nothing, as in SQL.
  NOT_IN: (operand) =>
    elements(operand).some((each) => each.kind === 'null')
      ? () => false
      : (stored) => stored.kind !== 'null' && !holds(elements(operand), stored),
};
