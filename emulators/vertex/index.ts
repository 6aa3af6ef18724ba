import { join } from 'node:path';
import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { startGrpc } from './grpc/server.ts';
import { makeRegistry } from './registry.ts';
import { makeRest } from './rest.ts';
import { makeVertexBackend } from './vertex-backend.ts';

export interface VertexEmulatorOptions extends EmulatorOptions {
  readonly grpcPort?: number;
  /** Further variables for model servers, such as where the storage emulator is. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program run as a deployed model; default `model/server.ts`. */
  readonly server?: string;
}

/**
 * Vertex AI on this machine: models, endpoints and predictions over gRPC and REST. A deployed model is a process that
 * keeps the custom container's contract. With `dataDir`, what is deployed is deployed again at the next start; a model
 * that this release cannot serve is undeployed, and standard error says so.
 */
export async function startVertexEmulator(options: VertexEmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1', dataDir, env = {}, server } = options;
  const registry = makeRegistry(dataDir === undefined ? undefined : join(dataDir, 'vertex.json'));
  const backend = makeVertexBackend({ registry, env, ...(server === undefined ? {} : { server }) });
  const grpc = await startGrpc(backend, { host, port: options.grpcPort ?? 0 });
  const rest = await listen(makeRest(backend), options);
  for (const line of await backend.resume()) process.stderr.write(`${line}\n`);
  const url = `http://${host}:${rest.port}`;
  return {
    name: 'vertex',
    url,
    env: { VERTEX_EMULATOR_HOST: `${host}:${grpc.port}`, VERTEX_EMULATOR_REST_HOST: url },
    close: async () => {
      grpc.close();
      await rest.close();
      await backend.close();
    },
  };
}
