import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { makeMethods } from '../methods/methods.ts';
import { JSON_FORM } from '../wire/form.ts';
import { makeChannels } from './channel/channels.ts';
import type { StreamOptions } from './channel/streams.ts';
import { allowOrigin, answerPreflight } from './cors.ts';
import { answerError } from './http.ts';
import { makeRest } from './rest.ts';

/** Firestore as browsers speak it: WebChannel for streams, REST for the rest. */
export interface WebFaces {
  /**
   * Answers a request, or hands it on: every answer, whoever gives it, may be read by any page.
   * @param next answers what is neither a stream nor a method
   */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  close(): void;
}

export function makeWebFaces(options: StreamOptions): WebFaces {
  const methods = makeMethods({
    backend: options.backend,
    form: JSON_FORM,
    newId: () => randomBytes(10).toString('hex'),
  });
  const rest = makeRest({ ...options, methods });
  const channels = makeChannels(options);

  async function answer(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (await channels.handle(request, response, url)) return;
    if (await rest(request, response, url)) return;
    next();
  }

  return {
    handle(request, response, next) {
      allowOrigin(request, response);
      if (request.method === 'OPTIONS') answerPreflight(request, response);
      else answer(request, response, next).catch((error: unknown) => answerError(response, error));
    },
    close: channels.close,
  };
}
