import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../../faults/faults.ts';
import type { Authorize } from '../authorize.ts';
import { databaseOfRequest } from '../methods/database.ts';
import type { Methods } from '../methods/methods.ts';
import { answerJson, readBody } from './http.ts';
import { readRestRequest } from './rest-requests.ts';

export interface RestOptions {
  /** In JSON form. */
  readonly methods: Methods;
  readonly authorize: Authorize;
  readonly faults: Faults;
}

/** Other paths, such as those of the Admin API, are others' to answer, body and all. */
const DOCUMENTS = /^\/v1\/projects\/[^/]+\/databases\/[^/]+\/documents(?:[/:]|$)/;

/**
 * Firestore over REST.
 * @returns a handler that answers false, having answered nothing, where the path is not of this API
 * @throws FirestoreError what the method throws
 */
export function makeRest({ methods, authorize, faults }: RestOptions) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> => {
    if (!DOCUMENTS.test(url.pathname)) return false;
    const asked = readRestRequest({ method: request.method ?? 'GET', url, body: await readBody(request) });
    if (!asked) return false;
    const { method, message } = asked;
    const reset = await faults.strike(method);
    const access = await authorize(request.headers.authorization, databaseOfRequest(message));
    const work = methods.unary[method] ?? methods.streaming[method];
    const answer = await work?.(message, access);
    if (reset) request.socket.resetAndDestroy();
    else answerJson(response, 200, answer);
    return true;
  };
}
