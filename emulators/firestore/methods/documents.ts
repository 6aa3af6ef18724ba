import { FirestoreError } from '../firestore-error.ts';
import { databaseOf, parseDocumentName, parseResource } from '../paths.ts';
import { projected } from '../projection.ts';
import { messageOf, textOf } from '../wire/plain.ts';
import { readFields, writeDocument } from '../wire/values.ts';
import { readMask, readPrecondition } from '../wire/writes.ts';
import type { Write } from '../writes.ts';
import { readConsistency } from './consistency.ts';
import type { MethodContext, Unary } from './methods.ts';

/** Methods on one document by its name; clients other than the SDKs use them. */
export function documentMethods({ backend, form, newId }: MethodContext): Readonly<Record<string, Unary>> {
  /** The one document a write made, as the answer. */
  async function written(
    write: Write & { kind: 'set' },
    request: { mask?: unknown },
    access: Parameters<Unary>[1],
  ) {
    const database = databaseOf(write.name);
    await backend.commit(database, [write], { access });
    const { documents } = await backend.get([write.name]);
    const document = documents[0];
    if (!document) throw new FirestoreError('ABORTED', `The document "${write.name}" is deleted meanwhile.`);
    return writeDocument(projected(document, readMask(request.mask)), form);
  }

  return {
    async GetDocument(request, access) {
      const name = textOf(request.name, 'name');
      parseDocumentName(name);
      const { options } = readConsistency(backend, databaseOf(name), request, access);
      const { documents } = await backend.get([name], options);
      const document = documents[0];
      if (!document) throw new FirestoreError('NOT_FOUND', `Document "${name}" not found.`);
      return writeDocument(projected(document, readMask(request.mask)), form);
    },

    async CreateDocument(request, access) {
      const parent = textOf(request.parent, 'parent');
      parseResource(parent);
      const id = textOf(request.documentId, 'document_id') || newId();
      const { fields } = messageOf(request.document ?? {}, 'document');
      const write: Write = {
        kind: 'set',
        name: `${parent}/${textOf(request.collectionId, 'collection_id')}/${id}`,
        fields: readFields(fields),
        transforms: [],
        precondition: { kind: 'exists', exists: false },
      };
      return written(write, request, access);
    },

    async UpdateDocument(request, access) {
      const { name, fields } = messageOf(request.document, 'document');
      const write: Write = {
        kind: 'set',
        name: textOf(name, 'document.name'),
        fields: readFields(fields),
        mask: readMask(request.updateMask),
        transforms: [],
        precondition: readPrecondition(request.currentDocument),
      };
      return written(write, request, access);
    },

    async DeleteDocument(request, access) {
      const name = textOf(request.name, 'name');
      const precondition = readPrecondition(request.currentDocument);
      await backend.commit(databaseOf(name), [{ kind: 'delete', name, precondition }], { access });
      return {};
    },
  };
}
