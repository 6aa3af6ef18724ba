import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { type Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { EmulatorOptions } from './emulator.ts';

/** How HTTP/2 begins, and no request of HTTP/1 does: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const HTTP2_PREFACE = 'PRI';

export interface SharedPort {
  readonly port: number;
  /** Resets every connection that is open; new ones are taken. */
  disconnect(): void;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/**
 * Serves gRPC and HTTP/1.1 on one port, as Google's emulators do: one variable points every client at both. A connection
 * is told apart by its first bytes. Rejects where the port is taken.
 */
export async function listenShared(
  grpc: GrpcServer,
  app: Hono,
  { host = '127.0.0.1', port = 0 }: EmulatorOptions = {},
): Promise<SharedPort> {
  const http: HttpServer = createServer(getRequestListener(app.fetch));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const net = createNetServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      if (first.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE)
        injector.injectConnection(socket);
      else http.emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    net.once('error', reject);
    net.listen(port, host, () => {
      net.off('error', reject);
      resolve();
    });
  });
  return {
    port: (net.address() as AddressInfo).port,
    disconnect: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        net.close(() => resolve());
        injector.destroy();
        grpc.forceShutdown();
        http.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
