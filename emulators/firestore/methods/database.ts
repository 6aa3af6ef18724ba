import { FirestoreError } from '../firestore-error.ts';
import { databaseOf } from '../paths.ts';
import type { Message } from '../wire/form.ts';
import { isMessage } from '../wire/plain.ts';

/** The database `projects/P/databases/D` that a request is about. @throws FirestoreError INVALID_ARGUMENT */
export function databaseOfRequest(request: Message): string {
  const document = isMessage(request.document) ? request.document.name : undefined;
  for (const name of [request.database, request.parent, request.name, document]) {
    if (typeof name === 'string' && name.startsWith('projects/')) return databaseOf(name);
  }
  throw new FirestoreError('INVALID_ARGUMENT', 'The request names no database: projects/P/databases/D.');
}
