import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import type { Faults } from '../../faults/faults.ts';
import { loadProtos, type Plain } from '../../protos.ts';
import { BigQueryError } from '../backend.ts';
import { InjectedFault } from '../injected-fault.ts';
import { makeAppendReceiver, tableOf, type WriteBackend } from './append-receiver.ts';

const PROTOS = '@google-cloud/bigquery-storage/build/protos/protos.json';
const SERVICE = 'google.cloud.bigquery.storage.v1.BigQueryWrite';

/** The service's limit on one request. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;

/**
 * The Storage Write API's default stream over gRPC: rows are visible at once, and connections may be shared by tables.
 * https://cloud.google.com/bigquery/docs/write-api
 */
export async function startWriteApi(
  backend: WriteBackend,
  faults: Faults,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const protos = loadProtos(PROTOS);
  const connections = new Set<Promise<void>>();
  const server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES + 64 * 1024 });

  const getWriteStream: handleUnaryCall<Plain, Plain> = ({ request }, answer) => {
    try {
      const { fields } = backend.table(tableOf(String(request.name)));
      const full = request.view === 'FULL';
      answer(null, {
        name: String(request.name),
        type: 'COMMITTED',
        ...(full ? { tableSchema: { fields: fields.map(storageField) } } : {}),
      });
    } catch (error) {
      answer({ name: 'ServiceError', message: String(error), metadata: new Metadata(), ...statusOf(error) });
    }
  };

  const unimplemented: handleUnaryCall<Plain, Plain> = (_call, answer) => {
    const details = 'This emulator serves the default stream only: rows need no stream of their own.';
    answer({
      name: 'ServiceError',
      message: details,
      code: UNIMPLEMENTED,
      details,
      metadata: new Metadata(),
    });
  };

  server.addService(protos.service(SERVICE), {
    AppendRows: appendRows(backend, faults, connections),
    GetWriteStream: getWriteStream,
    CreateWriteStream: unimplemented,
    FinalizeWriteStream: unimplemented,
    BatchCommitWriteStreams: unimplemented,
    FlushRows: unimplemented,
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, chosen) =>
      error ? reject(error) : resolve(chosen),
    );
  });
  return {
    port: bound,
    close: async () => {
      server.forceShutdown();
      // What a connection had begun to store is stored, or not, before the backend closes.
      await Promise.all(connections);
    },
  };
}

/** One connection: requests are stored as they come and answered in order. */
function appendRows(
  backend: WriteBackend,
  faults: Faults,
  connections: Set<Promise<void>>,
): handleBidiStreamingCall<Plain, Plain> {
  return (call) => {
    const receive = makeAppendReceiver(backend, faults.badRow);
    let taken: Promise<unknown> = Promise.resolve();
    let turn = Promise.resolve();
    let refused = false;
    let failed = false;

    const answerInTurn = (answer: Promise<Plain>): void => {
      // A refusal may come before its turn, which is no unhandled rejection.
      answer.catch(() => undefined);
      const mine = turn
        .then(() => answer)
        .then(
          (response) => void (failed || call.cancelled || call.write(response)),
          (error: unknown) => {
            if (!failed) fail(call, error);
            failed = true;
          },
        );
      turn = mine;
      connections.add(mine);
      void mine.finally(() => connections.delete(mine));
    };

    /** Requests are taken in their order; how long they take to be stored is another matter. */
    const take = async (request: Plain): Promise<Plain> => {
      const before = taken;
      const struck = before.then(() => faults.strike('AppendRows'));
      const stored = struck.then((reset) => {
        if (refused) throw new InjectedFault('UNAVAILABLE', 'The connection is broken.');
        return { reset, answer: receive(request) };
      });
      taken = stored.catch(() => {
        refused = true;
      });
      const { reset, answer } = await stored;
      const response = await answer;
      if (reset) throw new InjectedFault('UNAVAILABLE', 'A fault was injected: the answer was lost.');
      return response;
    };

    call.on('data', (request: Plain) => {
      // What was sent behind a request that broke the connection is not stored.
      if (refused || failed || call.cancelled) return;
      answerInTurn(take(request));
    });
    call.on('end', () => void turn.then(() => failed || call.end()));
    call.on('error', () => undefined);
  };
}

/** Ends a connection, as the service does on an error that is no row's. */
function fail(call: ServerDuplexStream<Plain, Plain>, error: unknown): void {
  call.emit('error', { ...statusOf(error), metadata: new Metadata() });
}

function statusOf(error: unknown): { readonly code: number; readonly details: string } {
  const details = error instanceof Error ? error.message : String(error);
  if (error instanceof InjectedFault) return { code: error.code, details };
  if (!(error instanceof BigQueryError)) return { code: INTERNAL, details };
  return { code: error.status === 404 ? NOT_FOUND : INVALID_ARGUMENT, details };
}

/** A column in the Storage API's terms: INTEGER is INT64, RECORD is STRUCT. */
function storageField(field: {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly object[];
}): Plain {
  const names: Readonly<Record<string, string>> = {
    INTEGER: 'INT64',
    FLOAT: 'DOUBLE',
    FLOAT64: 'DOUBLE',
    BOOLEAN: 'BOOL',
    RECORD: 'STRUCT',
  };
  return {
    name: field.name,
    type: names[field.type] ?? field.type,
    mode: field.mode ?? 'NULLABLE',
    fields: (field.fields ?? []).map((inner) => storageField(inner as Parameters<typeof storageField>[0])),
  };
}
