import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** A page with one script, on an origin of its own. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Bundles a module for browsers and serves a page that runs it.
 * @param entry path of the module
 * @param others further modules, by the path that they are served at
 */
export async function servePage(
  entry: string,
  others: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const entries = Object.entries({ '/page.js': entry, ...others });
  const scripts = new Map(
    await Promise.all(entries.map(async ([path, module]) => [path, await bundled(module)] as const)),
  );
  const server = createServer((request, response) => {
    const script = scripts.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (script) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
      response.end(script);
    } else {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>test</title><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundled(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
