import protobuf, { type Writer } from 'protobufjs';
import type { Document } from '../backend.ts';
import { EncodedFields } from '../wire/encoded-fields.ts';
import { writeEntries, writeTimestamp } from './value-writer.ts';

const TAG_NAME = 0x0a;
const TAG_ENTRY = 0x12;
const TAG_CREATE_TIME = 0x1a;
const TAG_UPDATE_TIME = 0x22;

/** Writes a google.firestore.v1.Document; fields that are bytes already are copied. */
export function writeNativeDocument(
  { name, fields, createTime, updateTime }: Document,
  writer: Writer,
): Writer {
  writer.uint32(TAG_NAME).string(name);
  if (fields instanceof EncodedFields) copyEntries(fields.bytes, writer);
  else writeEntries(fields, TAG_ENTRY, writer);
  writeTimestamp(createTime, writer.uint32(TAG_CREATE_TIME));
  return writeTimestamp(updateTime, writer.uint32(TAG_UPDATE_TIME));
}

/** Entry by entry: a writer takes bytes with their length only. */
function copyEntries(bytes: Buffer, writer: Writer): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    reader.uint32();
    writer.uint32(TAG_ENTRY).bytes(reader.bytes());
  }
}
