import { FirestoreError } from '../firestore-error.ts';
import { textOf } from '../wire/plain.ts';
import { readWrites, writeCommitResult, writeWriteResult } from '../wire/writes.ts';
import { beginTransaction, readTransaction, transactionBytes } from './consistency.ts';
import type { MethodContext, Unary } from './methods.ts';

/** Commits, batches, and the ends of transactions. */
export function writeMethods({ backend, form }: MethodContext): Readonly<Record<string, Unary>> {
  return {
    async Commit(request, access) {
      const result = await backend.commit(textOf(request.database, 'database'), readWrites(request.writes), {
        transaction: readTransaction(request.transaction),
        access,
      });
      return writeCommitResult(result, form);
    },

    async BatchWrite(request, access) {
      const database = textOf(request.database, 'database');
      const results = await backend.batchWrite(database, readWrites(request.writes), { access });
      return {
        writeResults: results.map((result) =>
          result instanceof FirestoreError ? {} : writeWriteResult(result, form),
        ),
        status: results.map((result) =>
          result instanceof FirestoreError ? { code: result.code, message: result.message } : {},
        ),
      };
    },

    async BeginTransaction(request) {
      const id = beginTransaction(backend, textOf(request.database, 'database'), request.options);
      return { transaction: form.bytes(transactionBytes(id)) };
    },

    async Rollback(request) {
      const transaction = readTransaction(request.transaction);
      if (transaction !== undefined) backend.rollback(transaction);
      return {};
    },
  };
}
