import { setTimeout as sleep } from 'node:timers/promises';
import { BigQuery } from '@google-cloud/bigquery';
import { makeAppendConnection } from '../../functions/warehouse/append-connection.ts';
import { makeStreamOpener } from '../../functions/warehouse/storage-write.ts';
import { makeTableAppender } from '../../functions/warehouse/table-appender.ts';
import { makeWarehouse } from '../../functions/warehouse/warehouse.ts';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { silentLogger } from '../../shared/log.ts';
import { TABLES, TOPICS } from '../../shared/pipeline.ts';

/** Stores the events of a message, given its data in base64. */
export type StoreMessage = (data: string, index: number) => Promise<void>;

export const PROJECT = 'demo-bench';

/** The warehouse function itself, with the dataset given. @throws Error where a row is refused */
export function warehouseFunction(dataset: string, writeHost: string): StoreMessage {
  const connection = makeAppendConnection({
    open: makeStreamOpener(PROJECT, writeHost),
    deadlineMs: 60_000,
    maxInFlightBytes: 8_000_000,
  });
  const appender = makeTableAppender({
    connection,
    dataset: `projects/${PROJECT}/datasets/${dataset}`,
    table: TABLE_DEFINITIONS[TABLES.events],
    retryForMs: 0,
    clock: Date.now,
    sleep,
    random: Math.random,
  });
  const identity = { name: 'warehouse', version: 'bench' };
  const { enriched } = makeWarehouse({
    identity,
    appenderOf: () => appender,
    payloads: { keep: () => Promise.reject(new Error('no payload is too long for its row')) },
    clock: Date.now,
  });
  const publisher = {
    publish: async () => {
      throw new Error('a row was refused');
    },
  };
  const handle = batchFunction(
    { [TOPICS.enriched]: route(enriched) },
    { identity, project: PROJECT, publisher, log: silentLogger },
  );
  return (data, index) =>
    handle({
      specversion: '1.0',
      id: String(index),
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      source: `//pubsub.googleapis.com/projects/${PROJECT}/topics/${TOPICS.enriched}`,
      data: { message: { data, messageId: String(index), attributes: {} } },
    });
}

/** What a function does that uses the official client's streaming insert. @throws Error where a row is refused */
export function insertAll(dataset: string, url: string): StoreMessage {
  const table = new BigQuery({ projectId: PROJECT, apiEndpoint: url })
    .dataset(dataset)
    .table(TABLE_DEFINITIONS[TABLES.events].name);
  return async (data) => {
    const { events } = JSON.parse(Buffer.from(data, 'base64').toString()) as { readonly events: Row[] };
    // A column of JSON takes text.
    await table.insert(events.map((event) => ({ ...event, properties: JSON.stringify(event.properties) })));
  };
}

interface Row {
  readonly properties: object;
}
