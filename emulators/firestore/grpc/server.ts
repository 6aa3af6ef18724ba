import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import type { Faults } from '../../faults/faults.ts';
import type { Authorize } from '../authorize.ts';
import type { Backend } from '../backend.ts';
import { readTransaction } from '../methods/consistency.ts';
import { databaseOfRequest } from '../methods/database.ts';
import { makeMethods, type Streaming, type Unary } from '../methods/methods.ts';
import { type Message, PROTO_FORM } from '../wire/form.ts';
import { makeConnections } from './connections.ts';
import { makeListenHandler } from './listen.ts';
import { loadFirestoreProtos } from './native-protos.ts';
import { statusOf } from './status.ts';
import { makeWriteHandler } from './write.ts';

/** A commit's request has 10 MiB at most; answers may have more. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Methods after which a transaction is over. */
const ENDS: ReadonlySet<string> = new Set(['Commit', 'Rollback']);

export interface GrpcOptions {
  readonly backend: Backend;
  readonly authorize: Authorize;
  readonly faults: Faults;
}

/** google.firestore.v1.Firestore over gRPC, on connections that are handed to it. */
export interface Grpc {
  connect(socket: Socket): void;
  close(): void;
}

export function makeGrpc({ backend, authorize, faults }: GrpcOptions): Grpc {
  const connections = makeConnections();
  const methods = makeMethods({ backend, form: PROTO_FORM, newId: () => randomBytes(10).toString('hex') });

  /** Runs a call's work as its caller; `undefined` where the connection was reset instead. */
  async function run<T>(
    method: string,
    call: ServerUnaryCall<Message, Message> | ServerWritableStream<Message, Message>,
    work: Unary | Streaming,
  ): Promise<T | undefined> {
    const reset = await faults.strike(method);
    const over = ENDS.has(method) ? readTransaction(call.request.transaction) : undefined;
    if (over !== undefined) connections.forget(over);
    const [authorization] = call.metadata.get('authorization');
    const access = await authorize(authorization?.toString(), databaseOfRequest(call.request));
    const answer = await work(call.request, access);
    const began = readTransaction([answer].flat()[0]?.transaction);
    // Lest a client that died keep its locks.
    if (began !== undefined) connections.whenGone(call.getPeer(), began, () => backend.rollback(began));
    if (!reset) return answer as T;
    connections.reset(call.getPeer());
    return undefined;
  }

  const handlers: Record<string, UntypedHandleCall> = {
    Listen: makeListenHandler({ backend, authorize, faults }),
    Write: makeWriteHandler({ backend, authorize, faults }),
  };
  for (const [name, method] of Object.entries(methods.unary)) {
    handlers[name] = (call: ServerUnaryCall<Message, Message>, reply: sendUnaryData<Message>) => {
      run<Message>(name, call, method).then(
        (answer) => answer && reply(null, answer),
        (error: unknown) => reply(statusOf(error)),
      );
    };
  }
  for (const [name, method] of Object.entries(methods.streaming)) {
    handlers[name] = (call: ServerWritableStream<Message, Message>) => {
      run<readonly Message[]>(name, call, method).then(
        (answers) => {
          for (const answer of answers ?? []) call.write(answer);
          if (answers) call.end();
        },
        (error: unknown) => call.emit('error', statusOf(error)),
      );
    };
  }

  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  const protos = loadFirestoreProtos();
  server.addService(protos.service('google.firestore.v1.Firestore'), handlers);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    connect(socket) {
      connections.add(socket);
      injector.injectConnection(socket);
    },
    close() {
      injector.destroy();
      server.forceShutdown();
    },
  };
}
