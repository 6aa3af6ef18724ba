import { setTimeout as sleep } from 'node:timers/promises';
import { BigQuery, type TableSchema } from '@google-cloud/bigquery';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { rawTable, TABLES, type Table, TOPICS } from '../../shared/pipeline.ts';
import { type AppendConnection, makeAppendConnection } from './append-connection.ts';
import { batchContext, enrichedEvent, failedEvent, NOW } from './fixtures.ts';
import { makeStreamOpener } from './storage-write.ts';
import { makeTableAppender } from './table-appender.ts';
import { makeWarehouse, type WarehouseRoutes } from './warehouse.ts';

/** The warehouse and its dataset over the official clients, against the BigQuery emulator. */
describe('the warehouse on BigQuery', () => {
  const project = 'demo-warehouse';
  const dataset = 'nextclick';
  let emulator: RunningEmulator;
  let connection: AppendConnection;
  let bigquery: BigQuery;
  let routes: WarehouseRoutes;

  const routesTo = (target: string): WarehouseRoutes => {
    const appenderOf = (table: Table) =>
      makeTableAppender({
        connection,
        dataset: `projects/${project}/datasets/${target}`,
        table: TABLE_DEFINITIONS[table],
        retryForMs: 1000,
        clock: Date.now,
        sleep,
        random: Math.random,
      });
    return makeWarehouse({
      identity: { name: 'warehouse', version: 'test' },
      appenderOf,
      payloads: { keep: async ({ failed_id }) => `gs://quarantine/${failed_id}` },
      clock: () => NOW,
    });
  };

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const [rows] = await bigquery.query({
      query: sql,
      defaultDataset: { datasetId: dataset, projectId: project },
    });
    return rows as Record<string, unknown>[];
  };

  beforeAll(async () => {
    emulator = await startBigQueryEmulator({});
    bigquery = new BigQuery({ projectId: project, apiEndpoint: emulator.url });
    await applyWarehouse({ bigquery, dataset, location: 'EU' });
    connection = makeAppendConnection({
      open: makeStreamOpener(project, emulator.env.BIGQUERY_WRITE_EMULATOR_HOST),
      deadlineMs: 10_000,
      maxInFlightBytes: 10_000_000,
    });
    routes = routesTo(dataset);
  });
  afterAll(async () => {
    connection?.close();
    await emulator?.close();
  });

  test('applying the dataset again changes nothing', async () => {
    expect(await applyWarehouse({ bigquery, dataset, location: 'EU' })).toEqual({ created: [], updated: [] });
    const [tables] = await bigquery.dataset(dataset).getTables();
    const names = Object.values(TABLES).flatMap((table) => [table, rawTable(table)]);
    expect(tables.map((table) => table.id)).toEqual(expect.arrayContaining([...names, 'conservation']));
  });

  test('rows of every topic are stored once to the eye, and accounted for', async () => {
    const stored = ['a', 'b', 'b'].map((event_id) => enrichedEvent({ event_id }));
    await Promise.all([
      routes.enriched.handle(stored, batchContext(TOPICS.enriched).context),
      routes.consentDrops.handle(
        [{ event_id: 'c', dropped_at: new Date(NOW).toISOString() }],
        batchContext(TOPICS.consentDrops).context,
      ),
      routes.failed.handle(
        [failedEvent({ failed_id: 'f1', event_id: 'd' }), failedEvent({ failed_id: 'f2', event_id: 'a' })],
        batchContext(TOPICS.failed).context,
      ),
      routes.recommendations.handle(
        [
          {
            recommendation_id: 'r1',
            user_key: 'u',
            visitor_id: 'v',
            generated_at: new Date(NOW).toISOString(),
            trigger: {
              event_id: 'a',
              event_name: 'view_item',
              event_time: new Date(NOW).toISOString(),
              received_at: new Date(NOW).toISOString(),
            },
            items: [
              {
                item_id: 'hat',
                score: 0.5,
                reason: 'goes with shoes',
                why: { kind: 'together', item_id: 'shoe' },
              },
            ],
            source: 'model',
            model_version: 'm1',
          },
        ],
        batchContext(TOPICS.recommendations).context,
      ),
    ]);
    expect(
      await query('SELECT event_rows, stored, failed, consent_dropped, accepted FROM conservation'),
    ).toEqual([{ event_rows: 3, stored: 2, failed: 1, consent_dropped: 1, accepted: 4 }]);
    const [event] = await query(
      "SELECT event_id, event_time, value, items, page.host AS host, device.is_bot AS bot, properties FROM events WHERE event_id = 'b'",
    );
    expect(event).toMatchObject({
      event_id: 'b',
      value: 19,
      host: 'shop.example',
      bot: false,
    });
    expect(JSON.parse(String(event?.properties))).toEqual({ colour: 'red', sizes: [41, 42] });
    expect(event?.event_time).toMatchObject({ value: new Date(NOW).toISOString() });
    expect(event?.items).toMatchObject([{ item_id: 'shoe', price: 9.5, quantity: 2, in_catalog: true }]);
    const [recommendation] = await query('SELECT user_key, items FROM recommendations');
    expect(recommendation).toMatchObject({
      user_key: 'u',
      items: [{ item_id: 'hat', score: 0.5, why: { kind: 'together', item_id: 'shoe' } }],
    });
  });

  test('a row BigQuery refuses becomes a failed event, and the others are stored', async () => {
    const strict = 'strict';
    await bigquery.createDataset(strict);
    const { name, schema } = TABLE_DEFINITIONS[TABLES.events];
    const fields = schema.fields.map((column) =>
      column.name === 'search_term' ? { ...column, mode: 'REQUIRED' } : column,
    );
    await bigquery.dataset(strict).createTable(name, { schema: { fields } as TableSchema });
    const { enriched } = routesTo(strict);
    const events = [
      enrichedEvent({ event_id: 'fine', search_term: 'shoes' }),
      enrichedEvent({ event_id: 'bad' }),
      enrichedEvent({ event_id: 'too', search_term: 'hats' }),
    ];
    const result = await enriched.handle(events, batchContext(TOPICS.enriched).context);
    expect(result).toMatchObject({ out: 2, failed: [{ event_id: 'bad', reason: 'warehouse_rejected' }] });
    expect(result.failed?.[0]?.message).toContain('search_term');
    const [rows] = await bigquery.query(`SELECT event_id FROM \`${strict}.${name}\` ORDER BY event_id`);
    expect(rows).toEqual([{ event_id: 'fine' }, { event_id: 'too' }]);
  });

  test('a table that is not there is named, with what to do', async () => {
    await bigquery.dataset(dataset).table(rawTable(TABLES.consentDrops)).delete();
    const drop = { event_id: 'x', dropped_at: new Date(NOW).toISOString() };
    await expect(
      routes.consentDrops.handle([drop], batchContext(TOPICS.consentDrops).context),
    ).rejects.toThrow(/BigQuery has no table nextclick\.consent_drops_raw; apply infra\/bigquery/);
  });
});
