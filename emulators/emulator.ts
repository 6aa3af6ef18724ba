import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

/** An emulator that is up: where clients find it, and how to end it. */
export interface RunningEmulator {
  readonly name: string;
  /** `http://127.0.0.1:PORT`; serves `GET /health`, and `POST /reset`, which empties it. */
  readonly url: string;
  /** The environment by which official clients, and this project's functions, are pointed at it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Where state lives between runs; without it, in memory or a temporary folder that `close` removes. */
  readonly dataDir?: string;
}

/** An HTTP server on an address, with a `close` that does not wait for idle connections. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * How long a connection is kept between requests, in milliseconds: as long as Google's front ends keep one. After Node.js's own five
 * seconds a client's next request may meet the connection's end, and clients do not repeat every request.
 */
export const KEEP_ALIVE_MS = 600_000;

/** Serves a hono app. Rejects where the port is taken. */
export async function listen(
  app: Hono,
  { host = '127.0.0.1', port = 0 }: EmulatorOptions = {},
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
