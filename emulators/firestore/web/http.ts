import type { IncomingMessage, ServerResponse } from 'node:http';
import { asFirestoreError, FirestoreError, STATUSES } from '../firestore-error.ts';

/** A commit's request has 10 MiB at most; in JSON and form encoding it grows. */
const MOST_BYTES = 48 * 1024 * 1024;

/** A request's body as text. @throws FirestoreError INVALID_ARGUMENT where it is too large */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
      else reject(new FirestoreError('INVALID_ARGUMENT', `The request exceeds ${MOST_BYTES} bytes.`));
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}

/** Anything thrown, in the form that Google's APIs answer errors in over HTTP. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message } = asFirestoreError(error);
  const code = STATUSES[status].http;
  answerJson(response, code, { error: { code, message, status } });
}

/** @throws FirestoreError INVALID_ARGUMENT */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FirestoreError('INVALID_ARGUMENT', `The body is no JSON: ${(error as Error).message}`);
  }
}
