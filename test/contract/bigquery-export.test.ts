import { gunzipSync } from 'node:zlib';
import { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';

let emulators: readonly RunningEmulator[] = [];
let bigquery: BigQuery;
let storage: Storage;

beforeAll(async () => {
  const files = await startStorageEmulator({});
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators = [warehouse, files];
  bigquery = new BigQuery({ projectId: 'demo-x', apiEndpoint: warehouse.url });
  storage = openCloudStorage({ projectId: 'demo-x', emulatorHost: files.url });
  await storage.bucket('out').create();
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
});

const exporting = (options: string, query: string) =>
  bigquery.query({ query: `EXPORT DATA OPTIONS (${options}) AS ${query}` });

async function linesOf(prefix: string): Promise<readonly unknown[]> {
  const [files] = await storage.bucket('out').getFiles({ prefix });
  const texts = await Promise.all(
    files.map(async (file) => {
      const [content] = await file.download({ decompress: false });
      return (file.name.endsWith('.gz') ? gunzipSync(content) : content).toString();
    }),
  );
  return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
}

test("rows are exported as BigQuery's JSON, parameters filled in", async () => {
  await bigquery.query({
    query: `
      EXPORT DATA OPTIONS (uri = 'gs://out/typed-*.json.gz', format = 'JSON', compression = 'GZIP') AS
      SELECT @name AS name, 7 AS whole, CAST(0.5 AS FLOAT64) AS part, TRUE AS yes, CAST(NULL AS STRING) AS nothing,
        TIMESTAMP '2026-11-21 09:30:00.25+00' AS at,
        [STRUCT('a' AS item_id, 1 AS n), STRUCT('b' AS item_id, 2 AS n)] AS clicks`,
    params: { name: "it's (quoted)" },
  });
  expect(await linesOf('typed-')).toEqual([
    {
      name: "it's (quoted)",
      whole: '7',
      part: 0.5,
      yes: true,
      at: '2026-11-21 09:30:00.25 UTC',
      clicks: [
        { item_id: 'a', n: '1' },
        { item_id: 'b', n: '2' },
      ],
    },
  ]);
});

test('many rows are cut into shards; none make one empty file', async () => {
  const many = "uri='gs://out/many-*.json', format='JSON'";
  await exporting(many, 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 20001)) AS n');
  const [files] = await storage.bucket('out').getFiles({ prefix: 'many-' });
  expect(files.map(({ name }) => name)).toEqual(['many-000000000000.json', 'many-000000000001.json']);
  expect(await linesOf('many-')).toHaveLength(20_001);
  await exporting("uri='gs://out/none-*.json', format='JSON'", 'SELECT 1 AS n FROM UNNEST([1]) WHERE FALSE');
  expect(await linesOf('none-')).toEqual([]);
});

test('what is there is overwritten only where that is asked for', async () => {
  const options = "uri='gs://out/twice-*.json', format='JSON'";
  await exporting(options, 'SELECT 1 AS n');
  await expect(exporting(options, 'SELECT 2 AS n')).rejects.toThrow(/overwrite=true/);
  await exporting(`${options}, overwrite=true`, 'SELECT 3 AS n');
  expect(await linesOf('twice-')).toEqual([{ n: '3' }]);
});

test.each([
  ['no wildcard', "uri='gs://out/x.json', format='JSON'", /single wildcard/],
  ['no format', "uri='gs://out/x-*'", /format is missing/],
  ['another compression', "uri='gs://out/x-*', format='JSON', compression='ZSTD'", /compression/],
  ['a bucket that is not there', "uri='gs://nowhere/x-*', format='JSON'", /404/],
])('%s is refused', async (_what, options, message) => {
  await expect(exporting(options, 'SELECT 1 AS n')).rejects.toThrow(message);
});
