import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  type status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A publish call as the fake saw it. */
export interface PublishRequest {
  readonly topic: string;
  readonly messages: readonly { readonly data: Buffer; readonly attributes: Record<string, string> }[];
}
interface PublishResponse {
  readonly messageIds: readonly string[];
}
/** How the fake answers a call. */
export type Answer = (request: PublishRequest, callback: sendUnaryData<PublishResponse>) => void;

const open: Server[] = [];

/** Ends every fake that still runs; call it after each test. */
export function closeFakePubSubs(): void {
  for (const server of open.splice(0)) server.forceShutdown();
}

/** Acknowledges every message. */
export const accept: Answer = (request, callback) =>
  callback(null, { messageIds: request.messages.map((_message, index) => String(index)) });
/** Fails the call with a gRPC status. */
export const refuse =
  (code: status): Answer =>
  (_request, callback) =>
    callback({ code, details: 'refused for the test' });
/** Never answers. */
export const hang: Answer = () => undefined;

/** A Pub/Sub that answers the n-th publish by the n-th answer, and all later ones by the last. */
export async function fakePubSub(answers: readonly Answer[], port = 0) {
  const requests: PublishRequest[] = [];
  const server = new Server();
  server.addService(publisherService(), {
    publish: (
      call: ServerUnaryCall<PublishRequest, PublishResponse>,
      callback: sendUnaryData<PublishResponse>,
    ) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? hang;
      requests.push(call.request);
      answer(call.request, callback);
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  open.push(server);
  return { requests, server, port: bound, emulatorHost: `127.0.0.1:${bound}` };
}

function publisherService() {
  const require = createRequire(import.meta.url);
  const protos = (name: string): string => {
    const path = require.resolve(name);
    return join(path.slice(0, path.lastIndexOf('/build/') + '/build/'.length), 'protos');
  };
  const definition = loadSync('google/pubsub/v1/pubsub.proto', {
    includeDirs: [protos('@google-cloud/pubsub'), join(dirname(require.resolve('google-gax')), '../protos')],
  });
  const root = loadPackageDefinition(definition) as unknown as {
    google: { pubsub: { v1: { Publisher: { service: Parameters<Server['addService']>[0] } } } };
  };
  return root.google.pubsub.v1.Publisher.service;
}

/** The events of a call's messages, in order. */
export function eventsOf(request: PublishRequest | undefined): unknown[] {
  return (request?.messages ?? []).flatMap(
    (message) => (JSON.parse(message.data.toString()) as { events: unknown[] }).events,
  );
}
