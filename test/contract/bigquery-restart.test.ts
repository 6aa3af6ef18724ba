import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BigQuery } from '@google-cloud/bigquery';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SERVE = fileURLToPath(new URL('../../emulators/serve.ts', import.meta.url));

let folder: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bigquery-restart-'));
});
afterEach(async () => {
  await end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The emulator in a process of its own, over the same folder each time. */
async function start(): Promise<BigQuery> {
  const child = spawn(process.execPath, [SERVE, 'bigquery', '--data', folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running = child;
  const [message] = (await once(child, 'message')) as [{ readonly ready: { readonly url: string } }];
  return new BigQuery({ projectId: 'demo-x', apiEndpoint: message.ready.url });
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = running;
  running = undefined;
  if (!child || child.exitCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

test.each(['SIGTERM', 'SIGKILL'] as const)('what was acknowledged outlives %s', async (signal) => {
  const before = await start();
  const [dataset] = await before.createDataset('d', { description: 'kept' });
  const fields = [
    { name: 'id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'at', type: 'TIMESTAMP' },
  ];
  const timePartitioning = { type: 'DAY', field: 'at' };
  const [table] = await dataset.createTable('t', { schema: { fields }, timePartitioning });
  await table.insert(Array.from({ length: 500 }, (_, index) => ({ id: String(index) })));
  const query = "SELECT REGEXP_EXTRACT(id, r'^\\d') AS digit, COUNT(*) AS n FROM `demo-x.d.t` GROUP BY 1";
  await dataset.createTable('v', { view: { query, useLegacySql: false } });
  await dataset.query('CREATE TABLE made CLUSTER BY id AS SELECT id FROM t LIMIT 3');
  await end(signal);

  const after = (await start()).dataset('d');
  expect((await after.getMetadata())[0]).toMatchObject({ description: 'kept' });
  expect((await after.table('t').getMetadata())[0]).toMatchObject({
    schema: { fields },
    timePartitioning,
    numRows: '500',
  });
  expect((await after.table('v').getMetadata())[0]).toMatchObject({ type: 'VIEW', view: { query } });
  expect((await after.table('made').getMetadata())[0]).toMatchObject({ clustering: { fields: ['id'] } });
  await after.table('t').insert([{ id: '9999' }]);
  expect((await after.query("SELECT n FROM v WHERE digit = '9'"))[0]).toEqual([{ n: 12 }]);
});
