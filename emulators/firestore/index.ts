import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { EmulatorOptions, RunningEmulator } from '../emulator.ts';
import { everyoneIsOwner } from './authorize.ts';
import { makeControl } from './control.ts';
import { makeFaults } from './faults.ts';
import { makeGrpc } from './grpc/server.ts';
import { makeMemoryBackend } from './memory/memory-backend.ts';
import { listenShared } from './shared-port.ts';

/** Firestore on this machine: gRPC and HTTP on one port. With `dataDir`, documents are kept between runs. */
export async function startFirestoreEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  const backend = makeMemoryBackend();
  const faults = makeFaults();
  const grpc = makeGrpc({ backend, authorize: everyoneIsOwner, faults });
  const http = createAdaptorServer({ fetch: makeControl(backend, faults).fetch }) as Server;
  const listening = await listenShared({ host, port, http, http2: grpc.connect });
  const address = `${host}:${listening.port}`;
  return {
    name: 'firestore',
    url: `http://${address}`,
    env: { FIRESTORE_EMULATOR_HOST: address },
    close: async () => {
      grpc.close();
      await listening.close();
      await backend.close();
    },
  };
}
