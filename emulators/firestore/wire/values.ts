import type { Document } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { type Fields, geoPoint, NULL, type Value } from '../values.ts';
import type { Form, Message } from './form.ts';
import { NativeDocument } from './native-document.ts';
import { NativeValue } from './native-value.ts';
import { bytesOf, integerOf, listOf, messageOf, textOf, timestampOf } from './plain.ts';

const MAX_INTEGER = 2n ** 63n - 1n;

/** A google.firestore.v1.Value in either form. @throws FirestoreError INVALID_ARGUMENT */
export function readValue(message: unknown): Value {
  if (message instanceof NativeValue) return message.get();
  const wire = messageOf(message, 'value');
  if ('stringValue' in wire) return { kind: 'string', value: textOf(wire.stringValue, 'string_value') };
  if ('integerValue' in wire) return { kind: 'integer', value: readInteger(wire.integerValue) };
  if ('doubleValue' in wire) return { kind: 'double', value: readDouble(wire.doubleValue) };
  if ('mapValue' in wire) {
    return { kind: 'map', fields: readFields(messageOf(wire.mapValue, 'map_value').fields) };
  }
  if ('arrayValue' in wire) return { kind: 'array', values: readValues(wire.arrayValue) };
  if ('booleanValue' in wire) return { kind: 'boolean', value: readBoolean(wire.booleanValue) };
  if ('nullValue' in wire) return NULL;
  if ('timestampValue' in wire) {
    return { kind: 'timestamp', micros: timestampOf(wire.timestampValue, 'timestamp_value') };
  }
  if ('bytesValue' in wire) return { kind: 'bytes', value: bytesOf(wire.bytesValue, 'bytes_value') };
  if ('referenceValue' in wire) {
    return { kind: 'reference', name: textOf(wire.referenceValue, 'reference_value') };
  }
  if ('geoPointValue' in wire) return readGeoPoint(wire.geoPointValue);
  throw new FirestoreError('INVALID_ARGUMENT', 'Value type is not set.');
}

/** The elements of a google.firestore.v1.ArrayValue. @throws FirestoreError INVALID_ARGUMENT */
export function readValues(message: unknown): readonly Value[] {
  return listOf(messageOf(message, 'array_value').values, 'values').map(readValue);
}

/** The `fields` of a document or a map; absent is empty. @throws FirestoreError INVALID_ARGUMENT */
export function readFields(message: unknown): Fields {
  const fields = new Map<string, Value>();
  if (message === undefined) return fields;
  for (const [key, value] of Object.entries(messageOf(message, 'fields'))) fields.set(key, readValue(value));
  return fields;
}

export function writeValue(value: Value, form: Form): unknown {
  return form.native ? new NativeValue(value) : writeMessage(value, form);
}

function writeMessage(value: Value, form: Form): Message {
  switch (value.kind) {
    case 'null':
      return { nullValue: form.nullValue };
    case 'boolean':
      return { booleanValue: value.value };
    case 'integer':
      return { integerValue: String(value.value) };
    case 'double':
      return { doubleValue: form.double(value.value) };
    case 'timestamp':
      return { timestampValue: form.timestamp(value.micros) };
    case 'string':
      return { stringValue: value.value };
    case 'bytes':
      return { bytesValue: form.bytes(value.value) };
    case 'reference':
      return { referenceValue: value.name };
    case 'geoPoint':
      return { geoPointValue: { latitude: value.latitude, longitude: value.longitude } };
    case 'array':
      return { arrayValue: { values: value.values.map((each) => writeValue(each, form)) } };
    case 'map':
      return { mapValue: { fields: writeFields(value.fields, form) } };
  }
}

export function writeFields(fields: Fields, form: Form): Message {
  const message: Record<string, unknown> = {};
  for (const [key, value] of fields) message[key] = writeValue(value, form);
  return message;
}

/** A google.firestore.v1.Document. */
export function writeDocument(document: Document, form: Form): Message {
  return form.native ? new NativeDocument(document) : writeDocumentMessage(document, form);
}

function writeDocumentMessage(document: Document, form: Form): Message {
  return {
    name: document.name,
    fields: writeFields(document.fields, form),
    createTime: form.timestamp(document.createTime),
    updateTime: form.timestamp(document.updateTime),
  };
}

/** The inverse of {@link writeDocument}. @throws FirestoreError INVALID_ARGUMENT */
export function readDocument(message: unknown): Document {
  const wire = messageOf(message, 'document');
  return {
    name: textOf(wire.name, 'name'),
    fields: readFields(wire.fields),
    createTime: timestampOf(wire.createTime, 'create_time'),
    updateTime: timestampOf(wire.updateTime, 'update_time'),
  };
}

function readInteger(wire: unknown): bigint {
  const value = integerOf(wire, 'integer_value') ?? 0n;
  if (value <= MAX_INTEGER && value >= -MAX_INTEGER - 1n) return value;
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "integer_value": ${value} exceeds 64 bits.`);
}

/** In JSON, `"NaN"`, `"Infinity"` and `"-Infinity"` are strings. */
function readDouble(wire: unknown): number {
  if (typeof wire === 'number') return wire;
  const value = typeof wire === 'string' && wire !== '' ? Number(wire) : Number.NaN;
  if (Number.isNaN(value) && wire !== 'NaN') {
    throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "double_value": ${JSON.stringify(wire)}.`);
  }
  return value;
}

function readBoolean(wire: unknown): boolean {
  if (typeof wire === 'boolean') return wire;
  throw new FirestoreError('INVALID_ARGUMENT', 'Invalid value at "boolean_value": expected true or false.');
}

function readGeoPoint(wire: unknown): Value {
  const message = messageOf(wire, 'geo_point_value');
  return geoPoint(Number(message.latitude ?? 0), Number(message.longitude ?? 0));
}
