import protobuf, { type Reader } from 'protobufjs';
import { loadProtos, type Protos } from '../../protos.ts';
import { NativeDocument } from '../wire/native-document.ts';
import { NativeValue } from '../wire/native-value.ts';
import { NativeWrite } from '../wire/native-write.ts';
import { writeNativeDocument } from './document-writer.ts';
import { readNativeValue } from './value-reader.ts';
import { writeNativeValue } from './value-writer.ts';
import { readPlainSet } from './write-reader.ts';

/** A message's codec in protobufjs, of which the messages around it call these. */
type Codec = Pick<protobuf.Type, 'encode' | 'decode' | 'toObject' | 'fromObject'>;
/** What is native passes through where protobufjs has messages. */
type NativeCodec = {
  readonly [Method in keyof Codec]?: (...of: Parameters<Codec[Method]>) => unknown;
};

/**
 * Firestore's protos, whose values are read and written as {@link NativeValue}, documents written as {@link NativeDocument},
 * and writes read as {@link NativeWrite} where they are of the plainest kind.
 */
export function loadFirestoreProtos(): Protos {
  const protos = loadProtos('@google-cloud/firestore/build/protos/v1.json');
  const replace = (name: string, by: (generated: Codec) => NativeCodec): void => {
    // Its own methods are made by setup.
    const type = protos.root.lookupType(`google.firestore.v1.${name}`).setup();
    Object.assign(type, by(bound(type)));
  };
  replace('Value', ({ encode }) => ({
    decode: (reader, length) => readNativeValue(partOf(reader), endOf(partOf(reader), length)),
    encode: (message, writer) =>
      message instanceof NativeValue && writer
        ? writeNativeValue(message.get(), writer)
        : encode(message, writer),
    toObject: (message) => message,
    fromObject: (message) => message,
  }));
  replace('Document', ({ encode, fromObject }) => ({
    encode: (message, writer) =>
      message instanceof NativeDocument
        ? writeNativeDocument(message.document, writer ?? protobuf.Writer.create())
        : encode(message, writer),
    fromObject: (object, depth) => (object instanceof NativeDocument ? object : fromObject(object, depth)),
  }));
  replace('Write', ({ decode, toObject }) => ({
    decode: (reader, length, end, depth) =>
      readPlainSet(partOf(reader), endOf(partOf(reader), length)) ?? decode(reader, length, end, depth),
    toObject: (message, options) => (message instanceof NativeWrite ? message : toObject(message, options)),
  }));
  return protos;
}

function bound(type: protobuf.Type): Codec {
  return {
    encode: type.encode.bind(type),
    decode: type.decode.bind(type),
    toObject: type.toObject.bind(type),
    fromObject: type.fromObject.bind(type),
  };
}

/** Messages that are read natively are parts of others. */
function partOf(reader: Reader | Uint8Array): Reader {
  if (!('pos' in reader)) throw new TypeError('it is read as a part of a message');
  return reader;
}

function endOf(reader: Reader, length: number | undefined): number {
  return length === undefined ? reader.len : reader.pos + length;
}
