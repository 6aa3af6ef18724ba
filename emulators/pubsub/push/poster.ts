import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PushRequest } from './push-request.ts';

/** What came of a post: the status it was answered with, or why there was no answer. */
export type PostOutcome =
  | { readonly status: number }
  | { readonly failed: 'unreachable' | 'timeout'; readonly reason: string };

/** Posts over connections that stay open. */
export interface Poster {
  post(url: URL, request: PushRequest, timeoutMs: number): Promise<PostOutcome>;
  close(): void;
}

const IDLE_SOCKETS = 1000;

export function makePoster(): Poster {
  const settings = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS, scheduling: 'lifo' } as const;
  const http = new HttpAgent(settings);
  const https = new HttpsAgent(settings);

  const post = (url: URL, request: PushRequest, timeoutMs: number, again: boolean): Promise<PostOutcome> =>
    new Promise((resolve) => {
      const options = {
        method: 'POST',
        headers: { ...request.headers, 'content-length': String(Buffer.byteLength(request.body)) },
      };
      const sent: ClientRequest =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: https })
          : httpRequest(url, { ...options, agent: http });
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      sent.on('close', () => clearTimeout(timer));
      sent.on('response', (response) => {
        response.on('error', () => undefined);
        // At its end the connection is free for the next.
        const answered = (): void => resolve({ status: response.statusCode ?? 0 });
        response.on('end', answered);
        response.on('close', answered);
        response.resume();
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The endpoint had closed an idle connection: that is no failed delivery.
        if (!late && !again && sent.reusedSocket && error.code === 'ECONNRESET') {
          resolve(post(url, request, timeoutMs, true));
          return;
        }
        resolve({ failed: late ? 'timeout' : 'unreachable', reason: error.message });
      });
      sent.end(request.body);
    });

  return {
    post: (url, request, timeoutMs) => post(url, request, timeoutMs, false),
    close() {
      http.destroy();
      https.destroy();
    },
  };
}
