import { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import type { TrainingSession } from '../../model/session.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { rawTable, TABLES } from '../../shared/pipeline.ts';
import { makeBigQueryTrainingData } from './bigquery-training-data.ts';
import { makeBigQueryVisitors } from './bigquery-visitors.ts';
import { hoursAgo, NOW } from './fixtures.ts';

const project = 'demo-train';
const MAX_CLICKS_PER_DAY = 50;

/** A row of `events_raw`; who, what and when. */
interface Click {
  readonly user?: string;
  readonly session?: string;
  readonly items?: readonly string[];
  readonly hours?: number;
  readonly name?: string;
  readonly id?: string;
  readonly bot?: boolean;
  readonly allowed?: boolean;
  readonly origin?: string;
  readonly category?: string;
  readonly price?: number;
  readonly country?: string;
}

let emulators: readonly RunningEmulator[] = [];
let bigquery: BigQuery;
let storage: Storage;
let rows = 0;

function row(click: Click) {
  rows += 1;
  const { user = 'ann', session = `${user}-1`, items = ['hat'], hours = 1, name = 'view_item' } = click;
  return {
    event_id: click.id ?? `event-${rows}`,
    event_name: name,
    event_time: hoursAgo(hours),
    received_at: hoursAgo(hours),
    enriched_at: hoursAgo(0),
    origin: click.origin ?? 'live',
    user_key: user,
    visitor_id: user,
    session_id: session,
    items: items.map((item_id) => ({
      item_id,
      in_catalog: true,
      item_category: click.category,
      price: click.price,
    })),
    geo: { country: click.country },
    device: { category: 'desktop', is_bot: click.bot ?? false },
    consent: { analytics: true, personalization: click.allowed ?? true },
  };
}

async function dataset(name: string, clicks: readonly Click[]) {
  await applyWarehouse({ bigquery, dataset: name, location: 'EU' });
  if (clicks.length > 0) await bigquery.dataset(name).table(rawTable(TABLES.events)).insert(clicks.map(row));
  const training = (limits: { readonly maxClicks?: number; readonly sessionsPerItem?: number } = {}) =>
    makeBigQueryTrainingData({
      bigquery,
      storage,
      project,
      dataset: name,
      bucket: 'models',
      days: 30,
      maxClicks: 1000,
      sessionsPerItem: 100,
      maxClicksPerDay: MAX_CLICKS_PER_DAY,
      clock: () => NOW,
      ...limits,
    });
  const sessions = async (...limits: Parameters<typeof training>): Promise<readonly TrainingSession[]> => {
    const data = await training(...limits).export('v1');
    const found = await Array.fromAsync(data.sessions());
    await data.discard();
    return found.sort((a, b) => (a.times?.at(-1) ?? 0) - (b.times?.at(-1) ?? 0));
  };
  return { training, sessions };
}

const itemsOf = (sessions: readonly TrainingSession[]) => sessions.map(({ items }) => items.join(' '));

beforeAll(async () => {
  const files = await startStorageEmulator({});
  const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
  emulators = [warehouse, files];
  bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
  storage = openCloudStorage({ projectId: project, emulatorHost: files.url });
  await storage.bucket('models').create();
});
afterAll(async () => {
  for (const emulator of emulators) await emulator.close();
});

describe('sessions for training', () => {
  test('are built of interactions, in order, each event once, and nothing is left behind', async () => {
    const { training, sessions } = await dataset('built', [
      { items: ['shoe'], hours: 2, name: 'add_to_cart' },
      { items: ['hat'], hours: 3, id: 'twice' },
      { items: ['hat'], hours: 3, id: 'twice' },
      { items: ['belt'], hours: 2.5, name: 'page_view' },
      { items: ['scarf', 'glove'], hours: 1, name: 'purchase' },
      { items: ['sock'], hours: 4, session: 'ann-2' },
    ]);
    expect(await sessions()).toEqual([
      { items: ['sock'], events: ['view_item'], times: [Date.parse(hoursAgo(4))] },
      {
        items: ['hat', 'shoe', 'glove', 'scarf'],
        events: ['view_item', 'add_to_cart', 'purchase', 'purchase'],
        times: [3, 2, 1, 1].map((hours) => Date.parse(hoursAgo(hours))),
      },
    ]);
    const [left] = await storage.bucket('models').getFiles({ prefix: 'training/' });
    expect(left).toEqual([]);
    await training().export('v1');
    const [kept] = await storage.bucket('models').getFiles({ prefix: 'training/v1/' });
    expect(kept.map(({ name }) => name)).toEqual(['training/v1/sessions-000000000000.json.gz']);
  });

  test('tell the categories of items, where a click told one', async () => {
    const { sessions } = await dataset('categories', [
      { items: ['hat'], hours: 2, category: 'Hats' },
      { items: ['shoe'], hours: 1 },
    ]);
    expect((await sessions()).map(({ categories }) => categories)).toEqual([['Hats', '']]);
  });

  test('are of people who allow it, within the days asked for', async () => {
    const { sessions } = await dataset('people', [
      { user: 'ann', items: ['hat'] },
      { user: 'bot', items: ['shoe'], bot: true },
      { user: 'half-bot', items: ['shoe'], bot: true },
      { user: 'half-bot', items: ['belt'] },
      { user: 'never', items: ['shoe'], allowed: false },
      { user: 'no-more', items: ['shoe'], hours: 5 },
      { user: 'no-more', items: ['belt'], hours: 4, name: 'page_view', allowed: false },
      { user: 'not-yet', items: ['shoe'], hours: 6, allowed: false },
      { user: 'not-yet', items: ['scarf'], hours: 2 },
      { user: 'old', items: ['shoe'], hours: 31 * 24 },
      { user: 'tomorrow', items: ['shoe'], hours: -5 },
    ]);
    expect(itemsOf(await sessions())).toEqual(['scarf', 'hat']);
  });

  test('are what they were after a day of poison', async () => {
    const honest: readonly Click[] = Array.from({ length: 40 }, (_, at) => ({
      user: `user-${at % 5}`,
      session: `s-${at % 20}`,
      items: [`item-${at % 11}`],
      hours: 1 + at / 10,
    }));
    const poison: readonly Click[] = [
      ...Array.from({ length: MAX_CLICKS_PER_DAY * 20 }, (_, at) => ({
        user: 'tireless',
        session: `t-${at}`,
        items: [`item-${at % 3}`],
        hours: 2,
      })),
      { user: 'user-1', items: ['item-1'], hours: (NOW - 1000) / 3_600_000 },
      { user: 'user-2', items: [], hours: 1 },
    ];
    const clean = await dataset('clean', honest);
    const poisoned = await dataset('poisoned', [...honest, ...poison]);
    const expected = await clean.sessions();
    expect(expected).toHaveLength(20);
    expect(await poisoned.sessions()).toEqual(expected);
  });

  test('are the newest of each item, and the newest days', async () => {
    const { sessions } = await dataset('newest', [
      { user: 'a', items: ['hat', 'rare'], hours: 50 },
      { user: 'b', items: ['hat'], hours: 26 },
      { user: 'c', items: ['hat'], hours: 25 },
      { user: 'd', items: ['hat', 'shoe'], hours: 1 },
    ]);
    expect(itemsOf(await sessions({ sessionsPerItem: 2 }))).toEqual(['hat rare', 'hat', 'hat shoe']);
    expect(itemsOf(await sessions({ maxClicks: 3 }))).toEqual(['hat', 'hat', 'hat shoe']);
    expect(itemsOf(await sessions({ maxClicks: 2 }))).toEqual(['hat shoe']);
  });

  test('are not of people who were erased', async () => {
    const { sessions } = await dataset('erased', [
      { user: 'ann', items: ['hat'] },
      { user: 'bob', items: ['shoe'] },
    ]);
    await bigquery.query("DELETE FROM `erased.events_raw` WHERE user_key = 'bob'");
    expect(itemsOf(await sessions())).toEqual(['hat']);
  });

  test('are none where there are no events', async () => {
    const { sessions } = await dataset('empty', []);
    expect(await sessions()).toEqual([]);
  });
});

test('shelves: the latest that is known of each item, and what each country likes', async () => {
  const { training } = await dataset('shelves', [
    { items: ['hat'], hours: 9, category: 'Hats', price: 20 },
    { items: ['hat'], hours: 5, category: 'Summer', price: 15, country: 'DE' },
    { items: ['hat'], hours: 1, country: 'DE' },
    { items: ['shoe'], hours: 2, country: 'DE' },
    { items: ['shoe'], hours: 400, country: 'FR' },
    { items: ['shoe'], hours: 401, country: 'FR' },
    { items: ['hat'], hours: 2, country: 'FR' },
    { user: 'bot', items: ['pan'], category: 'Kitchen', country: 'DE', bot: true },
  ]);
  const { items, countries } = await (await training().export('v2')).shelves();
  expect(items.toSorted((a, b) => (a.item_id < b.item_id ? -1 : 1))).toEqual([
    { item_id: 'hat', category: 'Summer', price: 15 },
    { item_id: 'shoe' },
  ]);
  expect(countries).toEqual({ DE: ['hat', 'shoe'], FR: ['hat', 'shoe'] });
});

test('visitors of late come newest first, each with newest clicks first; history, bots and refusals do not', async () => {
  await dataset('visitors', [
    { user: 'ann', items: ['hat'], hours: 3 },
    { user: 'ann', items: ['shoe'], hours: 2, name: 'purchase' },
    { user: 'bob', items: ['belt'], hours: 1 },
    { user: 'cem', items: ['belt'], hours: 4 },
    { user: 'past', items: ['belt'], origin: 'history' },
    { user: 'bot', bot: true },
    { user: 'no', allowed: false },
    { user: 'long-ago', hours: 49 },
  ]);
  const visitors = makeBigQueryVisitors({
    bigquery,
    project,
    dataset: 'visitors',
    maxVisitors: 2,
    clock: () => NOW,
  });
  expect(await Array.fromAsync(visitors.visitors(2))).toMatchObject([
    { visitor_id: 'bob', recent_items: [{ item_id: 'belt' }], purchased_items: [] },
    { visitor_id: 'ann', recent_items: [{ item_id: 'shoe' }, { item_id: 'hat' }], purchased_items: ['shoe'] },
  ]);
});
