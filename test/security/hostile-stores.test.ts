import { setTimeout as sleep } from 'node:timers/promises';
import { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { makeEnrich } from '../../functions/enrich/enrich.ts';
import { makeFirestoreProfiles } from '../../functions/enrich/firestore-profiles.ts';
import { fakePublisher, SETTINGS } from '../../functions/enrich/fixtures.ts';
import { clean } from '../../functions/enrich/text.ts';
import { makeBigQueryPeople } from '../../functions/forget/bigquery-people.ts';
import { makeFirestorePeople } from '../../functions/forget/firestore-people.ts';
import { mentionsOf } from '../../functions/forget/mentions.ts';
import { makeInbox } from '../../functions/ingest/inbox.ts';
import { makeFirestoreRecommendations } from '../../functions/push/firestore-recommendations.ts';
import { makeBigQueryFailedEvents } from '../../functions/replay/bigquery-failed-events.ts';
import { parseWhere } from '../../functions/replay/where.ts';
import { type AppendConnection, makeAppendConnection } from '../../functions/warehouse/append-connection.ts';
import { batchContext } from '../../functions/warehouse/fixtures.ts';
import { makeStreamOpener } from '../../functions/warehouse/storage-write.ts';
import { makeTableAppender } from '../../functions/warehouse/table-appender.ts';
import { makeWarehouse, type TopicTable } from '../../functions/warehouse/warehouse.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import type { EnrichedEvent, FailedEvent, RawEvent } from '../../shared/events.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { COLLECTIONS, TOPICS } from '../../shared/pipeline.ts';
import { HOSTILE, hostileEvent } from '../helpers/hostile.ts';

const project = 'demo-hostile';
const dataset = 'nextclick';
const identity = { name: 'test', version: 'test' };

/** Hostile texts in every field a client fills, through the cores of the functions into real stores: data, and never code. */
describe('hostile values', () => {
  let emulators: readonly RunningEmulator[] = [];
  let bigquery: BigQuery;
  let firestore: Firestore;
  let connection: AppendConnection;

  beforeAll(async () => {
    const [warehouse, documents] = await Promise.all([startBigQueryEmulator({}), startFirestoreEmulator()]);
    emulators = [warehouse, documents];
    bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
    await applyWarehouse({ bigquery, dataset, location: 'EU' });
    firestore = ownerClient(new URL(documents.url).host, project);
    connection = makeAppendConnection({
      open: makeStreamOpener(project, warehouse.env.BIGQUERY_WRITE_EMULATOR_HOST),
      deadlineMs: 10_000,
      maxInFlightBytes: 10_000_000,
    });
  });
  afterAll(async () => {
    connection?.close();
    await firestore?.terminate();
    for (const emulator of emulators) await emulator.close();
  });

  const query = async (sql: string) =>
    (await bigquery.query(sql.replaceAll('$', dataset)))[0] as Record<string, unknown>[];

  /** Ingest's judgement, enrich and warehouse, one after the other. Answers what the first two put on topics. */
  async function passOn(events: readonly object[]) {
    const outbox = fakePublisher();
    const publisher = outbox.publisher;
    const { failed = [] } = await makeInbox({ identity, publisher }).handle(
      events,
      batchContext(TOPICS.inbox).context,
    );
    const enrich = makeEnrich({
      identity,
      settings: SETTINGS,
      profiles: makeFirestoreProfiles(firestore),
      catalog: makeFirestoreCatalog(firestore, { ttlMs: 0, maxEntries: 100 }),
      publisher,
      clock: Date.now,
      sleep: async () => undefined,
      random: () => 0.5,
    });
    const late = await enrich.handle(
      outbox.on(TOPICS.raw) as readonly RawEvent[],
      batchContext(TOPICS.raw).context,
    );
    const enriched = outbox.on(TOPICS.enriched) as readonly EnrichedEvent[];
    const appenderOf = (table: TopicTable) =>
      makeTableAppender({
        connection,
        dataset: `projects/${project}/datasets/${dataset}`,
        table: TABLE_DEFINITIONS[table],
        retryForMs: 1000,
        clock: Date.now,
        sleep,
        random: Math.random,
      });
    const routes = makeWarehouse({
      identity,
      appenderOf,
      payloads: { keep: async () => 'gs://none/none' },
      clock: Date.now,
    });
    const stored = await routes.enriched.handle(enriched, batchContext(TOPICS.enriched).context);
    const allFailed: readonly FailedEvent[] = [...failed, ...(late.failed ?? []), ...(stored.failed ?? [])];
    if (allFailed.length > 0) await routes.failed.handle(allFailed, batchContext(TOPICS.failed).context);
    return { enriched, failed: allFailed };
  }

  test('become rows and documents of the text that they are', async () => {
    const { enriched, failed } = await passOn(HOSTILE.map(hostileEvent));
    expect(enriched.length + failed.length).toBe(HOSTILE.length);
    expect(failed).toEqual([]);
    const rows = await query('SELECT event_id, search_term FROM $.events');
    const terms = new Map(rows.map(({ event_id, search_term }) => [event_id, search_term]));
    for (const [index, text] of HOSTILE.entries()) {
      const cleaned = clean(text);
      expect([text, terms.get(`hostile-${index}`)]).toEqual([text, cleaned === '' ? null : cleaned]);
    }
    expect(terms.size).toBe(HOSTILE.length);

    const screens = makeFirestoreRecommendations(firestore);
    expect((await screens.read(HOSTILE)).size).toBe(0);
    const known: readonly string[] = Object.values(COLLECTIONS);
    const collections = await firestore.listCollections();
    expect(collections.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
    const profiles = await firestore.collection(COLLECTIONS.profiles).listDocuments();
    expect(profiles.length).toBeGreaterThan(HOSTILE.length);
    expect(profiles.filter(({ id }) => !/^[\w-]{1,128}$/.test(id)).map(({ id }) => id)).toEqual([]);
  });

  test('become failed events that conditions holding them find', async () => {
    const broken = HOSTILE.map((text, index) => ({
      ...hostileEvent(text, index),
      event_id: `broken-${index}`,
      value: text,
    }));
    expect((await passOn(broken)).failed).toHaveLength(HOSTILE.length);
    const failedEvents = makeBigQueryFailedEvents({ bigquery, project, dataset });
    for (const [index, text] of HOSTILE.entries()) {
      const where = parseWhere(`event_id = 'broken-${index}' AND path != '${text.replaceAll("'", "''")}'`);
      const until = new Date().toISOString();
      const found: FailedEvent[] = [];
      for await (const failed of failedEvents.select({
        replayId: text,
        where,
        until,
        limit: 9,
        again: false,
      })) {
        found.push(failed);
      }
      expect(found.map(({ payload }) => JSON.parse(payload).value)).toEqual([text]);
    }
  });

  test('are people who can be forgotten, and nobody else is with them', async () => {
    const rows = makeBigQueryPeople({ bigquery, project, dataset, readPayload: async () => undefined });
    const documents = makeFirestorePeople(firestore);
    const until = new Date(Date.now() + 1000).toISOString();
    const before = Number((await query('SELECT COUNT(*) AS n FROM $.events_raw'))[0]?.n);
    for (const text of [
      "'; DROP TABLE events_raw; --",
      '../../../../etc/passwd',
      '<img src=x onerror=alert(1)>',
    ]) {
      const index = HOSTILE.indexOf(text);
      const [row] = await query(`SELECT user_key FROM $.events WHERE event_id = 'hostile-${index}'`);
      const person = { userKey: String(row?.user_key), visitors: [text], names: [text] };
      expect(await rows.erase(person, until, mentionsOf(person.names))).toMatchObject({
        bigquery_events: 1,
        bigquery_failed_events: 1,
      });
      expect(await documents.erase(person, until)).toMatchObject({ firestore_profiles: 2 });
    }
    expect(Number((await query('SELECT COUNT(*) AS n FROM $.events_raw'))[0]?.n)).toBe(before - 3);
  });
});
