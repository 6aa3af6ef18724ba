import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Server,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Plain } from '../../protos.ts';
import type { Handler, Handlers } from '../handlers/handler.ts';
import type { StreamingPull, StreamOut } from '../handlers/streaming-pull.ts';
import { statusOf } from './status.ts';

/** A request holds at most 10 MB of messages, which take somewhat more on the wire. */
const MOST_REQUEST_BYTES = 12 * 1024 * 1024;

export interface GrpcOptions {
  readonly definition: (service: string) => ServiceDefinition;
  /** By the services' full names. */
  readonly services: Readonly<Record<string, Handlers>>;
  readonly streamingPull: (first: Plain, out: StreamOut) => StreamingPull;
}

/** Pub/Sub's gRPC face; it listens nowhere by itself. */
export function makeGrpcServer({ definition, services, streamingPull }: GrpcOptions): Server {
  const server = new Server({ 'grpc.max_receive_message_length': MOST_REQUEST_BYTES });
  for (const [name, handlers] of Object.entries(services)) {
    const methods = definition(name);
    const implementation: UntypedServiceImplementation = {};
    for (const [method, handler] of Object.entries(handlers)) implementation[method] = unary(handler);
    if (methods.StreamingPull) implementation.StreamingPull = stream(streamingPull);
    server.addService(methods, implementation);
  }
  return server;
}

function unary(handler: Handler): handleUnaryCall<Plain, Plain> {
  return async (call, answer) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    try {
      answer(null, await handler(call.request, gone.signal));
    } catch (error) {
      answer(statusOf(error));
    }
  };
}

function stream(open: GrpcOptions['streamingPull']): handleBidiStreamingCall<Plain, Plain> {
  return (call) => {
    let pull: StreamingPull | undefined;
    const out: StreamOut = {
      write: (response) => call.write(response),
      fail: (error) => void call.emit('error', statusOf(error)),
    };
    call.on('data', (request: Plain) => {
      if (pull) return pull.request(request);
      try {
        pull = open(request, out);
      } catch (error) {
        out.fail(error);
      }
    });
    call.on('drain', () => pull?.resume());
    const close = (): void => pull?.close();
    call.on('end', () => {
      close();
      call.end();
    });
    call.on('cancelled', close);
    call.on('close', close);
    call.on('error', close);
  };
}
