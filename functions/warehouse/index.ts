import { setTimeout as sleep } from 'node:timers/promises';
import { cloudEvent } from '@google-cloud/functions-framework';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { BUCKETS, bucketName, type Table, TOPICS } from '../../shared/pipeline.ts';
import { makeAppendConnection } from './append-connection.ts';
import { makeGcsPayloads } from './gcs-payloads.ts';
import { makeStreamOpener } from './storage-write.ts';
import { makeTableAppender } from './table-appender.ts';
import { warehouseVariables } from './variables.ts';
import { makeWarehouse } from './warehouse.ts';

const tools = functionTools('warehouse', warehouseVariables);
const { config, identity, project, publisher, log, tracer } = tools;

const connection = makeAppendConnection({
  open: makeStreamOpener(project, config.BIGQUERY_WRITE_EMULATOR_HOST),
  deadlineMs: config.APPEND_DEADLINE_MS,
  maxInFlightBytes: config.MAX_IN_FLIGHT_BYTES,
});
const appenderOf = (table: Table) =>
  makeTableAppender({
    connection,
    dataset: `projects/${project}/datasets/${config.DATASET}`,
    table: TABLE_DEFINITIONS[table],
    retryForMs: config.APPEND_RETRY_MS,
    clock: Date.now,
    sleep,
    random: Math.random,
  });

const routes = makeWarehouse({
  identity,
  appenderOf,
  payloads: makeGcsPayloads(
    openCloudStorage({ projectId: project }),
    bucketName(project, BUCKETS.quarantine),
  ),
  clock: Date.now,
});

cloudEvent(
  'warehouse',
  batchFunction(
    {
      [TOPICS.enriched]: route(routes.enriched),
      [TOPICS.failed]: route(routes.failed),
      [TOPICS.recommendations]: route(routes.recommendations),
      [TOPICS.consentDrops]: route(routes.consentDrops),
      [TOPICS.deadLetters]: route(routes.deadLetters),
    },
    { identity, project, publisher, log, tracer },
  ),
);
