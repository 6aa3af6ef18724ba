import { BigQuery } from '@google-cloud/bigquery';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { TransientError } from '../../shared/errors.ts';
import { makeBigQueryStaging } from './bigquery-staging.ts';
import type { Staging } from './load-context.ts';

const project = 'demo-staging';
const dataset = 'shop';
const emulators: RunningEmulator[] = [];
let bigquery: BigQuery;
let staging: Staging;

beforeAll(async () => {
  const files = await startStorageEmulator();
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators.push(files, warehouse);
  bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
  const storage = openCloudStorage({ projectId: project, emulatorHost: files.url });
  await bigquery.createDataset(dataset, { location: 'europe-west1' });
  const [bucket] = await storage.createBucket('staging');
  staging = makeBigQueryStaging({ bigquery, bucket, dataset, table: 'events', jobTimeoutMs: 20_000 });
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
});

test('however often its jobs failed, a load succeeds once what made them fail is mended, and only once', async () => {
  const rows = staging.open('load', 0);
  await rows.write([{ event_id: 'a' }, { event_id: 'b' }]);
  await rows.commit();
  rows.abort();
  const jobs = vi.spyOn(bigquery, 'createJob');
  for (let delivery = 1; delivery <= 6; delivery += 1) {
    await expect(staging.load('load')).rejects.toThrow(TransientError);
    // Each delivery tries once: its own job, after the names of those that failed.
    expect(jobs).toHaveBeenCalledTimes(delivery);
    jobs.mockClear();
  }
  await bigquery.dataset(dataset).createTable('events', { schema: 'event_id:string' });
  const known = vi.spyOn(bigquery, 'job');
  for (let delivery = 1; delivery <= 2; delivery += 1) {
    await staging.load('load');
    const [found] = await bigquery.query(`SELECT event_id FROM \`${dataset}.events\` ORDER BY event_id`);
    expect(found).toEqual([{ event_id: 'a' }, { event_id: 'b' }]);
  }
  // Outside of the US and the EU, a job is found only where it is said to be.
  expect(known).toHaveBeenCalledWith('nextclick_load_load_6', { location: 'europe-west1' });
});
