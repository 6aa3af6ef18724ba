import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../shared/log.ts';
import { makeDeadlines } from './deadlines.ts';
import type { CollectorResponse } from './http.ts';
import type { Ingest } from './ingest.ts';
import { declaredBytes, readBody } from './read-body.ts';

/** The collector behind node:http's requests, without a framework between. */
export interface HttpHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Resolves when every request has its answer. */
  idle(): Promise<void>;
}

export interface HttpHandlerOptions {
  readonly ingest: Ingest;
  readonly log: Logger;
  readonly bodyTimeoutMs: number;
}

export function makeHttpHandler({ ingest, log, bodyTimeoutMs }: HttpHandlerOptions): HttpHandler {
  const deadlines = makeDeadlines(bodyTimeoutMs);
  let active = 0;
  let waiting: (() => void)[] = [];
  return {
    async handle(request, response) {
      active += 1;
      try {
        const { path, query } = targetOf(request.url ?? '/');
        const answer = await ingest({
          method: request.method ?? 'GET',
          path,
          query,
          headers: request.headers,
          remoteAddress: request.socket.remoteAddress,
          declaredBytes: declaredBytes(request),
          readBody: (maxBytes, grow) => readBody(request, { maxBytes, grow, deadlines }),
        });
        await send(request, response, answer);
      } catch (error) {
        log.error('a request could not be answered', { error });
        response.destroy();
      } finally {
        active -= 1;
        if (active === 0) {
          for (const resolve of waiting) resolve();
          waiting = [];
        }
      }
    },
    idle: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** The path without slashes at its end, and the query: all after the first `?`, since values may have one too. */
function targetOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  let end = at < 0 ? url.length : at;
  while (end > 1 && url[end - 1] === '/') end -= 1;
  return { path: url.slice(0, end), query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)) };
}

/** Resolves when the answer has left, or the client has. */
function send(request: IncomingMessage, response: ServerResponse, answer: CollectorResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.once('finish', resolve);
    const { stream } = answer;
    if (stream) response.once('close', () => stream.destroy());
    if (response.destroyed) return resolve();
    if (stream) {
      response.writeHead(answer.status, answer.headers);
      stream.pipe(response);
      return;
    }
    // A text leaves in one piece with the head; bytes do not.
    const { body } = answer;
    // A body that was not read to its end would be taken for the connection's next request.
    const rest = request.complete ? {} : { connection: 'close' };
    const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    response.writeHead(answer.status, { ...answer.headers, ...length, ...rest });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}
