import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { z } from 'zod';

/** What goes wrong with connections: the words of emulators' faults, as far as bytes can tell. */
export const ConnectionFault = z.strictObject({
  /** Milliseconds that bytes take longer, each way. */
  latency_ms: z.int().min(0).max(600_000).optional(),
  /** Answers do not come, until healed. */
  hang: z.boolean().optional(),
  /** New connections are reset at once. */
  refuse: z.boolean().optional(),
  /** Every connection that is open is reset, once. */
  reset: z.boolean().optional(),
});
export type ConnectionFault = z.infer<typeof ConnectionFault>;

/** A proxy in front of a server that has no faults of its own to set, as Google's emulators. */
export interface FaultProxy {
  readonly port: number;
  /** Replaces what goes wrong; `{}` heals, and lets answers go that hung. */
  set(fault: ConnectionFault): void;
  readonly fault: ConnectionFault;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** The server's address. */
  readonly to: { readonly host: string; readonly port: number };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default any free port. */
  readonly port?: number;
}

/** Listens, and passes bytes on both ways, as faults let it. Rejects where the port is taken. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { to, host = '127.0.0.1', port = 0 } = options;
  const open = new Set<Socket>();
  let fault: ConnectionFault = {};
  let healed = Promise.withResolvers<void>();

  const pass = (from: Socket, onto: Socket, isAnswer: boolean): void => {
    let turn = Promise.resolve();
    const delayed = async (): Promise<void> => {
      const { latency_ms = 0, hang = false } = fault;
      if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
      if (hang && isAnswer) await healed.promise;
    };
    /** Until the receiver has taken what it was sent, or is gone. */
    const drained = async (): Promise<void> => {
      const heard = new AbortController();
      const { signal } = heard;
      await Promise.race([once(onto, 'drain', { signal }), once(onto, 'close', { signal })]).catch(
        () => undefined,
      );
      heard.abort();
    };
    // One chunk at a time, so that what waits here is bounded, and the sender feels it.
    from.on('data', (chunk) => {
      from.pause();
      turn = turn.then(delayed).then(async () => {
        if (!onto.write(chunk) && !onto.destroyed) await drained();
        from.resume();
      });
    });
    from.on('end', () => {
      turn = turn.then(() => void onto.end());
    });
    from.on('error', () => onto.destroy());
    from.on('close', () => open.delete(from));
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (fault.refuse) {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ ...to, allowHalfOpen: true, noDelay: true });
    open.add(client).add(target);
    pass(client, target, false);
    pass(target, client, true);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const resetAll = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      fault = next;
      healed.resolve();
      healed = Promise.withResolvers<void>();
      if (next.reset || next.refuse) resetAll();
    },
    get fault() {
      return fault;
    },
    close: () =>
      new Promise((resolve) => {
        healed.resolve();
        server.close(() => resolve());
        resetAll();
      }),
  };
}
