import { adapt, managedwriter, protos } from '@google-cloud/bigquery-storage';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BigQueryError,
  type TableField,
  type TableRef,
  type WriteRow,
} from '../../emulators/bigquery/backend.ts';
import { startWriteApi } from '../../emulators/bigquery/grpc/index.ts';
import { InjectedFault } from '../../emulators/bigquery/injected-fault.ts';
import { type Faults, makeFaults } from '../../emulators/faults/faults.ts';
import { type AppendConnection, makeAppendConnection } from '../../functions/warehouse/append-connection.ts';
import { makeRowEncoder } from '../../functions/warehouse/row-encoder.ts';
import { makeStreamOpener } from '../../functions/warehouse/storage-write.ts';
import type { Column } from '../../infra/bigquery/tables.ts';

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED', description: '' },
  { name: 'at', type: 'TIMESTAMP', mode: 'NULLABLE', description: '' },
  { name: 'count', type: 'INTEGER', mode: 'NULLABLE', description: '' },
  { name: 'extra', type: 'JSON', mode: 'NULLABLE', description: '' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    description: '',
    fields: [{ name: 'price', type: 'FLOAT', mode: 'REQUIRED', description: '' }],
  },
];
const NOTES: readonly Column[] = [{ name: 'note', type: 'STRING', mode: 'NULLABLE', description: '' }];

const AT = '2026-11-21T12:00:00.000Z';
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;

const streamOf = (table: string): string => `projects/p/datasets/d/tables/${table}/streams/_default`;

let tables: Map<string, { readonly fields: readonly TableField[]; readonly rows: WriteRow[] }>;
let faults: Faults;
let server: Awaited<ReturnType<typeof startWriteApi>>;
let connection: AppendConnection;

beforeEach(async () => {
  tables = new Map([
    ['rows', { fields: COLUMNS, rows: [] }],
    ['notes', { fields: NOTES, rows: [] }],
  ]);
  const find = (table: string) => {
    const found = tables.get(table);
    if (found) return found;
    throw new BigQueryError(404, 'notFound', `Not found: Table p:d.${table}`);
  };
  faults = makeFaults({ toError: (status, message) => new InjectedFault(status, message) });
  const backend = {
    table: (ref: TableRef) => ({ ref, metadata: {}, created: 0, fields: find(ref.table).fields }),
    appendRows: async (ref: TableRef, rows: readonly WriteRow[]) => void find(ref.table).rows.push(...rows),
  };
  server = await startWriteApi(backend, faults);
  connection = makeAppendConnection({
    open: makeStreamOpener('p', `127.0.0.1:${server.port}`),
    deadlineMs: 5000,
    maxInFlightBytes: 20_000_000,
  });
});
afterEach(async () => {
  connection.close();
  await server.close();
});

/** Rows of these columns, sent as the warehouse function sends them. */
function append(table: string, columns: readonly Column[], values: readonly object[]) {
  const { descriptor, encode } = makeRowEncoder(columns);
  const rows = values.map(encode);
  const bytes = rows.reduce((sum, row) => sum + row.length, 0);
  return connection.append({ writeStream: streamOf(table), descriptor, rows, bytes });
}

const stored = (table: string): readonly WriteRow[] => tables.get(table)?.rows ?? [];

const optional = (columns: readonly Column[]): readonly Column[] =>
  columns.map((column) => ({
    ...column,
    mode: column.mode === 'REQUIRED' ? 'NULLABLE' : column.mode,
    ...(column.fields ? { fields: optional(column.fields) } : {}),
  }));

describe("the Storage Write API as the warehouse's connection uses it", () => {
  test('every kind of column arrives', async () => {
    const row = { id: 'a', at: AT, count: -7, extra: { b: [1] }, items: [{ price: 1.5 }, { price: 2 }] };
    expect(await append('rows', COLUMNS, [row, { id: 'b' }])).toEqual([]);
    expect(stored('rows')).toEqual([
      {
        id: 'a',
        at: String(Date.parse(AT) * 1000),
        count: '-7',
        extra: '{"b":[1]}',
        items: [{ price: 1.5 }, { price: 2 }],
      },
      { id: 'b' },
    ]);
  });

  test('tables alternate on one connection, answers in order', async () => {
    const rounds = Array.from({ length: 20 }, (_, round) => [
      append('rows', COLUMNS, [{ id: `r${round}` }]),
      append('notes', NOTES, [{ note: `n${round}` }]),
    ]);
    expect((await Promise.all(rounds.flat())).flat()).toEqual([]);
    expect(stored('rows').map(({ id }) => id)).toEqual(rounds.map((_, round) => `r${round}`));
    expect(stored('notes').map(({ note }) => note)).toEqual(rounds.map((_, round) => `n${round}`));
  });

  test.each<{ what: string; row: object; message: RegExp }>([
    { what: 'a missing required value', row: { at: AT }, message: /Required field id is missing/ },
    {
      what: 'a missing required value within a record',
      row: { id: 'x', items: [{}] },
      message: /Required field items\.price is missing/,
    },
    {
      what: 'a time after the year 9999',
      row: { id: 'x', at: '+010000-01-01T00:00:00.000Z' },
      message: /at: .* out of the range of TIMESTAMP/,
    },
  ])('$what is the error of its row, and no row of that request is stored', async ({ row, message }) => {
    const errors = await append('rows', optional(COLUMNS), [{ id: 'fine' }, row, { id: 'fine too' }]);
    expect(errors).toEqual([{ index: 1, message: expect.stringMatching(message) }]);
    expect(stored('rows')).toEqual([]);
    expect(await append('rows', optional(COLUMNS), [{ id: 'next' }])).toEqual([]);
    expect(stored('rows')).toEqual([{ id: 'next' }]);
  });

  test('bytes that are no message of the schema are the error of their row', async () => {
    const { descriptor } = makeRowEncoder(COLUMNS);
    const rows = [Uint8Array.from([0x0a, 0xff])];
    const errors = await connection.append({ writeStream: streamOf('rows'), descriptor, rows, bytes: 2 });
    expect(errors).toMatchObject([{ index: 0 }]);
    expect(stored('rows')).toEqual([]);
  });

  test.each([
    {
      what: 'a table that is not there',
      table: 'none',
      columns: NOTES,
      code: NOT_FOUND,
      message: /p:d\.none/,
    },
    {
      what: 'a field the table has not',
      table: 'rows',
      columns: NOTES,
      code: INVALID_ARGUMENT,
      message: /SCHEMA_MISMATCH_EXTRA_FIELDS/,
    },
  ])('$what breaks the connection, and the next append opens another', async (each) => {
    const refused = append(each.table, each.columns, [{ note: 'x' }]);
    await expect(refused).rejects.toMatchObject({
      code: each.code,
      message: expect.stringMatching(each.message),
    });
    expect(await append('notes', NOTES, [{ note: 'y' }])).toEqual([]);
    expect(stored('notes')).toEqual([{ note: 'y' }]);
  });

  test('what was sent behind a request that broke the connection is not stored', async () => {
    const outcomes = await Promise.allSettled([
      append('notes', NOTES, [{ note: 'before' }]),
      append('none', NOTES, [{ note: 'refused' }]),
      append('notes', NOTES, [{ note: 'behind' }]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(stored('notes')).toEqual([{ note: 'before' }]);
  });

  test('faults: a quota stores nothing, a lost answer stores all, and a bad row is named', async () => {
    faults.set([{ methods: ['AppendRows'], code: 'RESOURCE_EXHAUSTED', times: 1 }]);
    await expect(append('rows', COLUMNS, [{ id: 'quota' }])).rejects.toMatchObject({ code: 8 });
    expect(stored('rows')).toEqual([]);
    faults.set([{ reset: true, times: 1 }]);
    await expect(append('rows', COLUMNS, [{ id: 'lost' }])).rejects.toMatchObject({ code: 14 });
    expect(stored('rows')).toEqual([{ id: 'lost' }]);
    faults.set([{ bad_rows: 1 }]);
    expect(await append('rows', COLUMNS, [{ id: 'bad' }])).toMatchObject([{ index: 0 }]);
    faults.set([]);
    expect(await append('rows', COLUMNS, [{ id: 'good' }])).toEqual([]);
    expect(stored('rows').map(({ id }) => id)).toEqual(['lost', 'good']);
  });

  test('requests behind one that is struck are not stored, whatever they suffer', async () => {
    faults.set([{ latency_ms: 5 }, { code: 'ABORTED', times: 1 }]);
    const outcomes = await Promise.allSettled(['a', 'b'].map((id) => append('rows', COLUMNS, [{ id }])));
    expect(outcomes).toMatchObject([{ reason: { code: 10 } }, { reason: { code: 14 } }]);
    expect(stored('rows')).toEqual([]);
  });

  test('a request above 10 MB is refused', async () => {
    const refused = append('notes', NOTES, [{ note: 'x'.repeat(11 * 1024 * 1024) }]);
    await expect(refused).rejects.toMatchObject({ name: 'AppendError' });
    expect(stored('notes')).toEqual([]);
  });
});

describe('the Storage Write API used wrongly', () => {
  const { descriptor: protoDescriptor, encode } = makeRowEncoder(NOTES);
  const rows = { serializedRows: [encode({ note: 'x' })] };
  const wrong = [
    {
      what: 'no stream',
      request: { protoRows: { writerSchema: { protoDescriptor }, rows } },
      message: /must name/,
    },
    {
      what: 'no schema',
      request: { writeStream: streamOf('notes'), protoRows: { rows } },
      message: /writer_schema/,
    },
    { what: 'a stream of its own', request: { writeStream: 'projects/p/x' }, message: /no default stream/ },
  ];

  test.each(wrong)('a first request with $what is an INVALID_ARGUMENT that says so', async (each) => {
    const stream = makeStreamOpener('p', `127.0.0.1:${server.port}`)(streamOf('notes'));
    const failed = new Promise<Error>((resolve) => stream.on('error', resolve));
    stream.write(each.request);
    const error = await failed;
    expect(error).toMatchObject({ code: INVALID_ARGUMENT, message: expect.stringMatching(each.message) });
    expect(stored('notes')).toEqual([]);
  });
});

describe("the Storage Write API under Google's own writer", () => {
  const { JSONWriter, WriterClient } = managedwriter;
  const { WriteStreamView } = protos.google.cloud.bigquery.storage.v1;

  const connect = () =>
    new WriterClient({
      projectId: 'p',
      apiEndpoint: '127.0.0.1',
      port: server.port,
      sslCreds: credentials.createInsecure(),
    });

  test('the default stream tells the schema, and rows written as JSON arrive', async () => {
    const client = connect();
    try {
      const stream = await client.getWriteStream({
        streamId: streamOf('rows'),
        view: WriteStreamView.FULL,
      });
      expect(stream.tableSchema?.fields?.map(({ name }) => name)).toEqual(COLUMNS.map(({ name }) => name));
      const protoDescriptor = adapt.convertStorageSchemaToProto2Descriptor(stream.tableSchema ?? {}, 'root');
      const opened = await client.createStreamConnection({ streamId: streamOf('rows') });
      const writer = new JSONWriter({ connection: opened, protoDescriptor });
      const row = { id: 'a', at: new Date(AT), count: 3, extra: '{"k":true}', items: [{ price: 4.25 }] };
      const answer = await writer.appendRows([row]).getResult();
      expect(answer.error ?? undefined).toBeUndefined();
      expect(stored('rows')).toEqual([{ ...row, at: String(Date.parse(AT) * 1000), count: '3' }]);
      const bad = await writer.appendRows([{ id: 'b', extra: '{' }]).getResult();
      expect(bad.rowErrors).toMatchObject([{ message: expect.stringContaining('invalid JSON') }]);
      writer.close();
    } finally {
      client.close();
    }
  });
});
