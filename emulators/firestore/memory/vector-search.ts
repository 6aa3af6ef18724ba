import type { Document } from '../backend.ts';
import type { VectorSearch } from '../query.ts';
import { isNumber, vectorOf, withFieldAt } from '../values.ts';
import { valueAt } from './filters.ts';

/** The documents whose vectors are nearest, the nearest first; of the same distance, in the order they came. */
export function findNearest(documents: readonly Document[], search: VectorSearch): readonly Document[] {
  const { measure, limit, threshold, resultField } = search;
  const sign = measure === 'DOT_PRODUCT' ? -1 : 1;
  const found = documents.flatMap((document) => {
    const vector = vectorAt(document, search);
    if (vector === undefined) return [];
    const distance = DISTANCES[measure](vector, search.vector);
    return threshold === undefined || sign * distance <= sign * threshold ? [{ document, distance }] : [];
  });
  found.sort((a, b) => sign * (a.distance - b.distance));
  return found.slice(0, limit).map(({ document, distance }) => {
    if (resultField === undefined) return document;
    const fields = withFieldAt(document.fields, resultField, { kind: 'double', value: distance });
    return { ...document, fields };
  });
}

/** Undefined where there is none of as many dimensions. */
function vectorAt(document: Document, { field, vector }: VectorSearch): readonly number[] | undefined {
  const value = valueAt(document, field);
  const elements = value && vectorOf(value);
  if (elements?.length !== vector.length || !elements.every(isNumber)) return undefined;
  return elements.map((element) => Number(element.value));
}

type Distance = (a: readonly number[], b: readonly number[]) => number;

const dot: Distance = (a, b) => a.reduce((sum, each, index) => sum + each * (b[index] ?? 0), 0);

const DISTANCES: Readonly<Record<VectorSearch['measure'], Distance>> = {
  EUCLIDEAN: (a, b) => Math.sqrt(a.reduce((sum, each, index) => sum + (each - (b[index] ?? 0)) ** 2, 0)),
  COSINE: (a, b) => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  DOT_PRODUCT: dot,
};
