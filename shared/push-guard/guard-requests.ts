import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { TokenJudge } from './token-judge.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Puts a judge before the listeners of every server of this process, with its first request: functions-framework has no hook before a
 * function (see docs/decisions/0050 for the channel). Who may not come in is answered 403, and 503 while that cannot be judged.
 */
export function guardRequests(judge: TokenJudge, log: Logger): void {
  const guarded = new WeakSet<Server>();
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { readonly server: Server };
    if (guarded.has(server)) return;
    guarded.add(server);
    const listeners = server.listeners('request') as Listener[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      judge(request.headers.authorization).then(
        (refusal) => {
          if (refusal === undefined) {
            for (const listener of listeners) listener.call(server, request, response);
            return;
          }
          log.warn(`a request was refused: ${refusal}`);
          response.writeHead(403, { 'content-type': 'text/plain' }).end('forbidden\n');
        },
        (error: unknown) => {
          log.error(messageOf(error), { error });
          response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '5' }).end('try again\n');
        },
      );
    });
  });
}
