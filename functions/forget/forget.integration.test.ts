import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { documentId, pseudonym } from '../../shared/ids.ts';
import { LIMITS } from '../../shared/limits.ts';
import { BUCKETS, bucketName, COLLECTIONS, DATASET, TABLES, type Table } from '../../shared/pipeline.ts';
import { searchStores } from '../../test/helpers/search-stores.ts';
import { makeFirestoreTombstones } from '../enrich/firestore-tombstones.ts';
import { rawEvent } from '../enrich/fixtures.ts';
import { makeForgotten } from '../enrich/forgotten.ts';
import { type AppendConnection, makeAppendConnection } from '../warehouse/append-connection.ts';
import { enrichedEvent, failedEvent } from '../warehouse/fixtures.ts';
import { makeGcsPayloads } from '../warehouse/gcs-payloads.ts';
import { rowOf } from '../warehouse/quarantine.ts';
import { makeStreamOpener } from '../warehouse/storage-write.ts';
import { makeTableAppender } from '../warehouse/table-appender.ts';
import { openForget } from './open-forget.ts';

const PROJECT = 'demo-forget';
const KEY = 'a-key-for-tests-only';
const ADA = 'ada@shop.example';
const ADA_KEY = pseudonym(KEY, ADA);
const BOB_KEY = pseudonym(KEY, 'bob@shop.example');
const PAST = '2026-11-20T12:00:00.000Z';

/** People in every store, written as the pipeline writes them; then one of them is forgotten. */
describe('forget', () => {
  let emulators: readonly RunningEmulator[] = [];
  let bigquery: BigQuery;
  let firestore: Firestore;
  let storage: Storage;
  let connection: AppendConnection;
  let forget: ReturnType<typeof openForget>;
  /** When Ada is forgotten: after all of it was written. */
  let until = '';

  const append = async (table: Table, rows: readonly object[]): Promise<void> => {
    const appender = makeTableAppender({
      connection,
      dataset: `projects/${PROJECT}/datasets/${DATASET}`,
      table: TABLE_DEFINITIONS[table],
      retryForMs: 1000,
      clock: Date.now,
      sleep,
      random: Math.random,
    });
    expect((await appender.append(rows)).filter(({ ok }) => !ok)).toEqual([]);
  };
  const eventOf = (event_id: string, visitor_id: string, user_id?: string) => {
    const { customer: _, ...event } = enrichedEvent({
      event_id,
      event_time: PAST,
      received_at: PAST,
      visitor_id,
      anonymous_id: visitor_id,
      user_key: user_id ?? visitor_id,
      ...(user_id === undefined ? {} : { user_id }),
    });
    return event;
  };
  const recommendationOf = (id: string, user_key: string, visitor_id: string) => ({
    recommendation_id: id,
    user_key,
    visitor_id,
    generated_at: PAST,
    trigger: { event_id: 'e', event_name: 'view_item', event_time: PAST, received_at: PAST },
    items: [{ item_id: 'shoe', score: 1, reason: 'popular' }],
    source: 'model',
    model_version: '1',
  });
  const counts = async () => {
    const [[row]] = await bigquery.query(
      `SELECT stored, failed, consent_dropped FROM \`${DATASET}.conservation\``,
    );
    return Object.values(row as Record<string, unknown>).map(Number);
  };
  const file = (bucket: 'inbox' | 'quarantine', name: string) =>
    storage.bucket(bucketName(PROJECT, BUCKETS[bucket])).file(name);

  beforeAll(async () => {
    emulators = await Promise.all([
      startBigQueryEmulator({}),
      startFirestoreEmulator(),
      startStorageEmulator({}),
    ]);
    const env = Object.assign({}, ...emulators.map((emulator) => emulator.env)) as Record<string, string>;
    Object.assign(process.env, env);
    const [warehouse, documents, objects] = emulators;
    bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: warehouse?.url ?? '' });
    await applyWarehouse({ bigquery, dataset: DATASET, location: 'EU' });
    firestore = ownerClient(new URL(documents?.url ?? '').host, PROJECT);
    storage = openCloudStorage({ projectId: PROJECT, emulatorHost: objects?.url });
    for (const bucket of Object.values(BUCKETS)) await storage.bucket(bucketName(PROJECT, bucket)).create();
    connection = makeAppendConnection({
      open: makeStreamOpener(PROJECT, env.BIGQUERY_WRITE_EMULATOR_HOST),
      deadlineMs: 10_000,
      maxInFlightBytes: 10_000_000,
    });
    forget = openForget({ project: PROJECT, dataset: DATASET, pseudonymKey: KEY, sweepAfterMs: 0 });
    await fillStores();
    until = new Date(Date.now() + 1).toISOString();
  });
  afterAll(async () => {
    connection?.close();
    await forget?.close();
    await firestore?.terminate();
    for (const emulator of emulators) {
      for (const name of Object.keys(emulator.env)) delete process.env[name];
      await emulator.close();
    }
  });

  /** Ada on her phone, and on a tablet that is Bob's by now; Bob; and what failed of both. */
  async function fillStores(): Promise<void> {
    await append(TABLES.events, [
      eventOf('ada-1', 'phone', ADA_KEY),
      eventOf('ada-2', 'phone'),
      eventOf('ada-3', 'tablet', ADA_KEY),
      eventOf('bob-1', 'tablet', BOB_KEY),
      eventOf('bob-2', 'tablet'),
    ]);
    await append(TABLES.recommendations, [
      recommendationOf('r1', ADA_KEY, 'phone'),
      recommendationOf('r2', 'phone', 'phone'),
      recommendationOf('r3', BOB_KEY, 'tablet'),
    ]);
    const long = { event_id: 'f2', text: 'x'.repeat(LIMITS.failedPayload), user_id: ADA };
    const failures = [
      failedEvent({
        failed_id: 'f1',
        event_id: 'f1',
        payload: JSON.stringify({ user_id: ADA.toUpperCase() }),
      }),
      failedEvent({ failed_id: 'f2', event_id: 'f2', payload: JSON.stringify(long) }),
      failedEvent({ failed_id: 'f3', event_id: 'f3', payload: '{"user_id":"bob@shop.example"}' }),
    ];
    const payloads = makeGcsPayloads(storage, bucketName(PROJECT, BUCKETS.quarantine));
    await append(
      TABLES.failed,
      await Promise.all(failures.map((failed) => rowOf({ ...failed, failed_at: PAST }, payloads))),
    );
    const profile = { first_seen: PAST, history: '[]', sessions: '[]', linked_at: PAST };
    const profiles = { [ADA_KEY]: null, [BOB_KEY]: null, phone: ADA_KEY, tablet: BOB_KEY };
    for (const [user_key, linked_to] of Object.entries(profiles)) {
      await firestore
        .collection(COLLECTIONS.profiles)
        .doc(documentId(user_key))
        .set({ ...profile, user_key, linked_to });
    }
    for (const visitor of ['phone', 'tablet']) {
      await firestore.collection(COLLECTIONS.recommendations).doc(visitor).set({ generated_at: PAST });
      await firestore.doc(`${COLLECTIONS.devices}/${visitor}/tokens/t`).set({ token: `token-of-${visitor}` });
    }
    const lines = [`{"user_id":"${ADA}"}`, '{"user_id":"bob@shop.example"}', ''].join('\n');
    await file('inbox', 'rejected/native/day.ndjson.gz').save(gzipSync(lines));
    await file('inbox', 'native/loaded.ndjson').save(lines);
    await file('inbox', 'native/loading.ndjson').save(lines);
    const uri = (name: string) => `gs://${bucketName(PROJECT, BUCKETS.inbox)}/native/${name}`;
    await firestore
      .collection(COLLECTIONS.loads)
      .doc('l1')
      .set({ object: uri('loaded.ndjson'), state: 'done' });
    await firestore
      .collection(COLLECTIONS.loads)
      .doc('l2')
      .set({ object: uri('loading.ndjson'), state: 'loading' });
  }

  test('nothing of the person is left in any store, nobody else loses anything, and every event is accounted for', async () => {
    const adas = [ADA, ADA_KEY, 'phone'];
    expect((await searchStores({ bigquery, firestore, storage }, adas)).length).toBeGreaterThan(10);
    expect(await counts()).toEqual([5, 3, 0]);

    const report = await forget.forget({ userId: ADA }, until);
    expect(report).toMatchObject({
      keys: 2,
      removed: {
        bigquery_events: 3,
        bigquery_recommendations: 2,
        bigquery_failed_events: 2,
        firestore_profiles: 2,
        firestore_recommendations: 1,
        firestore_devices: 1,
        storage_payloads: 1,
        storage_files_rewritten: 1,
        storage_files_deleted: 1,
      },
      left: [expect.stringContaining('native/loading.ndjson is still being loaded')],
    });
    expect(JSON.stringify(report)).not.toContain(ADA);
    expect(await counts()).toEqual([2, 1, 5]);

    // A late row is hidden at once, by the tombstone; the sweep erases it, and what was still being loaded.
    await append(TABLES.events, [eventOf('ada-late', 'phone', ADA_KEY)]);
    const [shown] = await bigquery.query(`SELECT event_id FROM \`${DATASET}.events\` ORDER BY event_id`);
    expect(shown).toEqual([{ event_id: 'bob-1' }, { event_id: 'bob-2' }]);
    await firestore.collection(COLLECTIONS.loads).doc('l2').update({ state: 'done' });
    expect(await forget.sweep()).toBe(1);
    expect(await forget.sweep()).toBe(0);

    expect(await searchStores({ bigquery, firestore, storage }, adas)).toEqual([]);
    expect(await counts()).toEqual([2, 1, 6]);
    const bobs = await searchStores({ bigquery, firestore, storage }, [
      BOB_KEY,
      'bob@shop.example',
      'tablet',
    ]);
    expect(bobs).toEqual(
      [
        'bigquery nextclick.events_raw',
        'bigquery nextclick.events_raw',
        'bigquery nextclick.failed_events_raw',
        'bigquery nextclick.recommendations_raw',
        'firestore devices/tablet/tokens/t',
        `firestore profiles/${BOB_KEY}`,
        'firestore profiles/tablet',
        'firestore recommendations/tablet',
        `gs://${PROJECT}-inbox/rejected/native/day.ndjson.gz`,
      ].sort(),
    );
  });

  test('enrich drops what happened before, and takes what the person does since', async () => {
    const forgotten = makeForgotten({
      store: makeFirestoreTombstones(firestore),
      ttlMs: 60_000,
      clock: Date.now,
    });
    const isForgotten = await forgotten(KEY);
    const since = new Date(Date.parse(until) + 1).toISOString();
    const by = (fields: object, received_at = since) => rawEvent({ ...fields, collector: { received_at } });
    expect(isForgotten(by({ user_id: ADA, event_time: PAST }))).toBe(true);
    expect(isForgotten(by({ anonymous_id: 'phone', event_time: PAST }))).toBe(true);
    expect(isForgotten(by({ user_id: ADA, event_time: since }, PAST))).toBe(true);
    expect(isForgotten(by({ user_id: ADA, event_time: since }))).toBe(false);
    expect(isForgotten(by({ user_id: 'bob', anonymous_id: 'phone', event_time: PAST }))).toBe(false);
    expect(isForgotten(by({ anonymous_id: 'tablet', event_time: PAST }))).toBe(false);
  });

  test('forgetting again finds nothing; a device that belongs to a user is refused', async () => {
    const report = await forget.forget({ userId: ADA }, until);
    expect(Object.values(report.removed).every((count) => count === 0)).toBe(true);
    await expect(forget.forget({ anonymousId: 'tablet' })).rejects.toThrow('belongs to a user');
  });

  test('what a person leaves after being forgotten outlasts the sweep', async () => {
    await forget.forget({ anonymousId: 'kiosk' }, PAST);
    const since = '2026-11-21T09:00:00.000Z';
    await firestore
      .collection(COLLECTIONS.profiles)
      .doc('kiosk')
      .set({ user_key: 'kiosk', first_seen: since, linked_to: null });
    await append(TABLES.events, [{ ...eventOf('new', 'kiosk'), event_time: since, received_at: since }]);
    expect(await forget.sweep()).toBeGreaterThan(0);
    expect(await searchStores({ bigquery, firestore, storage }, ['kiosk'])).toEqual([
      'bigquery nextclick.events_raw',
      'firestore profiles/kiosk',
    ]);
  });
});
