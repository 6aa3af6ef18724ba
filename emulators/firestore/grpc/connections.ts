import type { Socket } from 'node:net';

/** Connections by the peer that gRPC calls name, and what is left to do when they close. */
export interface Connections {
  add(socket: Socket): void;
  /** Resets a connection, as a network does. */
  reset(peer: string): void;
  /** Runs something once a connection is closed for a second, unless it is forgotten. */
  whenGone(peer: string, key: string, act: () => void): void;
  forget(key: string): void;
}

/** A client that lives may close a connection of several, and go on with its transactions over another. */
const GRACE_MS = 1_000;

export function makeConnections(): Connections {
  const sockets = new Map<string, Socket>();
  const leftovers = new Map<string, { readonly peer: string; readonly act: () => void }>();

  function closed(peer: string): void {
    for (const [key, leftover] of leftovers) {
      if (leftover.peer === peer && leftovers.delete(key)) leftover.act();
    }
  }

  return {
    add(socket) {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      sockets.set(peer, socket);
      socket.once('close', () => {
        sockets.delete(peer);
        setTimeout(closed, GRACE_MS, peer).unref();
      });
    },
    reset: (peer) => void sockets.get(peer)?.resetAndDestroy(),
    whenGone: (peer, key, act) => void leftovers.set(key, { peer, act }),
    forget: (key) => void leftovers.delete(key),
  };
}
