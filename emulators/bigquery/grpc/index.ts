import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { loadProtos, type Plain } from '../../protos.ts';
import { type Backend, BigQueryError, type TableEntry, type TableRef } from '../backend.ts';
import { type DecodeRows, type Descriptor, makeRowDecoder } from './row-decoder.ts';

/** What of the backend rows are written through. */
export type WriteBackend = Pick<Backend, 'table' | 'appendRows'>;

const PROTOS = '@google-cloud/bigquery-storage/build/protos/protos.json';
const SERVICE = 'google.cloud.bigquery.storage.v1.BigQueryWrite';

/** The service's limit on one request. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;

/** `projects/P/datasets/D/tables/T/streams/_default`, or the older `…/tables/T/_default`. */
const DEFAULT_STREAM = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)(?:\/streams)?\/_default$/;

/**
 * The Storage Write API's default stream over gRPC: rows are visible at once, and connections may be shared by tables.
 * https://cloud.google.com/bigquery/docs/write-api
 */
export async function startWriteApi(
  backend: WriteBackend,
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
    AppendRows: appendRows(backend, connections),
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

/** One connection: requests are answered in order; stream and schema hold until a request names others. */
function appendRows(
  backend: WriteBackend,
  connections: Set<Promise<void>>,
): handleBidiStreamingCall<Plain, Plain> {
  return (call) => {
    let stream = '';
    let table: TableEntry | undefined;
    let descriptor: Descriptor | undefined;
    let decode: DecodeRows | undefined;
    let turn = Promise.resolve();
    let over = false;

    const append = async (request: Plain): Promise<Plain> => {
      const named = String(request.writeStream ?? '');
      if (named !== '' && named !== stream) {
        stream = named;
        table = backend.table(tableOf(stream));
        descriptor = undefined;
        decode = undefined;
      }
      const data = (request.protoRows ?? {}) as {
        writerSchema?: { protoDescriptor?: Descriptor };
        rows?: { serializedRows?: readonly Buffer[] };
      };
      if (!table)
        throw new BigQueryError(
          400,
          'invalid',
          'The first request of a connection must name its write_stream.',
        );
      table = backend.table(table.ref);
      descriptor = data.writerSchema?.protoDescriptor ?? descriptor;
      if (data.writerSchema?.protoDescriptor)
        decode = makeRowDecoder(data.writerSchema.protoDescriptor, table.fields);
      if (!decode) {
        throw new BigQueryError(
          400,
          'invalid',
          'The first request for a write_stream must carry its writer_schema.',
        );
      }
      const { rows, errors } = decode(data.rows?.serializedRows ?? []);
      if (errors.length > 0) {
        const message = `Errors found while processing rows. Please refer to the row_errors field for details. Entity: ${stream}`;
        return { writeStream: stream, error: { code: INVALID_ARGUMENT, message }, rowErrors: errors };
      }
      await backend.appendRows(table.ref, rows);
      return { writeStream: stream, appendResult: {} };
    };

    call.on('data', (request: Plain) => {
      connections.delete(turn);
      turn = turn.then(async () => {
        // What was sent behind a request that broke the connection is not stored.
        if (over || call.cancelled) return;
        try {
          call.write(await append(request));
        } catch (error) {
          over = true;
          fail(call, error);
        }
      });
      connections.add(turn);
      const mine = turn;
      void mine.finally(() => connections.delete(mine));
    });
    call.on('end', () => void turn.then(() => over || call.end()));
    call.on('error', () => undefined);
  };
}

/** Ends a connection, as the service does on an error that is no row's. */
function fail(call: ServerDuplexStream<Plain, Plain>, error: unknown): void {
  call.emit('error', { ...statusOf(error), metadata: new Metadata() });
}

function statusOf(error: unknown): { readonly code: number; readonly details: string } {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof BigQueryError)) return { code: INTERNAL, details };
  return { code: error.status === 404 ? NOT_FOUND : INVALID_ARGUMENT, details };
}

function tableOf(stream: string): TableRef {
  const [, project, dataset, table] = DEFAULT_STREAM.exec(stream) ?? [];
  if (project && dataset && table) return { project, dataset, table };
  throw new BigQueryError(
    400,
    'invalid',
    `"${stream}" is no default stream: projects/P/datasets/D/tables/T/streams/_default`,
  );
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
