import { setTimeout as sleep } from 'node:timers/promises';
import type { protos } from '@google-cloud/bigquery-storage';
import protoJson from '@google-cloud/bigquery-storage/build/protos/protos.json' with { type: 'json' };
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { TABLES } from '../../shared/pipeline.ts';
import { type AppendConnection, makeAppendConnection } from './append-connection.ts';
import { enrichedEvent, NOW } from './fixtures.ts';
import { makeStreamOpener } from './storage-write.ts';
import { makeTableAppender } from './table-appender.ts';

/**
 * The client library and its protocol, against a server that takes AppendRows and answers as it is told to: what an
 * emulator cannot be made to do (break off, fall silent) is seen here.
 */
type Request = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
type Stream = ServerDuplexStream<Request, protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse>;

const definition = fromJSON(protoJson as never, { keepCase: false, longs: Number });
const root = loadPackageDefinition(definition) as never as {
  google: { cloud: { bigquery: { storage: { v1: { BigQueryWrite: ServiceClientConstructor } } } } };
};

let server: Server;
let connection: AppendConnection;
let requests: { readonly request: Request; readonly stream: Stream }[];
let streams: Stream[];
let answer: (stream: Stream, request: Request) => void;

async function listen(port: number): Promise<number> {
  server = new Server();
  server.addService(root.google.cloud.bigquery.storage.v1.BigQueryWrite.service, {
    appendRows: (stream: Stream) => {
      streams.push(stream);
      stream.on('error', () => undefined);
      stream.on('data', (request: Request) => {
        requests.push({ request, stream });
        answer(stream, request);
      });
      stream.on('end', () => stream.end());
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}

function appenderOn(port: number, deadlineMs = 5000) {
  connection = makeAppendConnection({
    open: makeStreamOpener('demo-x', `127.0.0.1:${port}`),
    deadlineMs,
    maxInFlightBytes: 10_000_000,
  });
  return makeTableAppender({
    connection,
    dataset: 'projects/demo-x/datasets/shop',
    table: TABLE_DEFINITIONS[TABLES.events],
    retryForMs: 10_000,
    clock: Date.now,
    sleep,
    random: Math.random,
  });
}

const succeed = (stream: Stream): void => void stream.write({ appendResult: {} });

beforeEach(() => {
  requests = [];
  streams = [];
  answer = succeed;
});
afterEach(() => {
  connection.close();
  server.forceShutdown();
});

test('rows arrive as the descriptor says, many appends over one stream', async () => {
  const appender = appenderOn(await listen(0));
  expect(await appender.append([enrichedEvent()])).toEqual([{ ok: true }]);
  for (let n = 0; n < 5; n += 1) await appender.append([enrichedEvent({ event_id: `e${n}` })]);
  expect(streams).toHaveLength(1);
  const [first, second] = requests.map(({ request }) => request);
  expect(first?.writeStream).toBe('projects/demo-x/datasets/shop/tables/events_raw/streams/_default');
  expect(first?.protoRows?.writerSchema?.protoDescriptor?.field?.map((field) => field.name)).toEqual(
    TABLE_DEFINITIONS[TABLES.events].schema.fields.map((column) => column.name),
  );
  expect(second?.protoRows?.writerSchema ?? undefined).toBeUndefined();
  expect(streams[0]?.metadata.get('x-goog-request-params')).toEqual([
    `write_stream=${encodeURIComponent(first?.writeStream ?? '')}`,
  ]);
});

test('row errors come back by row, and the others are stored', async () => {
  answer = (stream, request) => {
    const count = request.protoRows?.rows?.serializedRows?.length ?? 0;
    if (count < 3) return succeed(stream);
    stream.write({
      error: { code: 3, message: 'Errors found while processing rows.' },
      rowErrors: [{ index: 1, code: 'FIELDS_ERROR', message: 'event_time: out of range' }],
    });
  };
  const appender = appenderOn(await listen(0));
  const outcomes = await appender.append([0, 1, 2].map((n) => enrichedEvent({ event_id: `e${n}` })));
  expect(outcomes).toEqual([{ ok: true }, { ok: false, message: 'event_time: out of range' }, { ok: true }]);
});

test('a service that goes away and comes back loses nothing', async () => {
  const port = await listen(0);
  const appender = appenderOn(port);
  await appender.append([enrichedEvent({ event_id: 'before' })]);
  answer = () => server.forceShutdown();
  const lost = appender.append([enrichedEvent({ event_id: 'during' })]);
  await expect.poll(() => requests.length).toBe(2);
  answer = succeed;
  await listen(port);
  expect(await lost).toEqual([{ ok: true }]);
  expect(streams.length).toBeGreaterThan(1);
});

test('a service that falls silent is given up, and asked anew', async () => {
  let silent = true;
  answer = (stream) => {
    if (!silent) succeed(stream);
    silent = false;
  };
  const appender = appenderOn(await listen(0), 200);
  expect(await appender.append([enrichedEvent({ event_time: new Date(NOW).toISOString() })])).toEqual([
    { ok: true },
  ]);
  expect(streams.length).toBeGreaterThan(1);
});
