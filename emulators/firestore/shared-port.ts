import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How HTTP/2 begins, whatever is asked: https://www.rfc-editor.org/rfc/rfc9113#preface */
const HTTP2_BEGINS = 'PRI * HTTP/2';

export interface SharedPortOptions {
  readonly host: string;
  readonly port: number;
  /** Takes connections that speak HTTP/1.1. */
  readonly http: Server;
  /** Takes connections that speak HTTP/2. */
  readonly http2: (socket: Socket) => void;
}

/** One port for HTTP/1.1 and for HTTP/2 without TLS, told apart by a connection's first bytes. */
export async function listenShared({ host, port, http, http2 }: SharedPortOptions): Promise<{
  readonly port: number;
  close(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const judge = (): void => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) return void socket.once('readable', judge);
      socket.unshift(first);
      if (first.subarray(0, HTTP2_BEGINS.length).toString('latin1').startsWith('PRI')) http2(socket);
      else http.emit('connection', socket);
    };
    socket.once('readable', judge);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
