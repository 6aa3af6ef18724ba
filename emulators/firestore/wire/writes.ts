import { parseFieldPath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { FieldPath } from '../query.ts';
import type { CommitResult, FieldTransform, Precondition, Write, WriteResult } from '../writes.ts';
import type { Form, Message } from './form.ts';
import { NativeWrite } from './native-write.ts';
import { listOf, messageOf, textOf, timestampOf } from './plain.ts';
import { readFields, readValue, readValues, writeValue } from './values.ts';

/** The `writes` of a request, in either form. @throws FirestoreError INVALID_ARGUMENT */
export function readWrites(message: unknown): readonly Write[] {
  return listOf(message, 'writes').map(readWrite);
}

/** A google.firestore.v1.Write. @throws FirestoreError INVALID_ARGUMENT */
export function readWrite(message: unknown): Write {
  if (message instanceof NativeWrite) return message.write;
  const wire = messageOf(message, 'write');
  const precondition = readPrecondition(wire.currentDocument);
  if ('delete' in wire) return { kind: 'delete', name: textOf(wire.delete, 'delete'), precondition };
  if ('verify' in wire) return { kind: 'verify', name: textOf(wire.verify, 'verify'), precondition };
  if ('transform' in wire) {
    const { document, fieldTransforms } = messageOf(wire.transform, 'transform');
    return {
      kind: 'set',
      name: textOf(document, 'transform.document'),
      fields: new Map(),
      mask: [],
      transforms: listOf(fieldTransforms, 'field_transforms').map(readTransform),
      precondition,
    };
  }
  const update = messageOf(wire.update, 'update');
  return {
    kind: 'set',
    name: textOf(update.name, 'update.name'),
    fields: readFields(update.fields),
    mask: readMask(wire.updateMask),
    transforms: listOf(wire.updateTransforms, 'update_transforms').map(readTransform),
    precondition,
  };
}

/** A google.firestore.v1.DocumentMask; undefined where absent, which means the whole document. */
export function readMask(message: unknown): readonly FieldPath[] | undefined {
  if (message === undefined || message === null) return undefined;
  const { fieldPaths } = messageOf(message, 'mask');
  return listOf(fieldPaths, 'field_paths').map((path) => parseFieldPath(textOf(path, 'field_paths')));
}

/** A google.firestore.v1.Precondition; undefined where there is none. */
export function readPrecondition(message: unknown): Precondition | undefined {
  if (message === undefined || message === null) return undefined;
  const wire = messageOf(message, 'current_document');
  if (typeof wire.exists === 'boolean') return { kind: 'exists', exists: wire.exists };
  if (wire.updateTime !== undefined) {
    return { kind: 'updateTime', updateTime: timestampOf(wire.updateTime, 'update_time') };
  }
  return undefined;
}

function readTransform(message: unknown): FieldTransform {
  const wire = messageOf(message, 'field_transform');
  const field = parseFieldPath(textOf(wire.fieldPath, 'field_path'));
  if (wire.setToServerValue === 'REQUEST_TIME' || wire.setToServerValue === 1) {
    return { kind: 'serverTime', field };
  }
  for (const kind of ['increment', 'maximum', 'minimum'] as const) {
    if (kind in wire) return { kind, field, operand: readValue(wire[kind]) };
  }
  if ('appendMissingElements' in wire) {
    return { kind: 'arrayUnion', field, elements: readValues(wire.appendMissingElements) };
  }
  if ('removeAllFromArray' in wire) {
    return { kind: 'arrayRemove', field, elements: readValues(wire.removeAllFromArray) };
  }
  throw new FirestoreError('INVALID_ARGUMENT', `The transform of "${wire.fieldPath}" has no known type.`);
}

/** A google.firestore.v1.WriteResult. */
export function writeWriteResult(result: WriteResult, form: Form): Message {
  return {
    ...(result.updateTime === undefined ? {} : { updateTime: form.timestamp(result.updateTime) }),
    ...(result.transformResults.length === 0
      ? {}
      : { transformResults: result.transformResults.map((value) => writeValue(value, form)) }),
  };
}

/** A google.firestore.v1.CommitResponse. */
export function writeCommitResult(result: CommitResult, form: Form): Message {
  return {
    writeResults: result.writeResults.map((each) => writeWriteResult(each, form)),
    commitTime: form.timestamp(result.commitTime),
  };
}
