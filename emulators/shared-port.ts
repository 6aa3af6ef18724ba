import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type EmulatorOptions, KEEP_ALIVE_MS } from './emulator.ts';

/** How HTTP/2 begins, and no request of HTTP/1 does: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const HTTP2_PREFACE = 'PRI';

export interface SharedPort {
  readonly port: number;
  /** Resets every connection that is open; new ones are taken. */
  disconnect(): void;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** Who takes connections. */
export interface Faces {
  /** Those that speak HTTP/1.1. */
  readonly http: Server;
  /** Those that speak HTTP/2 without TLS, as gRPC does. */
  readonly http2: (socket: Socket) => void;
}

/**
 * Serves gRPC and HTTP/1.1 on one port, as Google's emulators do: one variable points every client at both. A connection
 * is told apart by its first bytes. Rejects where the port is taken.
 */
export async function listenShared(
  { http, http2 }: Faces,
  { host = '127.0.0.1', port = 0 }: EmulatorOptions = {},
): Promise<SharedPort> {
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      if (first.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) http2(socket);
      else http.emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    disconnect: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        http.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
