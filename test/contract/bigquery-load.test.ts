import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BigQuery, type Dataset, type JobLoadMetadata, type Table } from '@google-cloud/bigquery';
import type { Bucket } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';

const SCHEMA = {
  fields: [
    { name: 'id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER' },
    { name: 'at', type: 'TIMESTAMP' },
  ],
};

let emulators: readonly RunningEmulator[] = [];
let dataset: Dataset;
let bucket: Bucket;
let folder: string;
let table: Table;
let count = 0;

beforeAll(async () => {
  const files = await startStorageEmulator({});
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators = [warehouse, files];
  const authClient = new PassThroughClient();
  const bigquery = new BigQuery({ projectId: 'demo-x', apiEndpoint: warehouse.url, authClient });
  bucket = openCloudStorage({ projectId: 'demo-x', emulatorHost: files.url }).bucket('files');
  await bucket.create();
  [dataset] = await bigquery.createDataset('d');
  folder = await mkdtemp(join(tmpdir(), 'bigquery-load-test-'));
});
beforeEach(() => {
  table = dataset.table(`t${count++}`);
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

const load = (file: string, metadata: JobLoadMetadata = {}) => table.load(bucket.file(file), metadata);
const rowsOf = async (of: Table = table) => {
  const [rows] = await of.query(`SELECT id, n, UNIX_MILLIS(at) AS at FROM \`${of.id}\` ORDER BY id`);
  return rows.map(({ id, n, at }) => [id, n, at]);
};

const AT = '2026-01-01T00:00:00Z';
const MILLIS = Date.parse(AT);
const JSON_ROWS = `{"id":"a","n":1,"at":"${AT}"}\n{"id":"b","n":"2"}\n`;

describe('loads from Cloud Storage', () => {
  test('newline-delimited JSON, packed, into a table made for it', async () => {
    await bucket.file('rows.json.gz').save(gzipSync(JSON_ROWS));
    const metadata = {
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: SCHEMA,
      timePartitioning: { type: 'DAY', field: 'at' },
    };
    const [job] = await load('rows.json.gz', metadata);
    expect(job.status).toMatchObject({ state: 'DONE' });
    expect(job.statistics?.load).toMatchObject({ inputFiles: '1', outputRows: '2', badRecords: '0' });
    expect(await rowsOf()).toEqual([
      ['a', 1, MILLIS],
      ['b', 2, null],
    ]);
    const [{ timePartitioning, schema }] = await table.getMetadata();
    expect(timePartitioning).toEqual({ type: 'DAY', field: 'at' });
    expect(schema).toEqual(SCHEMA);
  });

  test('CSV, with its own separators and nulls, from all files of a wildcard', async () => {
    await bucket.file('csv/1.csv').save(`id;n;at\na;1;${AT}\n"b;c";\\N;\\N\n`);
    await bucket.file('csv/2.csv').save(`id;n;at\n"d\n""e""";-3;2026-01-01 00:00:00 UTC\n`);
    const [job] = await load('csv/*.csv', {
      sourceFormat: 'CSV',
      schema: SCHEMA,
      skipLeadingRows: 1,
      fieldDelimiter: ';',
      nullMarker: '\\N',
    });
    expect(job.statistics?.load).toMatchObject({ inputFiles: '2', outputRows: '3' });
    expect(await rowsOf()).toEqual([
      ['a', 1, MILLIS],
      ['b;c', null, null],
      ['d\n"e"', -3, MILLIS],
    ]);
  });

  test('columns are found where none are given', async () => {
    await bucket.file('auto.csv').save(`id,n,at\na,1,${AT}\nb,2,${AT}\n`);
    await load('auto.csv', { autodetect: true });
    const [{ schema }] = await table.getMetadata();
    expect(schema.fields.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual([
      ['id', 'STRING'],
      ['n', 'INTEGER'],
      ['at', 'TIMESTAMP'],
    ]);
    expect(await rowsOf()).toEqual([
      ['a', 1, MILLIS],
      ['b', 2, MILLIS],
    ]);
  });

  test('rows join those that are there, or take their place', async () => {
    await bucket.file('rows.json').save(JSON_ROWS);
    const metadata = { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: SCHEMA };
    await load('rows.json', metadata);
    await load('rows.json', metadata);
    expect(await rowsOf()).toHaveLength(4);
    await load('rows.json', { ...metadata, writeDisposition: 'WRITE_TRUNCATE' });
    expect(await rowsOf()).toHaveLength(2);
    await expect(load('rows.json', { ...metadata, writeDisposition: 'WRITE_EMPTY' })).rejects.toThrow(
      /Already Exists: Table demo-x:d\.t/,
    );
    expect(await rowsOf()).toHaveLength(2);
  });

  test('a column more is added where the job allows it', async () => {
    await bucket.file('rows.json').save(JSON_ROWS);
    await bucket.file('more.json').save('{"id":"c","extra":true}\n');
    const metadata = { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: SCHEMA };
    await load('rows.json', metadata);
    const wider = { ...metadata, schema: { fields: [...SCHEMA.fields, { name: 'extra', type: 'BOOLEAN' }] } };
    await expect(load('more.json', wider)).rejects.toThrow(/Cannot add fields \(field: extra\)/);
    await load('more.json', { ...wider, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] });
    const [rows] = await table.query(`SELECT id, extra FROM \`${table.id}\` ORDER BY id`);
    expect(rows).toEqual([
      { id: 'a', extra: null },
      { id: 'b', extra: null },
      { id: 'c', extra: true },
    ]);
  });

  test('a bad row fails the load, says where, and leaves nothing behind', async () => {
    await bucket.file('bad.json').save(`${JSON_ROWS}{"id":"c","n":"x"}\n`);
    const metadata = { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: SCHEMA };
    const failure = await load('bad.json', metadata).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: expect.stringContaining('JSON processing encountered too many errors'),
      errors: [
        expect.anything(),
        {
          reason: 'invalid',
          location: 'gs://files/bad.json',
          message: expect.stringMatching(/Could not parse 'x' as INTEGER for field n.* line 3/),
        },
      ],
    });
    expect(await table.exists()).toEqual([false]);
    const [job] = await load('bad.json', { ...metadata, maxBadRecords: 1 });
    expect(job.statistics?.load).toMatchObject({ outputRows: '2', badRecords: '1' });
  });

  test.each([
    { what: 'too many values', csv: 'a,1,,9\n', message: /Found 4 column\(s\) while expected 3/ },
    { what: 'too few values', csv: 'a,1\n', message: /column position 2, but line contains only 2 columns/ },
    { what: 'no value where one is required', csv: ',1,\n', message: /Missing required field: id/ },
    { what: 'an open quote', csv: 'a,1,\n"b,2,\n', message: /[Qq]uote/ },
  ])('CSV with $what is refused', async ({ csv, message }) => {
    await bucket.file('bad.csv').save(csv);
    const failure = await load('bad.csv', { schema: SCHEMA }).catch((error: unknown) => error);
    expect((failure as { errors: readonly { message: string }[] }).errors.at(-1)?.message).toMatch(message);
  });

  test('a file that is not there, and a table of which nothing is known, are refused', async () => {
    await expect(load('none.csv', { schema: SCHEMA })).rejects.toThrow(/404|Not found/);
    await bucket.file('rows.csv').save('a\n');
    await expect(load('rows.csv')).rejects.toThrow(/No schema specified/);
  });
});

describe('loads of a file sent along', () => {
  test('a local file becomes rows', async () => {
    const file = join(folder, 'local.json');
    await writeFile(file, JSON_ROWS);
    const [job] = await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: SCHEMA });
    expect(job.statistics?.load).toMatchObject({ outputRows: '2' });
    expect(await rowsOf()).toHaveLength(2);
  });
});

describe('extracts and copies', () => {
  const text = async (name: string): Promise<string> => {
    const [content] = await bucket.file(name).download({ decompress: false });
    return (name.endsWith('.gz') ? gunzipSync(content) : content).toString();
  };

  beforeEach(async () => {
    await bucket.file('rows.json').save(JSON_ROWS);
    await load('rows.json', { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: SCHEMA });
  });

  test('a table as CSV and as packed JSON', async () => {
    await table.extract(bucket.file('out.csv'));
    expect(await text('out.csv')).toBe('id,n,at\na,1,2026-01-01 00:00:00 UTC\nb,2,\n');
    await table.extract(bucket.file('out-*.json.gz'), { format: 'JSON', gzip: true });
    expect(await text('out-000000000000.json.gz')).toBe(
      '{"id":"a","n":"1","at":"2026-01-01 00:00:00 UTC"}\n{"id":"b","n":"2"}\n',
    );
  });

  test('a table as Parquet, and back', async () => {
    const [job] = await table.extract(bucket.file('out.parquet'), { format: 'PARQUET' });
    expect(job.statistics?.extract).toMatchObject({ destinationUriFileCounts: ['1'] });
    const back = dataset.table(`${table.id}_back`);
    await back.load(bucket.file('out.parquet'), { sourceFormat: 'PARQUET' });
    expect(await rowsOf(back)).toEqual(await rowsOf());
    const [{ schema }] = await back.getMetadata();
    expect(schema.fields.map(({ type }: { type: string }) => type)).toEqual([
      'STRING',
      'INTEGER',
      'TIMESTAMP',
    ]);
  });

  test('a table copied is the same table twice', async () => {
    const copy = dataset.table(`${table.id}_copy`);
    await table.copy(copy);
    expect(await rowsOf(copy)).toEqual(await rowsOf());
    await expect(table.copy(copy)).rejects.toThrow(/Already Exists/);
    await table.copy(copy, { writeDisposition: 'WRITE_APPEND' });
    expect(await rowsOf(copy)).toHaveLength(4);
  });

  test("a query's rows in a table of their own", async () => {
    const destination = dataset.table(`${table.id}_out`);
    const query = `SELECT id, n, at FROM \`${table.id}\` WHERE n > @least`;
    const [job] = await dataset.createQueryJob({ query, params: { least: 1 }, destination });
    expect((await job.getQueryResults())[0]).toHaveLength(1);
    expect(await rowsOf(destination)).toEqual([['b', 2, null]]);
  });

  test('a table that is not there is refused', async () => {
    await expect(dataset.table('none').extract(bucket.file('x.csv'))).rejects.toThrow(
      /Not found: Table demo-x:d\.none/,
    );
  });
});
