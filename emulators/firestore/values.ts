import { FirestoreError } from './firestore-error.ts';

/** Microseconds since 1970-01-01T00:00:00Z: the precision Firestore keeps. */
export type Micros = bigint;

/** The fields of a document or of a map. */
export type Fields = ReadonlyMap<string, Value>;

/**
 * A Firestore value. A vector is a map, as it is on the wire: see {@link vectorOf}.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#value
 */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** 64 bits, signed. */
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'timestamp'; readonly micros: Micros }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  /** The full name of a document, `projects/P/databases/D/documents/…`. */
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'geoPoint'; readonly latitude: number; readonly longitude: number }
  | { readonly kind: 'array'; readonly values: readonly Value[] }
  | { readonly kind: 'map'; readonly fields: Fields };

export type NumberValue = Extract<Value, { kind: 'integer' | 'double' }>;
export type ArrayValue = Extract<Value, { kind: 'array' }>;

export const NULL: Value = { kind: 'null' };

/** @throws FirestoreError INVALID_ARGUMENT where it is not on earth */
export function geoPoint(latitude: number, longitude: number): Value {
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)
    return { kind: 'geoPoint', latitude, longitude };
  throw new FirestoreError(
    'INVALID_ARGUMENT',
    `Geo point ${latitude}, ${longitude} is out of range: latitudes are within ±90, longitudes within ±180.`,
  );
}

export function isNumber(value: Value | undefined): value is NumberValue {
  return value?.kind === 'integer' || value?.kind === 'double';
}

export function isNaNValue(value: Value | undefined): boolean {
  return value?.kind === 'double' && Number.isNaN(value.value);
}

/** The elements of a vector: a map of `__type__: "__vector__"` and `value`, an array. Undefined for any other value. */
export function vectorOf(value: Value): readonly Value[] | undefined {
  if (value.kind !== 'map') return undefined;
  const type = value.fields.get('__type__');
  if (type?.kind !== 'string' || type.value !== '__vector__') return undefined;
  const elements = value.fields.get('value');
  return elements?.kind === 'array' ? elements.values : undefined;
}

/** The value at a field path; undefined where the path leads nowhere. */
export function fieldAt(fields: Fields, path: readonly string[]): Value | undefined {
  const [first, ...rest] = path;
  let here = first === undefined ? undefined : fields.get(first);
  for (const segment of rest) here = fieldsBelow(here)?.get(segment);
  return here;
}

/** What paths lead into: a map's fields, but not a vector's. */
function fieldsBelow(value: Value | undefined): Fields | undefined {
  return value?.kind === 'map' && vectorOf(value) === undefined ? value.fields : undefined;
}

/**
 * The fields with the value at a path set, or removed where it is undefined. What stands in the way of a set is replaced by
 * a map; a removal leaves emptied maps standing.
 */
export function withFieldAt(fields: Fields, path: readonly string[], value: Value | undefined): Fields {
  const [first, ...rest] = path;
  if (first === undefined) return fields;
  const changed = new Map(fields);
  if (rest.length === 0) {
    if (value === undefined) changed.delete(first);
    else changed.set(first, value);
    return changed;
  }
  const below = fieldsBelow(fields.get(first));
  if (below === undefined && value === undefined) return fields;
  return changed.set(first, { kind: 'map', fields: withFieldAt(below ?? new Map(), rest, value) });
}
