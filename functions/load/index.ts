import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import pLimit from 'p-limit';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { BUCKETS, bucketName, rawTable, TABLES, TOPICS } from '../../shared/pipeline.ts';
import { cleaningSettings } from '../enrich/cleaning-variables.ts';
import { makeEnrich } from '../enrich/enrich.ts';
import { makeFirestoreProfiles } from '../enrich/firestore-profiles.ts';
import { makeFirestoreTombstones } from '../enrich/firestore-tombstones.ts';
import { makeForgotten } from '../enrich/forgotten.ts';
import { makeMemoryProfiles } from '../enrich/history/memory-profiles.ts';
import { makeBigQueryStaging } from './bigquery-staging.ts';
import { makeFirestoreLedger } from './firestore-ledger.ts';
import { makeFirestoreProducts } from './firestore-products.ts';
import { makeGcsObjects } from './gcs-objects.ts';
import { makeLoad } from './load.ts';
import { makeObjectHandler, type ObjectData } from './object-handler.ts';
import { loadSources } from './sources.ts';
import { makeTaskRoute } from './task-route.ts';
import { loadVariables } from './variables.ts';

// Before the configuration, which is missing where a bundle's code is compiled (ADR 0190): what reads them is compiled too.
const sources = loadSources();
const { config, identity, project, log, publisher, tracer } = functionTools('load', loadVariables);
const firestore = new Firestore({ projectId: project });
const catalog = makeFirestoreCatalog(firestore, { ttlMs: 60_000, maxEntries: 20_000 });
const profiles = makeFirestoreProfiles(firestore);
const forgotten = makeForgotten({
  store: makeFirestoreTombstones(firestore),
  ttlMs: config.FORGOTTEN_TTL_MS,
  clock: Date.now,
});

const load = makeLoad({
  identity,
  objects: makeGcsObjects({ projectId: project }),
  sources,
  ledger: makeFirestoreLedger(firestore),
  publisher,
  products: makeFirestoreProducts(firestore),
  staging: makeBigQueryStaging({
    bigquery: makeBigQuery(project),
    bucket: openCloudStorage({ projectId: project }).bucket(bucketName(project, BUCKETS.staging)),
    dataset: config.DATASET,
    table: rawTable(TABLES.events),
    jobTimeoutMs: config.RUN_MS,
  }),
  cleaning: (to, { mapping }) =>
    makeEnrich({
      identity,
      settings: cleaningSettings(config),
      profiles: mapping.history.fill_profiles ? profiles : makeMemoryProfiles(),
      catalog,
      publisher: to,
      forgotten,
      clock: Date.now,
      sleep,
      random: Math.random,
    }),
  limits: {
    chunkBytes: config.CHUNK_BYTES,
    runMs: config.RUN_MS,
    maxBadShare: config.MAX_BAD_SHARE,
    concurrency: config.PUBLISH_CONCURRENCY,
  },
});

const onObject = makeObjectHandler({ load, project, log, tracer });
const onMessage = batchFunction(
  { [TOPICS.loadChunks]: route(makeTaskRoute(load)) },
  { identity, project, publisher, log, tracer },
);
// In the cloud an instance has one request at a time; locally, and where that is changed, memory is bounded here.
const limit = pLimit(config.RUNS_AT_A_TIME);
cloudEvent('load', (event: CloudEvent<ObjectData & MessagePublishedData>) =>
  limit(() => (event.data?.message ? onMessage(event) : onObject(event))),
);
