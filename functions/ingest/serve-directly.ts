import { subscribe } from 'node:diagnostics_channel';
import type { RequestListener, Server } from 'node:http';

/**
 * Puts `listener` in the place of functions-framework's own on the server that the framework opens, with the first
 * request. By itself it inflates and parses each body, of up to 1 GB, before the function runs, in a `domain` whose
 * hooks make every promise dear (docs/decisions/0050).
 */
export function serveDirectly(listener: RequestListener): void {
  const taken = new WeakSet<Server>();
  // Published before the server emits `request`, so that the first one comes here too.
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { readonly server: Server };
    if (taken.has(server)) return;
    taken.add(server);
    server.removeAllListeners('request');
    server.on('request', listener);
  });
}
