import { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { enrichedEvent, failedEvent } from '../../functions/warehouse/fixtures.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { COLLECTIONS, DATASET } from '../../shared/pipeline.ts';
import { auditEvents } from './audit.ts';
import type { Fate } from './journeys.ts';
import { differences, readProfiles } from './profiles.ts';
import { watchScreens } from './screens.ts';

/** The checks of a chaos run find what they look for: a check that cannot fail proves nothing. */
describe('what chaos looks for in Firestore', () => {
  let emulator: RunningEmulator;
  let firestore: Firestore;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    firestore = ownerClient(new URL(emulator.url).host, 'demo-checks');
  });
  afterAll(async () => {
    await firestore?.terminate();
    await emulator?.close();
  });

  test('a screen that goes back in time, and none that goes forward', async () => {
    const screens = watchScreens(firestore);
    const at = (second: number): string => new Date(1_790_000_000_000 + second * 1000).toISOString();
    const show = (visitor: string, event: number, generated: number) =>
      firestore
        .collection(COLLECTIONS.recommendations)
        .doc(visitor)
        .set({ generated_at: at(generated), trigger: { event_time: at(event) } });
    for (const [index, [visitor, event, generated]] of (
      [
        ['ada', 1, 2],
        ['bob', 1, 2],
        ['ada', 3, 3],
        ['bob', 1, 1],
      ] as const
    ).entries()) {
      await show(visitor, event, generated);
      await expect.poll(() => screens.changes).toBe(index + 1);
    }
    expect(screens.older).toEqual(['bob']);
    screens.stop();
  });

  test('profiles that differ: an event more, another time, another person; not another session', async () => {
    const write = (id: string, history: readonly unknown[], others: object = {}) =>
      firestore
        .collection(COLLECTIONS.profiles)
        .doc(id)
        .set({
          user_key: id,
          first_seen: '2026-11-21T12:00:00.000Z',
          linked_to: null,
          sessions: '[]',
          history: JSON.stringify(history),
          ...others,
        });
    const read = () => readProfiles(firestore, new Set(['skewed']));
    await write('more', [['e1', 1, 'view_item', []]]);
    await write('time', [['e2', 1, 'view_item', []]]);
    await write('wrong-clock', [['skewed', 1, 'view_item', []]]);
    await write('person', [['e3', 1, 'view_item', []]]);
    await write('session', [['e4', 1, 'view_item', []]]);
    await write('gone', [['e5', 1, 'view_item', []]]);
    const before = await read();
    expect(differences(before, await read())).toEqual([]);
    await write('more', [
      ['e1', 1, 'view_item', []],
      ['e0', 0, 'view_item', []],
    ]);
    await write('time', [['e2', 2, 'view_item', []]]);
    await write('wrong-clock', [['skewed', 2, 'view_item', []]]);
    await write('person', [['e3', 1, 'view_item', []]], { linked_to: 'somebody' });
    await write('session', [['e4', 1, 'view_item', []]], { sessions: '[["s",1,2]]' });
    await firestore.collection(COLLECTIONS.profiles).doc('gone').delete();
    expect(differences(before, await read())).toEqual(['gone', 'more', 'person', 'time']);
  });
});

describe('what chaos looks for in BigQuery', () => {
  let emulator: RunningEmulator;
  let bigquery: BigQuery;

  beforeAll(async () => {
    emulator = await startBigQueryEmulator();
    bigquery = new BigQuery({ projectId: 'demo-checks', apiEndpoint: emulator.url });
    await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
  });
  afterAll(() => emulator?.close());

  test('events that are nowhere, or not where they belong, and those that are stored twice', async () => {
    const stored = ['once', 'twice', 'twice', 'stored-not-failed'].map((event_id) => {
      const { properties, ...event } = enrichedEvent({ event_id });
      return { ...event, properties: JSON.stringify(properties) };
    });
    await bigquery.dataset(DATASET).table('events_raw').insert(stored, { ignoreUnknownValues: true });
    const { payload, ...failed } = failedEvent({
      event_id: 'bad',
      function: 'ingest',
      reason: 'invalid_event',
    });
    await bigquery
      .dataset(DATASET)
      .table('failed_events_raw')
      .insert([{ ...failed, payload }], { ignoreUnknownValues: true });
    const step = (event_id: string, fate: Fate) => ({ event: { event_id }, fate, skewMs: 0, byFile: false });
    const audit = await auditEvents({ bigquery }, [
      step('once', 'stored'),
      step('twice', 'stored'),
      step('stored-not-failed', 'failed'),
      step('bad', 'failed'),
      step('nowhere', 'stored'),
    ]);
    expect(audit).toEqual({
      stored: 3,
      consent_dropped: 0,
      failed: { 'ingest: invalid_event': 1 },
      missing: ['nowhere'],
      astray: ['stored-not-failed: stored, not failed'],
      duplicates_raw: 1,
      duplicates_view: 0,
    });
  });
});
