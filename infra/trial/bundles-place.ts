import { BigQuery } from '@google-cloud/bigquery';
import { DATASET, FUNCTIONS } from '../../shared/pipeline.ts';
import { applyWarehouse } from '../bigquery/apply.ts';
import { type Bench, PROJECT, startBench } from './bench.ts';
import { TRIALS, WRITE_KEY } from './trials.ts';

/** A place in which every bundle can work: emulators, the warehouse's tables, and the environment of a deployed function. */
export interface BundlesPlace {
  readonly bench: Bench;
  readonly env: Readonly<Record<string, string>>;
  /** Functions in the order of the pipeline: what one publishes, the next ones take. */
  readonly order: readonly string[];
}

/** Starts it; its `bench` is to be closed. */
export async function openBundlesPlace(): Promise<BundlesPlace> {
  const bench = await startBench();
  const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: bench.bigqueryUrl });
  await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
  return {
    bench,
    env: {
      ...bench.env,
      GOOGLE_CLOUD_PROJECT: PROJECT,
      METADATA_SERVER_DETECTION: 'none',
      WRITE_KEYS: WRITE_KEY,
      MODEL_IMAGE: 'local/nextclick-model',
      PSEUDONYM_KEY: '0123456789abcdef0123456789abcdef',
    },
    order: [...new Set([...Object.keys(TRIALS), ...FUNCTIONS.map(({ name }) => name)])],
  };
}
