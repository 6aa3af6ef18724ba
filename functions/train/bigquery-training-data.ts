import type { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { trainingQuery } from '../../infra/bigquery/training-queries.ts';
import { ITEM_INTERACTIONS } from '../../shared/events.ts';
import { readShards } from './session-shards.ts';
import { shelvesOf } from './shelf-rows.ts';
import type { TrainingWarehouse } from './train.ts';

export interface BigQueryTrainingDataOptions {
  readonly bigquery: BigQuery;
  readonly storage: Storage;
  readonly project: string;
  readonly dataset: string;
  /** Bucket that the sessions are exported to, below `training/<version>/`. */
  readonly bucket: string;
  /** Days of clicks to learn from. */
  readonly days: number;
  /** Clicks to learn from, about; the newest days are taken. */
  readonly maxClicks: number;
  /** Newest sessions of each item to learn from. */
  readonly sessionsPerItem: number;
  /** Clicks a day that no person makes. */
  readonly maxClicksPerDay: number;
  readonly clock: () => number;
}

const DAY_MS = 86_400_000;
/** Popular items kept of each country. */
const COUNTRY_ITEMS = 200;

/** Sessions by `infra/bigquery/training/sessions.sql`: BigQuery builds and exports them, this streams the shards. */
export function makeBigQueryTrainingData(options: BigQueryTrainingDataOptions): TrainingWarehouse {
  const { bigquery, project, dataset, clock } = options;
  const bucket = options.storage.bucket(options.bucket);
  return {
    async export(version) {
      const prefix = `training/${version}/`;
      const discard = (): Promise<void> => bucket.deleteFiles({ prefix, force: true });
      // A broken-off export leaves shards that overwriting does not reach.
      await discard();
      const now = clock();
      const params = {
        since: bigquery.timestamp(new Date(now - options.days * DAY_MS)),
        until: bigquery.timestamp(new Date(now)),
        interactions: [...ITEM_INTERACTIONS],
        clicks_per_day: options.maxClicksPerDay,
      };
      await bigquery.query({
        query: `EXPORT DATA OPTIONS (uri = 'gs://${options.bucket}/${prefix}sessions-*.json.gz', format = 'JSON', compression = 'GZIP', overwrite = true) AS
${await trainingQuery('sessions', { project, dataset })}`,
        params: {
          ...params,
          max_clicks: options.maxClicks,
          sessions_per_item: options.sessionsPerItem,
        },
      });
      const rows = async (name: 'items' | 'countries', more: Readonly<Record<string, number>> = {}) =>
        bigquery.createQueryStream({
          query: await trainingQuery(name, { project, dataset }),
          params: { ...params, ...more },
        });
      return {
        sessions: () => readShards(bucket, prefix),
        shelves: async () =>
          shelvesOf(await rows('items'), await rows('countries', { items_each: COUNTRY_ITEMS })),
        discard,
      };
    },
  };
}
