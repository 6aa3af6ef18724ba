import type { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import type { Storage } from '@google-cloud/storage';
import { makeBigQueryFailedEvents } from '../../../functions/replay/bigquery-failed-events.ts';
import { makeGcsPayloadReader } from '../../../functions/replay/gcs-payload-reader.ts';
import { makeReplay } from '../../../functions/replay/replay.ts';
import { BUCKETS, bucketName, DATASET } from '../../../shared/pipeline.ts';
import type { Publisher } from '../../../shared/publisher.ts';
import type { ViewSources } from './app.ts';
import { makeQueryRows } from './bigquery-rows.ts';
import { countFailures, listFailures } from './failed-events.ts';
import { clickThrough, listModels } from './models.ts';
import { replayFailures } from './replay-failures.ts';
import { runSql } from './sql-box.ts';
import { storedJourney } from './stored-journey.ts';

/** Official clients, of emulators or of Google's services. */
export interface ViewClients {
  readonly project: string;
  readonly bigquery: BigQuery;
  readonly firestore: Firestore;
  readonly storage: Storage;
  readonly publisher: Publisher;
}

/** All that the view shows of the warehouse and of Firestore; a journey is what the warehouse knows of it. */
export function storeSources(clients: ViewClients): Omit<ViewSources, 'feed' | 'spans' | 'onWatchers'> {
  const { project, bigquery, firestore, storage, publisher } = clients;
  const query = makeQueryRows(bigquery);
  const replay = makeReplay({
    failedEvents: makeBigQueryFailedEvents({ bigquery, project, dataset: DATASET }),
    payloads: makeGcsPayloadReader(storage, bucketName(project, BUCKETS.quarantine)),
    publisher,
    clock: Date.now,
  });
  return {
    journey: (id) => storedJourney(query, id),
    failures: (filter) => listFailures(query, filter),
    failureCounts: () => countFailures(query),
    models: () => listModels(firestore),
    clickThrough: () => clickThrough(query),
    sql: (sql) => runSql(query, sql),
    replay: (order) => replayFailures(replay, order, Date.now()),
  };
}
