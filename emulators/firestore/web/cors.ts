import type { IncomingMessage, ServerResponse } from 'node:http';

/** Headers by which any page may call, with credentials: a browser takes no `*` for those, so that its origin is echoed. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', 'x-client-wire-protocol, x-http-session-id');
  response.setHeader('vary', 'Origin');
}

/** Answers a browser that asks whether it may send a request. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  });
  response.end();
}
