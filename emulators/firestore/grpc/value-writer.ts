import type { Writer } from 'protobufjs';
import { timestampParts } from '../timestamps.ts';
import type { Fields, Micros, Value } from '../values.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const tag = (field: number, wireType: number) => (field << 3) | wireType;

/** Writes a google.firestore.v1.Value, without messages in between. */
export function writeNativeValue(value: Value, writer: Writer): Writer {
  switch (value.kind) {
    case 'null':
      return writer.uint32(tag(11, VARINT)).int32(0);
    case 'boolean':
      return writer.uint32(tag(1, VARINT)).bool(value.value);
    case 'integer':
      return writer.uint32(tag(2, VARINT)).int64(String(value.value));
    case 'double':
      return writer.uint32(tag(3, FIXED64)).double(value.value);
    case 'string':
      return writer.uint32(tag(17, BYTES)).string(value.value);
    case 'bytes':
      return writer.uint32(tag(18, BYTES)).bytes(value.value);
    case 'reference':
      return writer.uint32(tag(5, BYTES)).string(value.name);
    case 'timestamp':
      return writeTimestamp(value.micros, writer.uint32(tag(10, BYTES)));
    case 'geoPoint':
      writer.uint32(tag(8, BYTES)).fork().uint32(tag(1, FIXED64)).double(value.latitude);
      return writer.uint32(tag(2, FIXED64)).double(value.longitude).ldelim();
    case 'array':
      writer.uint32(tag(9, BYTES)).fork();
      for (const each of value.values) writeNativeValue(each, writer.uint32(tag(1, BYTES)).fork()).ldelim();
      return writer.ldelim();
    case 'map':
      return writeEntries(value.fields, tag(1, BYTES), writer.uint32(tag(6, BYTES)).fork()).ldelim();
  }
}

/** Writes a google.protobuf.Timestamp with its length, after its tag. */
export function writeTimestamp(micros: Micros, writer: Writer): Writer {
  const { seconds, nanos } = timestampParts(micros);
  writer.fork().uint32(tag(1, VARINT)).int64(Number(seconds));
  return writer.uint32(tag(2, VARINT)).int32(nanos).ldelim();
}

/** Writes the entries of a map of fields, each after this tag. */
export function writeEntries(fields: Fields, entryTag: number, writer: Writer): Writer {
  for (const [key, value] of fields) {
    writer.uint32(entryTag).fork().uint32(tag(1, BYTES)).string(key);
    writeNativeValue(value, writer.uint32(tag(2, BYTES)).fork())
      .ldelim()
      .ldelim();
  }
  return writer;
}
