import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PushRequest } from './push-request.ts';

/** What came of a post: the status it was answered with, or why there was no answer. */
export type PostOutcome =
  | { readonly status: number }
  | { readonly failed: 'unreachable' | 'timeout'; readonly reason: string };

export type Post = (request: PushRequest, timeoutMs: number) => Promise<PostOutcome>;

/** Posts over connections that stay open. */
export interface Poster {
  /** What posts to an address. */
  to(url: URL): Post;
  close(): void;
}

const IDLE_SOCKETS = 1000;

export function makePoster(): Poster {
  const settings = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS, scheduling: 'lifo' } as const;
  const http = new HttpAgent(settings);
  const https = new HttpsAgent(settings);
  return {
    to: (url) =>
      url.protocol === 'https:' ? makePost(url, httpsRequest, https) : makePost(url, httpRequest, http),
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

function makePost(url: URL, begin: typeof httpRequest, agent: HttpAgent): Post {
  const options = {
    agent,
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    path: url.pathname + url.search,
  };
  const fixed = ['host', url.host];

  const post = (request: PushRequest, timeoutMs: number, again: boolean): Promise<PostOutcome> =>
    new Promise((resolve) => {
      // A flat list goes out as it is, which is half the work of an object.
      const headers = [...fixed, 'content-length', String(Buffer.byteLength(request.body))];
      for (const name in request.headers) headers.push(name, request.headers[name] ?? '');
      const sent: ClientRequest = begin({ ...options, headers });
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
          resolve(post(request, timeoutMs, true));
          return;
        }
        resolve({ failed: late ? 'timeout' : 'unreachable', reason: error.message });
      });
      sent.end(request.body);
    });
  return (request, timeoutMs) => post(request, timeoutMs, false);
}
