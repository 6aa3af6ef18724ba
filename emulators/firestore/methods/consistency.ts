import type { Access, Backend, ReadOptions } from '../backend.ts';
import type { Message } from '../wire/form.ts';
import { bytesOf, isMessage, messageOf, timestampOf } from '../wire/plain.ts';

/** A transaction's id from its bytes; undefined where there are none. */
export function readTransaction(wire: unknown): string | undefined {
  if (wire === undefined || wire === null) return undefined;
  const bytes = bytesOf(wire, 'transaction');
  return bytes.length === 0 ? undefined : Buffer.from(bytes).toString('base64');
}

/** The bytes of a transaction's id. */
export function transactionBytes(id: string): Uint8Array {
  return Buffer.from(id, 'base64');
}

/** Begins a transaction as google.firestore.v1.TransactionOptions has it; without any, one that may write. */
export function beginTransaction(backend: Backend, database: string, wire: unknown): string {
  const { readOnly } = isMessage(wire) ? wire : { readOnly: undefined };
  if (readOnly === undefined) return backend.begin(database, { readOnly: false });
  const { readTime } = messageOf(readOnly, 'read_only');
  return backend.begin(database, {
    readOnly: true,
    readTime: readTime === undefined ? undefined : timestampOf(readTime, 'read_time'),
  });
}

/** As of when a request reads, and the transaction it began, to be told to the client. */
export function readConsistency(
  backend: Backend,
  database: string,
  request: Message,
  access: Access | undefined,
): { readonly options: ReadOptions; readonly began: string | undefined } {
  const began =
    request.newTransaction === undefined
      ? undefined
      : beginTransaction(backend, database, request.newTransaction);
  return {
    options: {
      transaction: began ?? readTransaction(request.transaction),
      readTime: request.readTime === undefined ? undefined : timestampOf(request.readTime, 'read_time'),
      access,
    },
    began,
  };
}
