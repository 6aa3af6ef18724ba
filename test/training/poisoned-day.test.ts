import { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { makeEnrich } from '../../functions/enrich/enrich.ts';
import {
  batchContext,
  fakeCatalog,
  fakeProfiles,
  fakePublisher,
  NOW,
  SETTINGS,
} from '../../functions/enrich/fixtures.ts';
import { judgeEvents } from '../../functions/ingest/judge-events.ts';
import { makeBigQueryTrainingData } from '../../functions/train/bigquery-training-data.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import type { EnrichedEvent } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { rawTable, TABLES, TOPICS } from '../../shared/pipeline.ts';

const project = 'demo-poison';
const CHROME =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
/** Clicks of the bot that says it is a person; what train takes for a person's day is 1000. */
const BOT_CLICKS = 100_000;
/** Events that one message carries at most. */
const BATCH = 500;

let emulators: readonly RunningEmulator[] = [];
let bigquery: BigQuery;
let storage: Storage;

beforeAll(async () => {
  const files = await startStorageEmulator({});
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators = [warehouse, files];
  storage = openCloudStorage({ projectId: project, emulatorHost: files.url });
  bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
  await storage.bucket('models').create();
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
});

/** A shop's day as clients send it. */
function honestDay(): readonly object[] {
  return Array.from({ length: 240 }, (_, at) => ({
    event_id: `honest-${at}`,
    event_name: at % 9 === 0 ? 'add_to_cart' : 'view_item',
    event_time: new Date(NOW - (300 - at) * 60_000).toISOString(),
    anonymous_id: `person-${at % 30}`,
    items: [{ item_id: `item-${(at * 7) % 23}`, item_category: `category-${at % 3}` }],
  }));
}

const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

/** What comes in by ingest's judgement and enrich, row by row into a dataset; answers why events failed. */
async function takeIn(dataset: string, events: readonly object[], agent: string): Promise<readonly string[]> {
  const outbox = fakePublisher();
  const { handle } = makeEnrich({
    identity: { name: 'enrich', version: 'test' },
    settings: SETTINGS,
    profiles: fakeProfiles().profiles,
    catalog: fakeCatalog(),
    publisher: outbox.publisher,
    clock: () => NOW,
    sleep: async () => undefined,
    random: () => 0.5,
  });
  const collector = {
    received_at: minutesAgo(0),
    protocol: 'native',
    origin: 'live',
    user_agent: agent,
  } as const;
  const failures: string[] = [];
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    const verdicts = judgeEvents(batch, { scope: 'test', collector, totalBytes: 0 });
    const accepted = verdicts.flatMap((verdict) => (verdict.status === 'accepted' ? [verdict.event] : []));
    failures.push(...verdicts.flatMap((verdict) => (verdict.status === 'rejected' ? [verdict.reason] : [])));
    const { failed = [] } = await handle(accepted, batchContext());
    failures.push(...failed.map(({ reason }) => reason));
  }
  const rows = (outbox.on(TOPICS.enriched) as readonly EnrichedEvent[]).map(
    ({ customer: _, traits: __, properties: ___, ...row }) => row,
  );
  // By one file: a hundred thousand rows are too many for requests of 500.
  const file = storage
    .bucket('models')
    .file(`taken-in/${stableId(dataset, agent, String(rows.length))}.json`);
  await file.save(rows.map((row) => JSON.stringify(row)).join('\n'));
  const table = bigquery.dataset(dataset).table(rawTable(TABLES.events));
  await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_APPEND' });
  await file.delete();
  return failures;
}

/** All that train learns from. */
async function learned(dataset: string) {
  const data = await makeBigQueryTrainingData({
    bigquery,
    storage,
    project,
    dataset,
    bucket: 'models',
    days: 30,
    maxClicks: 1_000_000,
    sessionsPerItem: 1000,
    maxClicksPerDay: 1000,
    clock: () => NOW,
  }).export(dataset);
  const sessions = (await Array.fromAsync(data.sessions())).map((session) => JSON.stringify(session));
  const { items, countries } = await data.shelves();
  await data.discard();
  return { sessions: sessions.sort(), items: items.map((item) => JSON.stringify(item)).sort(), countries };
}

test('a poisoned day changes nothing but the failed events', async () => {
  for (const dataset of ['clean', 'poisoned']) {
    await applyWarehouse({ bigquery, dataset, location: 'EU' });
    expect(await takeIn(dataset, honestDay(), CHROME)).toEqual([]);
  }
  const click = { event_name: 'view_item', anonymous_id: 'person-1' };
  const poison = [
    ...Array.from({ length: BOT_CLICKS }, (_, at) => ({
      ...click,
      event_id: `bot-${at}`,
      event_time: minutesAgo(1 + (at % 500)),
      anonymous_id: 'tireless',
      session_id: `visit-${at % 800}`,
      items: [{ item_id: `item-${at % 4}`, item_category: 'casino' }],
    })),
    { ...click, event_id: '1970', event_time: '1970-01-01T00:00:01.000Z', items: [{ item_id: 'item-1' }] },
    { ...click, event_id: 'objects', items: [{ item_id: { $ne: null } }] },
    { ...click, event_id: 'words', items: 'item-1' },
    { ...click, event_id: 'nothing', items: [null] },
    {
      ...click,
      event_id: 'denied',
      items: [{ item_id: 'item-9' }],
      anonymous_id: 'shy',
      consent: { personalization: false },
    },
  ];
  const failures = await takeIn('poisoned', poison, CHROME);
  expect(failures.toSorted()).toEqual([
    'event_time_out_of_range',
    'invalid_event',
    'invalid_event',
    'invalid_event',
  ]);
  const honestBot = poison
    .slice(0, 100)
    .map((event, at) => ({ ...event, event_id: `crawl-${at}`, anonymous_id: 'crawler' }));
  expect(await takeIn('poisoned', honestBot, 'Googlebot/2.1 (+http://www.google.com/bot.html)')).toEqual([]);

  const clean = await learned('clean');
  expect(clean.sessions.length).toBeGreaterThanOrEqual(30);
  expect(await learned('poisoned')).toEqual(clean);
  const [[stored]] = await bigquery.query('SELECT COUNT(*) AS n FROM `poisoned.events`');
  expect(stored).toEqual({ n: 240 + BOT_CLICKS + 1 + 100 });
}, 300_000);
