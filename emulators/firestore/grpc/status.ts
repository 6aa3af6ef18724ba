import { asFirestoreError } from '../firestore-error.ts';

/** An error as grpc-js takes it. */
export function statusOf(error: unknown): { readonly code: number; readonly details: string } {
  const { code, message } = asFirestoreError(error);
  return { code, details: message };
}
