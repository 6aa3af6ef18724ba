import { BigQuery, type Dataset } from '@google-cloud/bigquery';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';

/** The emulator for a file of tests, an official client onto it, and for each test a dataset of its own; there from `beforeEach` on. */
export interface BigQueryUnderTest {
  readonly emulator: RunningEmulator;
  readonly bigquery: BigQuery;
  readonly dataset: Dataset;
}

/** To be called once, at the top of a file of tests. */
export function bigqueryUnderTest(): BigQueryUnderTest {
  const under = {} as { -readonly [name in keyof BigQueryUnderTest]: BigQueryUnderTest[name] };
  let count = 0;
  beforeAll(async () => {
    under.emulator = await startBigQueryEmulator();
    under.bigquery = new BigQuery({ projectId: 'demo-x', apiEndpoint: under.emulator.url });
  });
  beforeEach(async () => {
    [under.dataset] = await under.bigquery.createDataset(`d${count++}`);
  });
  afterAll(() => under.emulator.close());
  return under;
}
