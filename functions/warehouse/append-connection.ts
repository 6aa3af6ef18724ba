import type { protos } from '@google-cloud/bigquery-storage';
import { messageOf } from '../../shared/errors.ts';
import { grpcCodeOf, UNAVAILABLE } from './grpc-codes.ts';

type AppendRowsRequest = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
type AppendRowsResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
type Descriptor = protos.google.protobuf.IDescriptorProto;

/** The bidirectional stream of AppendRows, as the client library opens it. */
export interface AppendStream {
  write(request: AppendRowsRequest): boolean;
  on(event: 'data', listener: (response: AppendRowsResponse) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** Rows for the default stream of one table. */
export interface AppendRequest {
  /** `projects/P/datasets/D/tables/T/streams/_default`. */
  readonly writeStream: string;
  readonly descriptor: Descriptor;
  readonly rows: readonly Uint8Array[];
  readonly bytes: number;
}

/** A row for which the whole request was refused. */
export interface RowError {
  /** Position in the request. */
  readonly index: number;
  readonly message: string;
}

/** An append that did not happen, or of which nobody knows whether it did. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** A gRPC status code. */
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface AppendConnection {
  /**
   * Appends the rows, all or none; answers the rows that stood in the way, where there were any.
   * @throws AppendError
   */
  append(request: AppendRequest): Promise<readonly RowError[]>;
  close(): void;
}

export interface AppendConnectionOptions {
  /** Opens a stream; the name routes it to the dataset's region. */
  readonly open: (writeStream: string) => AppendStream;
  /** How long the service may take to answer one request. Milliseconds. */
  readonly deadlineMs: number;
  /** Bytes sent and not yet answered; more wait here. */
  readonly maxInFlightBytes: number;
}

interface Pending {
  readonly request: AppendRequest;
  readonly settle: (outcome: readonly RowError[] | AppendError) => void;
}

/**
 * One long-lived AppendRows connection for all tables (multiplexing). Answers come in the order of requests. The schema goes
 * along with the first request of a connection and whenever the table changes. A connection that breaks, ends or
 * falls silent fails what is pending on it, and the next append opens another.
 * https://cloud.google.com/bigquery/docs/write-api-best-practices#connection_pool_management
 */
export function makeAppendConnection(options: AppendConnectionOptions): AppendConnection {
  const { open, deadlineMs, maxInFlightBytes } = options;
  let stream: AppendStream | undefined;
  let schemaOf: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let inFlightBytes = 0;
  const pending: Pending[] = [];
  const waiting: Pending[] = [];

  /** The service must answer the oldest request by then; every answer starts the time anew. */
  const watch = (): void => {
    clearTimeout(timer);
    if (pending.length === 0) return;
    timer = setTimeout(() => {
      if (stream)
        lose(
          stream,
          new AppendError(UNAVAILABLE, `BigQuery did not answer an append within ${deadlineMs} ms`),
        );
    }, deadlineMs);
  };

  const takeOldest = (): Pending | undefined => {
    const oldest = pending.shift();
    if (oldest) inFlightBytes -= oldest.request.bytes;
    return oldest;
  };

  /** The error is the oldest request's own; of those behind it, it only says that the connection is gone. */
  const lose = (lost: AppendStream, error: AppendError): void => {
    if (lost !== stream) return;
    stream = undefined;
    schemaOf = undefined;
    const [oldest, ...others] = pending.splice(0);
    inFlightBytes = 0;
    watch();
    lost.destroy();
    oldest?.settle(error);
    for (const other of others)
      other.settle(new AppendError(UNAVAILABLE, 'the append connection was lost', error));
    pump();
  };

  const connect = (writeStream: string): AppendStream => {
    const opened = open(writeStream);
    stream = opened;
    opened.on('data', (response) => {
      if (opened !== stream) return;
      takeOldest()?.settle(outcomeOf(response));
      watch();
      pump();
    });
    opened.on('error', (error) => lose(opened, new AppendError(grpcCodeOf(error), messageOf(error), error)));
    const ended = (): void =>
      lose(opened, new AppendError(UNAVAILABLE, 'BigQuery ended the append connection'));
    opened.on('end', ended);
    opened.on('close', ended);
    return opened;
  };

  const send = (next: Pending): void => {
    const { writeStream, descriptor, rows, bytes } = next.request;
    const current = stream ?? connect(writeStream);
    const isFirstOfTable = schemaOf !== writeStream;
    schemaOf = writeStream;
    inFlightBytes += bytes;
    pending.push(next);
    if (pending.length === 1) watch();
    current.write({
      writeStream,
      protoRows: {
        ...(isFirstOfTable ? { writerSchema: { protoDescriptor: descriptor } } : {}),
        rows: { serializedRows: [...rows] },
      },
    });
  };

  const pump = (): void => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (inFlightBytes > 0 && inFlightBytes + next.request.bytes > maxInFlightBytes) return;
      waiting.shift();
      try {
        send(next);
      } catch (error) {
        const failure = new AppendError(
          UNAVAILABLE,
          `the append could not be sent: ${messageOf(error)}`,
          error,
        );
        if (stream) lose(stream, failure);
        next.settle(failure);
      }
    }
  };

  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        const settle = (outcome: readonly RowError[] | AppendError): void =>
          outcome instanceof AppendError ? reject(outcome) : resolve(outcome);
        waiting.push({ request, settle });
        pump();
      }),
    close() {
      if (stream) lose(stream, new AppendError(UNAVAILABLE, 'the append connection was closed'));
    },
  };
}

function outcomeOf({ error, rowErrors }: AppendRowsResponse): readonly RowError[] | AppendError {
  if (rowErrors && rowErrors.length > 0) {
    return rowErrors.map(({ index, message }) => ({
      index: Number(index ?? 0),
      message: message ?? 'no reason was given',
    }));
  }
  return error ? new AppendError(error.code ?? UNAVAILABLE, error.message ?? 'no reason was given') : [];
}
