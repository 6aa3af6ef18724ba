/** gRPC's number and the HTTP status of each status Firestore answers with: https://cloud.google.com/apis/design/errors */
export const STATUSES = {
  CANCELLED: { code: 1, http: 499 },
  UNKNOWN: { code: 2, http: 500 },
  INVALID_ARGUMENT: { code: 3, http: 400 },
  DEADLINE_EXCEEDED: { code: 4, http: 504 },
  NOT_FOUND: { code: 5, http: 404 },
  ALREADY_EXISTS: { code: 6, http: 409 },
  PERMISSION_DENIED: { code: 7, http: 403 },
  RESOURCE_EXHAUSTED: { code: 8, http: 429 },
  FAILED_PRECONDITION: { code: 9, http: 400 },
  ABORTED: { code: 10, http: 409 },
  OUT_OF_RANGE: { code: 11, http: 400 },
  UNIMPLEMENTED: { code: 12, http: 501 },
  INTERNAL: { code: 13, http: 500 },
  UNAVAILABLE: { code: 14, http: 503 },
  DATA_LOSS: { code: 15, http: 500 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const;
export type Status = keyof typeof STATUSES;

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
