import type { IncomingMessage, ServerResponse } from 'node:http';
import { asFirestoreError, FirestoreError, STATUSES } from '../firestore-error.ts';

/** A commit's request has 10 MiB at most; in JSON and form encoding it grows. */
const MOST_BYTES = 48 * 1024 * 1024;

/** A request's body as text. @throws FirestoreError INVALID_ARGUMENT where it is too large */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new FirestoreError('INVALID_ARGUMENT', `The request exceeds ${MOST_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
