import type { Reader } from 'protobufjs';
import { EncodedFields } from '../wire/encoded-fields.ts';
import { NativeWrite } from '../wire/native-write.ts';
import type { Precondition } from '../writes.ts';
import { arePlainFields } from './plain-fields.ts';
import { decodeFields } from './value-reader.ts';

const TAG_UPDATE = 0x0a;
const TAG_NAME = 0x0a;
const TAG_PRECONDITION = 0x22;
/** A google.firestore.v1.Precondition of `exists` alone: its length, the tag, and a boolean. */
const EXISTS = [2, 0x08] as const;

/**
 * Reads a google.firestore.v1.Write up to `end` that sets a whole document of plain fields, as `set` and `create` of the
 * official clients do: its fields stay bytes.
 * @returns undefined, having read nothing, for any other write
 */
export function readPlainSet(reader: Reader, end: number): NativeWrite | undefined {
  const start = reader.pos;
  const write = readSet(reader, end);
  if (write === undefined) reader.pos = start;
  return write;
}

function readSet(reader: Reader, end: number): NativeWrite | undefined {
  if (reader.uint32() !== TAG_UPDATE) return undefined;
  const documentEnd = endOf(reader);
  if (documentEnd > end || reader.uint32() !== TAG_NAME) return undefined;
  const name = reader.string();
  const fieldsStart = reader.pos;
  if (fieldsStart > documentEnd || !arePlainFields(reader.buf, fieldsStart, documentEnd)) return undefined;
  reader.pos = documentEnd;
  const precondition = reader.pos < end ? readExists(reader) : undefined;
  if (reader.pos !== end) return undefined;
  // A copy, lest one document keep the whole request in memory.
  const fields = new EncodedFields(Buffer.from(reader.buf.subarray(fieldsStart, documentEnd)), decodeFields);
  return new NativeWrite({ kind: 'set', name, fields, transforms: [], precondition });
}

function readExists(reader: Reader): Precondition | undefined {
  if (reader.uint32() !== TAG_PRECONDITION) return undefined;
  const { buf, pos } = reader;
  if (buf[pos] !== EXISTS[0] || buf[pos + 1] !== EXISTS[1]) return undefined;
  reader.pos += EXISTS.length;
  return { kind: 'exists', exists: reader.bool() };
}

function endOf(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}
