import { setTimeout as sleep } from 'node:timers/promises';
import { BigQuery } from '@google-cloud/bigquery';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import type { FailedEvent } from '../../shared/events.ts';
import { LIMITS } from '../../shared/limits.ts';
import { TABLES } from '../../shared/pipeline.ts';
import { asReplayed } from '../../shared/replayed.ts';
import { type AppendConnection, makeAppendConnection } from '../warehouse/append-connection.ts';
import { makeGcsPayloads } from '../warehouse/gcs-payloads.ts';
import { rowOf } from '../warehouse/quarantine.ts';
import { makeStreamOpener } from '../warehouse/storage-write.ts';
import { makeTableAppender } from '../warehouse/table-appender.ts';
import { makeBigQueryFailedEvents } from './bigquery-failed-events.ts';
import { failedOf, NOW, recordingPublisher } from './fixtures.ts';
import { makeGcsPayloadReader } from './gcs-payload-reader.ts';
import { makeReplay } from './replay.ts';
import { parseWhere } from './where.ts';

/** Failed events written as warehouse writes them, replayed over the official clients. */
describe('replay on BigQuery and Cloud Storage', () => {
  const project = 'demo-replay';
  const dataset = 'nextclick';
  const bucket = `${project}-quarantine`;
  let emulators: readonly RunningEmulator[] = [];
  let connection: AppendConnection;
  let bigquery: BigQuery;
  let store: (rows: readonly FailedEvent[]) => Promise<void>;
  let setUp: ReturnType<typeof makeSetUp>;

  const makeSetUp = (storageUrl: string) => () => {
    const { publisher, published } = recordingPublisher();
    const replay = makeReplay({
      failedEvents: makeBigQueryFailedEvents({ bigquery, project, dataset }),
      payloads: makeGcsPayloadReader(
        openCloudStorage({ projectId: project, emulatorHost: storageUrl }),
        bucket,
      ),
      publisher,
      clock: () => NOW,
    });
    const run = (where: string, fields: object = {}) =>
      replay({
        replayId: 'run-1',
        where: parseWhere(where),
        until: new Date(NOW).toISOString(),
        limit: 100,
        again: false,
        ...fields,
      });
    return { run, published };
  };

  beforeAll(async () => {
    const [warehouse, storage] = await Promise.all([startBigQueryEmulator({}), startStorageEmulator({})]);
    emulators = [warehouse, storage];
    bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
    await applyWarehouse({ bigquery, dataset, location: 'EU' });
    const client = openCloudStorage({ projectId: project, emulatorHost: storage.url });
    await client.bucket(bucket).create();
    connection = makeAppendConnection({
      open: makeStreamOpener(project, warehouse.env.BIGQUERY_WRITE_EMULATOR_HOST),
      deadlineMs: 10_000,
      maxInFlightBytes: 10_000_000,
    });
    const table = makeTableAppender({
      connection,
      dataset: `projects/${project}/datasets/${dataset}`,
      table: TABLE_DEFINITIONS[TABLES.failed],
      retryForMs: 1000,
      clock: Date.now,
      sleep,
      random: Math.random,
    });
    const payloads = makeGcsPayloads(client, bucket);
    store = async (rows) => {
      const outcomes = await table.append(await Promise.all(rows.map((row) => rowOf(row, payloads))));
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    };
    setUp = makeSetUp(storage.url);
  });
  afterAll(async () => {
    connection?.close();
    await Promise.all(emulators.map((emulator) => emulator.close()));
  });

  test('finds by condition, publishes whole payloads, marks, and does not find again', async () => {
    const long = { event_id: 'long', text: '€'.repeat(LIMITS.failedPayload) };
    const rows = [
      failedOf({ event_id: 'a' }, { failed_id: 'a', event_id: 'a', path: "it's" }),
      failedOf(long, { failed_id: 'long', event_id: 'long', attempts: 3 }),
      failedOf({ event_id: 'other' }, { failed_id: 'other', reason: 'internal' }),
      failedOf({ event_id: 'late' }, { failed_id: 'late', failed_at: new Date(NOW + 1).toISOString() }),
    ];
    // Delivered twice: rows and the long payload are there once all the same.
    await store(rows);
    await store(rows);
    const { run, published } = setUp();
    const condition =
      "reason = 'invalid_event' AND failed_at > '2026-11-21' AND (path IS NULL OR path = 'it''s')";
    expect(await run(condition, { dryRun: true })).toMatchObject({ found: 2, replayed: 2 });
    expect(await run(condition)).toMatchObject({ found: 2, replayed: 2, skipped: {} });
    expect(published.map(({ events }) => events[0])).toEqual(
      expect.arrayContaining([{ event_id: 'a' }, long]),
    );
    expect(await run(condition)).toMatchObject({ found: 0 });
    expect(await run(condition, { again: true })).toMatchObject({ found: 0 });
    expect(await run(condition, { again: true, replayId: 'run-2' })).toMatchObject({ found: 2 });
    const [marked] = await bigquery.query(
      `SELECT failed_id, replayed_in, payload_uri, attempts FROM \`${dataset}.failed_events\`
       WHERE replayed_at IS NOT NULL ORDER BY failed_id`,
    );
    expect(marked).toEqual([
      { failed_id: 'a', replayed_in: expect.any(String), payload_uri: null, attempts: 1 },
      {
        failed_id: 'long',
        replayed_in: expect.any(String),
        payload_uri: `gs://${bucket}/failed-events/2026-11-21/long`,
        attempts: 3,
      },
    ]);
  });

  test('finds what comes after a place, by time and then by id', async () => {
    const [early, late] = [new Date(NOW - 2000).toISOString(), new Date(NOW - 1000).toISOString()];
    const ids = ['c2', 'c1', 'd1'];
    await store(
      ids.map((id) =>
        failedOf(
          { event_id: id },
          { failed_id: id, function: 'load', failed_at: id === 'd1' ? late : early },
        ),
      ),
    );
    const { run } = setUp();
    const found = (after: object) => run("function = 'load'", { dryRun: true, after });
    expect(await found({ failed_at: early, failed_id: 'c1' })).toMatchObject({
      found: 2,
      last: { failed_id: 'd1' },
    });
    expect(await found({ failed_at: early, failed_id: 'c2' })).toMatchObject({ found: 1 });
    expect(await found({ failed_at: late, failed_id: 'd1' })).toMatchObject({ found: 0 });
  });

  test('a second failure is a row of its own that no run finds unless told to', async () => {
    const first = failedOf({ event_id: 'b' }, { failed_id: 'b', event_id: 'b', function: 'push' });
    await store([first]);
    const { run, published } = setUp();
    await run("function = 'push'", { replayId: 'run-3' });
    const [message] = published;
    await store([asReplayed(first, message?.attributes ?? {})]);
    const [rows] = await bigquery.query(
      `SELECT failed_id, replay_of, replay_id, attempts, replayed_in FROM \`${dataset}.failed_events\`
       WHERE event_id = 'b' ORDER BY replay_of`,
    );
    expect(rows).toEqual([
      { failed_id: 'b', replay_of: null, replay_id: null, attempts: 1, replayed_in: 'run-3' },
      {
        failed_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        replay_of: 'b',
        replay_id: 'run-3',
        attempts: 2,
        replayed_in: null,
      },
    ]);
    expect(await run("function = 'push'", { replayId: 'run-4' })).toMatchObject({ found: 0 });
    expect(await run("replay_id = 'run-3'", { replayId: 'run-4', again: true })).toMatchObject({ found: 1 });
  });
});
