import { parseFieldPath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { VectorSearch } from '../query.ts';
import { isNumber, vectorOf } from '../values.ts';
import { integerOf, isMessage, messageOf, textOf } from './plain.ts';
import { readValue } from './values.ts';

const MEASURES: readonly VectorSearch['measure'][] = ['EUCLIDEAN', 'COSINE', 'DOT_PRODUCT'];
const MOST_RESULTS = 1000n;
const MOST_DIMENSIONS = 2048;

/** A google.firestore.v1.StructuredQuery.FindNearest; undefined where there is none. @throws FirestoreError INVALID_ARGUMENT */
export function readVectorSearch(message: unknown): VectorSearch | undefined {
  if (message === undefined || message === null) return undefined;
  const wire = messageOf(message, 'find_nearest');
  const measure = MEASURES.find((each) => each === wire.distanceMeasure);
  if (measure === undefined) {
    throw invalid(
      `Unknown distance measure: ${String(wire.distanceMeasure)}. It is one of ${MEASURES.join(', ')}.`,
    );
  }
  const limit = integerOf(wire.limit, 'find_nearest.limit') ?? 0n;
  if (limit < 1n || limit > MOST_RESULTS) {
    throw invalid(`FindNearest.limit must be a positive integer of no more than ${MOST_RESULTS}.`);
  }
  const resultField = textOf(wire.distanceResultField, 'find_nearest.distance_result_field');
  return {
    field: parseFieldPath(
      textOf(messageOf(wire.vectorField, 'find_nearest.vector_field').fieldPath, 'field_path'),
    ),
    vector: readVector(wire.queryVector),
    measure,
    limit: Number(limit),
    threshold: readThreshold(wire.distanceThreshold),
    resultField: resultField === '' ? undefined : parseFieldPath(resultField),
  };
}

function readVector(message: unknown): readonly number[] {
  const elements = vectorOf(readValue(message));
  if (!elements?.every(isNumber)) throw invalid('FindNearest.query_vector must be a vector of numbers.');
  if (elements.length === 0 || elements.length > MOST_DIMENSIONS) {
    throw invalid(`FindNearest.query_vector must have 1 to ${MOST_DIMENSIONS} dimensions.`);
  }
  return elements.map(({ value }) => Number(value));
}

/** A google.protobuf.DoubleValue: in JSON, the number itself. */
function readThreshold(message: unknown): number | undefined {
  if (message === undefined || message === null) return undefined;
  return Number(isMessage(message) ? (message.value ?? 0) : message);
}

function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}
