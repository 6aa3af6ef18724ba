import { loadProtos, type Protos } from '../../protos.ts';
import { NativeValue } from '../wire/native-value.ts';
import { readNativeValue } from './value-reader.ts';
import { writeNativeValue } from './value-writer.ts';

/** Firestore's protos, whose values are read and written as {@link NativeValue}. */
export function loadFirestoreProtos(): Protos {
  const protos = loadProtos('@google-cloud/firestore/build/protos/v1.json');
  // Its own methods are made by setup; those of the messages around it call these.
  const type = protos.root.lookupType('google.firestore.v1.Value').setup();
  const { encode } = type;
  Object.assign(type, {
    decode: ((reader, length) => {
      if (!('pos' in reader)) throw new TypeError('a value is read as a part of a message');
      return readNativeValue(reader, length === undefined ? reader.len : reader.pos + length);
    }) as (...of: Parameters<typeof type.decode>) => unknown,
    encode: ((message, writer) =>
      message instanceof NativeValue && writer
        ? writeNativeValue(message.get(), writer)
        : encode.call(type, message, writer)) satisfies typeof type.encode,
    toObject: (message: unknown) => message,
    fromObject: (message: unknown) => message,
  });
  return protos;
}
