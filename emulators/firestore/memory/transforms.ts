import { FirestoreError } from '../firestore-error.ts';
import { compareValues, valuesEqual } from '../value-order.ts';
import type { Micros } from '../values.ts';
import {
  type Fields,
  fieldAt,
  isNumber,
  NULL,
  type NumberValue,
  type Value,
  withFieldAt,
} from '../values.ts';
import type { FieldTransform } from '../writes.ts';

const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/**
 * Fields with transforms applied in order, and what each answers to the client: null for those of arrays.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#fieldtransform
 * @param time of the commit
 * @throws FirestoreError INVALID_ARGUMENT where an operand is no number
 */
export function applyTransforms(
  fields: Fields,
  transforms: readonly FieldTransform[],
  time: Micros,
): { readonly fields: Fields; readonly results: readonly Value[] } {
  let changed = fields;
  const results = transforms.map((transform) => {
    const value = transformed(fieldAt(changed, transform.field), transform, time);
    changed = withFieldAt(changed, transform.field, value);
    return transform.kind === 'arrayUnion' || transform.kind === 'arrayRemove' ? NULL : value;
  });
  return { fields: changed, results };
}

function transformed(stored: Value | undefined, transform: FieldTransform, time: Micros): Value {
  switch (transform.kind) {
    case 'serverTime':
      // Server timestamps have the precision of milliseconds.
      return { kind: 'timestamp', micros: (time / 1000n) * 1000n };
    case 'increment':
      return isNumber(stored) ? sum(stored, numeric(transform.operand)) : numeric(transform.operand);
    case 'maximum':
    case 'minimum':
      return isNumber(stored)
        ? extreme(stored, numeric(transform.operand), transform.kind)
        : numeric(transform.operand);
    case 'arrayUnion': {
      const union = stored?.kind === 'array' ? [...stored.values] : [];
      for (const element of transform.elements) {
        if (!union.some((each) => valuesEqual(each, element))) union.push(element);
      }
      return { kind: 'array', values: union };
    }
    case 'arrayRemove': {
      const values = stored?.kind === 'array' ? stored.values : [];
      const kept = values.filter((each) => !transform.elements.some((element) => valuesEqual(each, element)));
      return { kind: 'array', values: kept };
    }
  }
}

function numeric(operand: Value): NumberValue {
  if (isNumber(operand)) return operand;
  throw new FirestoreError('INVALID_ARGUMENT', 'The operand of a numeric transform is no number.');
}

/** Integers do not wrap around but stay at the limits of 64 bits. */
function sum(a: NumberValue, b: NumberValue): NumberValue {
  if (a.kind === 'double' || b.kind === 'double') {
    return { kind: 'double', value: Number(a.value) + Number(b.value) };
  }
  const exact = a.value + b.value;
  return {
    kind: 'integer',
    value: exact > MAX_INTEGER ? MAX_INTEGER : exact < MIN_INTEGER ? MIN_INTEGER : exact,
  };
}

/** NaN wins in both; of equal numbers the stored one stays, with its type. */
function extreme(stored: NumberValue, given: NumberValue, kind: 'maximum' | 'minimum'): NumberValue {
  if (Number.isNaN(stored.value)) return stored;
  if (Number.isNaN(given.value)) return given;
  const order = compareValues(given, stored);
  return (kind === 'maximum' ? order > 0 : order < 0) ? given : stored;
}
