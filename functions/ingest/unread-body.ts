import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * Makes functions-framework leave bodies unread. By itself it inflates and parses each body, of up to 1 GB, before the
 * function runs: a small gzip bomb ends the instance, and what is no JSON gets an answer that no tracker understands.
 * Its body parsers skip a request that declares no body, so the two headers that declare one are taken away
 * (docs/decisions/0050).
 */
export function leaveBodiesUnread(): void {
  subscribe('http.server.request.start', (message) => {
    const { headers } = (message as { readonly request: IncomingMessage }).request;
    delete headers['content-length'];
    delete headers['transfer-encoding'];
  });
}

/** The `Content-Length` as received; undefined for a body sent in chunks, or none. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-length') return Number(rawHeaders[index + 1]);
  }
  return undefined;
}
