import { setTimeout as sleep } from 'node:timers/promises';
import { cloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { count, milliseconds } from '../../shared/config.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { DATASET, TABLES, type Table, TOPICS } from '../../shared/pipeline.ts';
import { makeAppendConnection } from './append-connection.ts';
import { makeStreamOpener } from './storage-write.ts';
import { makeTableAppender } from './table-appender.ts';
import { makeWarehouse } from './warehouse.ts';

const tools = functionTools('warehouse', {
  DATASET: z.string().min(1).default(DATASET).describe('The BigQuery dataset of the warehouse.'),
  BIGQUERY_WRITE_EMULATOR_HOST: z
    .string()
    .regex(/^[^/:]+:\d+$/)
    .optional()
    .describe(
      'host:port of a Storage Write API emulator, for example 127.0.0.1:9060; unset for the real one.',
    ),
  APPEND_DEADLINE_MS: milliseconds(15_000).describe(
    'How long BigQuery may take to answer one append. Milliseconds.',
  ),
  APPEND_RETRY_MS: milliseconds(20_000).describe(
    'How long an append is tried again before its message is left to redelivery. Milliseconds.',
  ),
  MAX_IN_FLIGHT_BYTES: count(10 * 1024 * 1024).describe(
    'Bytes sent to BigQuery and not yet answered, at most.',
  ),
});
const { config, identity, project, publisher, log } = tools;

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
  appenders: {
    [TABLES.events]: appenderOf(TABLES.events),
    [TABLES.failed]: appenderOf(TABLES.failed),
    [TABLES.recommendations]: appenderOf(TABLES.recommendations),
    [TABLES.consentDrops]: appenderOf(TABLES.consentDrops),
  },
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
    { identity, project, publisher, log },
  ),
);
