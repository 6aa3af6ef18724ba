import { FirestoreError } from '../firestore-error.ts';
import { parseResource } from '../paths.ts';
import { type Fields, type Value, vectorOf } from '../values.ts';
import { EncodedFields } from '../wire/encoded-fields.ts';

/** https://firebase.google.com/docs/firestore/quotas#limits */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MAX_VALUE_BYTES = MAX_DOCUMENT_BYTES - 89;
const MAX_KEY_BYTES = 1500;
const MAX_DEPTH = 20;
const RESERVED_KEY = /^__.*__$/s;

/**
 * Holds a document to Firestore's limits: 1 MiB, maps 20 deep, keys that are not empty, reserved or long, no array right
 * in an array, references that are names.
 * @throws FirestoreError INVALID_ARGUMENT
 */
export function checkDocument(name: string, fields: Fields): void {
  if (fields instanceof EncodedFields) return;
  const bytes = nameBytes(name) + fieldsBytes(fields, 1, '') + 32;
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw invalid(
      `Document "${name}" cannot be written because its size (${bytes} bytes) exceeds the maximum of ${MAX_DOCUMENT_BYTES} bytes.`,
    );
  }
}

/** https://firebase.google.com/docs/firestore/storage-size */
function nameBytes(name: string): number {
  return Buffer.byteLength(name.slice(name.indexOf('/documents/') + 11)) + 17;
}

function fieldsBytes(fields: Fields, depth: number, path: string): number {
  let bytes = 0;
  for (const [key, value] of fields) {
    const here = path === '' ? key : `${path}.${key}`;
    if (key === '') throw invalid(`The document has a field with an empty name${path && ` in "${path}"`}.`);
    if (RESERVED_KEY.test(key))
      throw invalid(`The field name "${here}" is reserved: it begins and ends with "__".`);
    const length = Buffer.byteLength(key) + 1;
    if (length > MAX_KEY_BYTES + 1)
      throw invalid(`The field name "${here.slice(0, 100)}…" exceeds 1500 bytes.`);
    bytes += length + valueBytes(value, depth, here);
  }
  return bytes;
}

function valueBytes(value: Value, depth: number, path: string): number {
  switch (value.kind) {
    case 'null':
    case 'boolean':
      return 1;
    case 'integer':
    case 'double':
    case 'timestamp':
      return 8;
    case 'geoPoint':
      return 16;
    case 'string':
      return bounded(Buffer.byteLength(value.value), path) + 1;
    case 'bytes':
      return bounded(value.value.length, path);
    case 'reference':
      parseResource(value.name);
      return Buffer.byteLength(value.name) + 17;
    case 'array':
      return arrayBytes(value.values, depth, path);
    case 'map': {
      if (depth > MAX_DEPTH) throw invalid(`The field "${path}" is nested deeper than ${MAX_DEPTH} levels.`);
      const vector = vectorOf(value);
      return vector ? vector.length * 8 + 32 : fieldsBytes(value.fields, depth + 1, path) + 32;
    }
  }
}

function arrayBytes(values: readonly Value[], depth: number, path: string): number {
  if (depth > MAX_DEPTH) throw invalid(`The field "${path}" is nested deeper than ${MAX_DEPTH} levels.`);
  let bytes = 0;
  for (const value of values) {
    if (value.kind === 'array') throw invalid(`The field "${path}" has an array right inside an array.`);
    bytes += valueBytes(value, depth + 1, path);
  }
  return bytes;
}

function bounded(bytes: number, path: string): number {
  if (bytes <= MAX_VALUE_BYTES) return bytes;
  throw invalid(`The value of the field "${path}" is longer than ${MAX_VALUE_BYTES} bytes.`);
}

function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}
