import type { Fields, Value } from './values.ts';
import { EncodedFields } from './wire/encoded-fields.ts';

/**
 * Whether two values are stored alike, which is stricter than Firestore's order: 1 and 1.0 differ, as do 0.0 and -0.0.
 * A write that changes nothing in this sense does not touch the document's update time.
 */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'null':
      return b.kind === 'null';
    case 'boolean':
    case 'integer':
    case 'double':
    case 'string':
      return b.kind === a.kind && Object.is(a.value, b.value);
    case 'timestamp':
      return b.kind === 'timestamp' && a.micros === b.micros;
    case 'bytes':
      return b.kind === 'bytes' && Buffer.compare(a.value, b.value) === 0;
    case 'reference':
      return b.kind === 'reference' && a.name === b.name;
    case 'geoPoint':
      return b.kind === 'geoPoint' && a.latitude === b.latitude && a.longitude === b.longitude;
    case 'array':
      return b.kind === 'array' && sameValues(a.values, b.values);
    case 'map':
      return b.kind === 'map' && sameFields(a.fields, b.fields);
  }
}

/** The order of keys does not matter. */
export function sameFields(a: Fields, b: Fields): boolean {
  if (a === b) return true;
  if (a instanceof EncodedFields && b instanceof EncodedFields && a.bytes.equals(b.bytes)) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !sameValue(value, other)) return false;
  }
  return true;
}

function sameValues(a: readonly Value[], b: readonly Value[]): boolean {
  return (
    a.length === b.length &&
    a.every((value, index) => {
      const other = b[index];
      return other !== undefined && sameValue(value, other);
    })
  );
}
