import type { Document } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { Aggregation } from '../query.ts';
import { isNumber, NULL, type NumberValue, type Value } from '../values.ts';
import { valueAt } from './filters.ts';

/** https://firebase.google.com/docs/firestore/query-data/aggregation-queries */
const MAX_AGGREGATIONS = 5;
const MAX_INTEGER = 2n ** 63n - 1n;

/** @throws FirestoreError INVALID_ARGUMENT */
export function aggregate(
  documents: readonly Document[],
  aggregations: readonly Aggregation[],
): ReadonlyMap<string, Value> {
  if (aggregations.length === 0 || aggregations.length > MAX_AGGREGATIONS) {
    throw new FirestoreError('INVALID_ARGUMENT', `A query has 1 to ${MAX_AGGREGATIONS} aggregations.`);
  }
  const values = aggregations.map(({ alias, operator }) => [alias, resultOf(operator, documents)] as const);
  return new Map(values);
}

function resultOf(operator: Aggregation['operator'], documents: readonly Document[]): Value {
  if (operator.kind === 'count') {
    const count = BigInt(documents.length);
    const { upTo } = operator;
    return { kind: 'integer', value: upTo !== undefined && upTo < count ? upTo : count };
  }
  const numbers = documents.map((document) => valueAt(document, operator.field)).filter(isNumber);
  if (operator.kind === 'sum') return sum(numbers);
  return numbers.length === 0 ? NULL : { kind: 'double', value: Number(sum(numbers).value) / numbers.length };
}

/** An integer where all are, and their sum has 64 bits. */
function sum(numbers: readonly NumberValue[]): NumberValue {
  let integers = 0n;
  let doubles = 0;
  let exact = true;
  for (const number of numbers) {
    if (number.kind === 'integer') integers += number.value;
    else {
      doubles += number.value;
      exact = false;
    }
  }
  if (exact && integers <= MAX_INTEGER && integers >= -MAX_INTEGER - 1n) {
    return { kind: 'integer', value: integers };
  }
  return { kind: 'double', value: Number(integers) + doubles };
}
