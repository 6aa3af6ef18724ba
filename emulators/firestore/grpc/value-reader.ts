import protobuf, { type Reader } from 'protobufjs';
import { FirestoreError } from '../firestore-error.ts';
import { microsOf } from '../timestamps.ts';
import { type Fields, geoPoint, NULL, type Value } from '../values.ts';
import { NativeValue } from '../wire/native-value.ts';

/** Deeper than any document may be, not so deep that the stack ends. */
const MAX_DEPTH = 100;
const WIRE_TYPES = 0b111;
const LAST_FIELD_NUMBER = 22;

/**
 * Reads a google.firestore.v1.Value up to `end`. Most of a write's work is here, so that it goes from bytes to the stored
 * value without messages in between.
 */
export function readNativeValue(reader: Reader, end: number): NativeValue {
  try {
    return new NativeValue(readValue(reader, end, 0));
  } catch (error) {
    if (!(error instanceof FirestoreError)) throw error;
    reader.pos = end;
    return new NativeValue(error);
  }
}

/** The fields of a google.firestore.v1.Document, from bytes that are nothing else. */
export function decodeFields(bytes: Buffer): Fields {
  const reader = protobuf.Reader.create(bytes);
  const fields = new Map<string, Value>();
  while (reader.pos < reader.len) {
    reader.uint32();
    readEntry(reader, fields, 0);
  }
  return fields;
}

function readValue(reader: Reader, end: number, depth: number): Value {
  if (depth > MAX_DEPTH) throw invalid('Value is nested too deeply.');
  let value: Value | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const read = READERS[tag >>> 3];
    if (read) value = read(reader, depth);
    else if (tag >>> 3 <= LAST_FIELD_NUMBER) throw invalid('Value has a type that documents cannot have.');
    else reader.skipType(tag & WIRE_TYPES);
  }
  if (value === undefined) throw invalid('Value type is not set.');
  return value;
}

/** By field number: https://github.com/googleapis/googleapis/blob/master/google/firestore/v1/document.proto */
const READERS: Readonly<Record<number, (reader: Reader, depth: number) => Value>> = {
  1: (reader) => ({ kind: 'boolean', value: reader.bool() }),
  2: (reader) => ({ kind: 'integer', value: readInteger(reader) }),
  3: (reader) => ({ kind: 'double', value: reader.double() }),
  5: (reader) => ({ kind: 'reference', name: reader.string() }),
  6: readMap,
  8: (reader) => {
    const parts = [0, 0];
    eachField(reader, (field) => {
      parts[field - 1] = reader.double();
    });
    return geoPoint(parts[0] ?? 0, parts[1] ?? 0);
  },
  9: (reader, depth) => {
    const values: Value[] = [];
    eachField(reader, () => values.push(readValue(reader, endOf(reader), depth + 1)));
    return { kind: 'array', values };
  },
  10: (reader) => {
    let [seconds, nanos] = [0n, 0];
    eachField(reader, (field) => {
      if (field === 1) seconds = readInteger(reader);
      else nanos = reader.int32();
    });
    return { kind: 'timestamp', micros: microsOf(seconds, nanos) };
  },
  11: (reader) => {
    reader.int32();
    return NULL;
  },
  17: (reader) => ({ kind: 'string', value: reader.string() }),
  // A copy, lest a few bytes keep the whole request in memory.
  18: (reader) => ({ kind: 'bytes', value: Buffer.from(reader.bytes()) }),
};

function readMap(reader: Reader, depth: number): Value {
  const fields = new Map<string, Value>();
  eachField(reader, () => readEntry(reader, fields, depth + 1));
  return { kind: 'map', fields };
}

function readEntry(reader: Reader, fields: Map<string, Value>, depth: number): void {
  let key = '';
  let value: Value | undefined;
  eachField(reader, (field) => {
    if (field === 1) key = reader.string();
    else value = readValue(reader, endOf(reader), depth);
  });
  if (value === undefined) throw invalid('Value type is not set.');
  fields.set(key, value);
}

/** Reads a message's fields, whose numbers are 1 and 2 in all messages that are read so; others are passed over. */
function eachField(reader: Reader, read: (field: number) => void): void {
  const end = endOf(reader);
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 <= 2) read(tag >>> 3);
    else reader.skipType(tag & WIRE_TYPES);
  }
}

/** Where the message ends whose length comes next. */
function endOf(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

function readInteger(reader: Reader): bigint {
  const long = reader.int64();
  if (typeof long === 'number') return BigInt(long);
  return (BigInt(long.high) << 32n) | BigInt(long.low >>> 0);
}

function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}
