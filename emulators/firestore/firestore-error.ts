import { STATUS_CODES, type StatusName } from '../status-codes.ts';

/** The statuses that Firestore answers with. */
export const STATUSES = STATUS_CODES;
export type Status = StatusName;

/** Messages travel in headers, which have room for some kilobytes, and may quote what the client sent. */
const MAX_MESSAGE = 1000;

/** An error in Firestore's terms, on every face. */
export class FirestoreError extends Error {
  override readonly name = 'FirestoreError';
  readonly status: Status;

  constructor(status: Status, message: string) {
    super(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);
    this.status = status;
  }

  /** gRPC's number of the status. */
  get code(): number {
    return STATUSES[this.status].code;
  }
}

/** Anything thrown, as a Firestore error: what is none is a defect of the emulator, INTERNAL. */
export function asFirestoreError(error: unknown): FirestoreError {
  if (error instanceof FirestoreError) return error;
  return new FirestoreError(
    'INTERNAL',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
}
