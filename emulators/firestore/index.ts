import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { EmulatorOptions, RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { listenShared } from '../shared-port.ts';
import { makeControl } from './control.ts';
import { FirestoreError } from './firestore-error.ts';
import { makeGrpc } from './grpc/server.ts';
import { noJournal } from './memory/journal.ts';
import { openJournal } from './memory/journal-file.ts';
import { makeMemoryBackend } from './memory/memory-backend.ts';
import { makeRulesRoutes } from './rules/rules-routes.ts';
import { makeRuleset } from './rules/ruleset.ts';
import { makeTtlPolicies } from './ttl/policies.ts';
import { openTtlPolicies } from './ttl/policy-file.ts';
import { makeTtlRoutes } from './ttl/routes.ts';
import { sweep } from './ttl/sweep.ts';
import { makeWebFaces } from './web/web-faces.ts';

/** The service takes up to a day; nobody waits for that here. */
const SWEEP_MS = 30_000;
const RULES = new URL('../../infra/firestore.rules', import.meta.url);

/** Firestore on this machine, under this project's rules: gRPC, REST and WebChannel on one port. With `dataDir`, documents are kept between runs. */
export async function startFirestoreEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1', dataDir } = options;
  const journal = dataDir === undefined ? noJournal : await openJournal(join(dataDir, 'documents.jsonl'));
  const backend = makeMemoryBackend({ journal });
  const faults = makeFaults({ toError: (status, message) => new FirestoreError(status, message) });
  const ruleset = makeRuleset(await readFile(RULES, 'utf8'), console.error);
  const { authorize } = ruleset;
  const grpc = makeGrpc({ backend, authorize, faults });
  const web = makeWebFaces({ backend, authorize, faults });
  const policies = dataDir === undefined ? makeTtlPolicies() : openTtlPolicies(join(dataDir, 'ttl.json'));
  const sweeping = setInterval(() => {
    sweep(backend, policies.all(), backend.now()).catch(console.error);
  }, SWEEP_MS).unref();
  const control = makeControl(backend, faults)
    .route('/', makeRulesRoutes(ruleset))
    .route('/', makeTtlRoutes(backend, policies));
  const listener = getRequestListener(control.fetch);
  const http = createServer((request, response) =>
    web.handle(request, response, () => void listener(request, response)),
  );
  const listening = await listenShared({ http, http2: grpc.connect }, options);
  const address = `${host}:${listening.port}`;
  return {
    name: 'firestore',
    url: `http://${address}`,
    env: { FIRESTORE_EMULATOR_HOST: address },
    close: async () => {
      clearInterval(sweeping);
      grpc.close();
      web.close();
      await listening.close();
      await backend.close();
    },
  };
}
