import { createServer } from 'node:http';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { getRequestListener } from '@hono/node-server';
import type { EmulatorOptions, RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { loadProtos } from '../protos.ts';
import { listenShared } from '../shared-port.ts';
import { STATUS_CODES } from '../status-codes.ts';
import { restRoutes } from '../transcoding/routes.ts';
import { makeGrpcServer } from './grpc/server.ts';
import type { Handlers } from './handlers/handler.ts';
import { makeIam, type Policies } from './handlers/iam.ts';
import { makePublisher } from './handlers/publisher.ts';
import { makePull } from './handlers/pull.ts';
import { makeSnapshotHandlers } from './handlers/snapshots.ts';
import { makeStreamingPull } from './handlers/streaming-pull.ts';
import { makeSubscriptions } from './handlers/subscriptions.ts';
import { openFileJournal } from './journal/file-journal.ts';
import { makeMemoryBackend } from './memory/memory-backend.ts';
import { PubSubError } from './pubsub-error.ts';
import { makeIdentity } from './push/identity.ts';
import { makePoster } from './push/poster.ts';
import { makePushers } from './push/pushers.ts';
import { makeRestApp } from './rest/app.ts';
import { withPoliciesByGet } from './rest/policy-routes.ts';
import { systemScheduler } from './scheduler.ts';
import { makeStrike } from './strike.ts';

const PUBLISHER = 'google.pubsub.v1.Publisher';
const SUBSCRIBER = 'google.pubsub.v1.Subscriber';
const IAM = 'google.iam.v1.IAMPolicy';
const MOST_BYTES = 512 * 1024 * 1024;

export interface PubSubEmulatorOptions extends EmulatorOptions {
  /** Bytes of messages that may be outstanding before publishing is refused; default 512 MiB. */
  readonly maxBytes?: number;
}

/**
 * Pub/Sub on this machine: gRPC and REST on one port, as `PUBSUB_EMULATOR_HOST` has it. With `dataDir`, topics,
 * subscriptions and messages that are not acknowledged outlive the process, however it ends; snapshots do not.
 */
export async function startPubSubEmulator(options: PubSubEmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1', maxBytes = MOST_BYTES } = options;
  const scheduler = systemScheduler;
  const faults = makeFaults({
    toError: (status, message) => new PubSubError(STATUS_CODES[status].code, message),
  });
  const strike = makeStrike(faults);
  const identity = makeIdentity(scheduler.now);
  const poster = makePoster();
  const pushers = makePushers({ poster, identity, scheduler });
  const kept =
    options.dataDir === undefined ? undefined : await openFileJournal(join(options.dataDir, 'pubsub.jsonl'));
  const policies: Policies = new Map();
  const backend = makeMemoryBackend({
    scheduler,
    maxBytes,
    ...(kept && { journal: kept.journal, restored: kept.restored }),
    disorder: faults.reorder,
    duplicate: faults.duplicate,
    onSubscription: pushers.subscriptionChanged,
    onSubscriptionGone: pushers.subscriptionGone,
    onGone: (name) => void policies.delete(name),
  });
  const services: Readonly<Record<string, Handlers>> = {
    [PUBLISHER]: strike(makePublisher(backend)),
    [SUBSCRIBER]: strike({
      ...makeSubscriptions(backend),
      ...makeSnapshotHandlers(backend),
      ...makePull(backend, scheduler),
    }),
    [IAM]: strike(makeIam(backend, policies)),
  };
  const protos = loadProtos('@google-cloud/pubsub/build/protos/protos.json');
  const iamProtos = loadProtos('google-gax/build/protos/iam_service.json');
  const protosOf = (service: string) => (service === IAM ? iamProtos : protos);
  const grpc = makeGrpcServer({
    definition: (service) => protosOf(service).service(service),
    services,
    streamingPull: (first, out) => makeStreamingPull(backend, first, out),
  });
  const app = makeRestApp({
    backend,
    services,
    routes: withPoliciesByGet(
      Object.keys(services).flatMap((service) => restRoutes(protosOf(service).root, service)),
    ),
    faults,
    identity,
    now: scheduler.now,
    disconnect: () => listening.disconnect(),
  });
  const http = createServer(getRequestListener(app.fetch));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listening = await listenShared(
    { http, http2: (socket) => injector.injectConnection(socket) },
    options,
  );
  const address = `${host}:${listening.port}`;
  return {
    name: 'pubsub',
    url: `http://${address}`,
    env: { PUBSUB_EMULATOR_HOST: address },
    close: async () => {
      backend.close();
      await kept?.close();
      poster.close();
      injector.destroy();
      grpc.forceShutdown();
      await listening.close();
    },
  };
}
