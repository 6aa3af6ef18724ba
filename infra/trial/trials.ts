import { BigQuery } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import {
  BUCKETS,
  bucketName,
  COLLECTIONS,
  DATASET,
  rawTable,
  TABLES,
  type Table,
  TOPICS,
  type Topic,
} from '../../shared/pipeline.ts';
import { type Bench, type Delivered, PROJECT } from './bench.ts';
import { deliverMessage, deliverObject, expectAnswer } from './deliver.ts';

/** Has a bundle do its work on a real event; answers what was seen of it. */
export type Trial = (bench: Bench, url: string) => Promise<string>;

export const WRITE_KEY = 'bundle-key';
const VISITOR = 'ada';
const DEVICE = 'device-of-ada';
/** An event that ingest refuses, and that is replayed later. */
const BROKEN = 'live-broken';

/** Past sessions enough to learn from: every visitor looks at neighbours on one shelf. */
const HISTORY = Array.from({ length: 40 }, (_, visitor) =>
  Array.from({ length: 4 }, (_, step) => ({
    event_id: `history-${visitor}-${step}`,
    event_name: 'view_item',
    event_time: new Date(Date.now() - 86_400_000 + visitor * 600_000 + step * 1000).toISOString(),
    anonymous_id: `visitor-${visitor}`,
    items: [{ item_id: `shelf-${(visitor + step) % 12}` }],
  })),
).flat();

const click = (id: string, item: string) => ({
  event_id: id,
  event_name: 'view_item',
  event_time: new Date().toISOString(),
  anonymous_id: VISITOR,
  items: [{ item_id: item }],
});

/** By function, in the order of the pipeline: what one publishes, the next ones take. */
export const TRIALS: Readonly<Record<string, Trial>> = {
  async load(bench, url) {
    const bucket = bucketName(PROJECT, BUCKETS.inbox);
    const file = openCloudStorage({ projectId: PROJECT, emulatorHost: bench.storageUrl })
      .bucket(bucket)
      .file('live/native/day.ndjson');
    await file.save(`${HISTORY.map((event) => JSON.stringify(event)).join('\n')}\n`, { resumable: false });
    const [{ generation = '' }] = await file.getMetadata();
    await deliverObject(url, { bucket, name: file.name, generation: String(generation) });
    return published(bench, TOPICS.raw, HISTORY.length);
  },
  async ingest(bench, url) {
    const before = await countEvents(bench, TOPICS.raw);
    const broken = { ...click(BROKEN, 'shelf-3'), items: 'none' };
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': WRITE_KEY },
      body: JSON.stringify({ events: [click('live-1', 'shelf-3'), broken] }),
    });
    await expectAnswer(response);
    await published(bench, TOPICS.failed, 1);
    return published(bench, TOPICS.raw, 1, before);
  },
  async inbox(bench, url) {
    const before = await countEvents(bench, TOPICS.raw);
    const data = Buffer.from(JSON.stringify({ events: [click('live-2', 'shelf-4')] })).toString('base64');
    const message = { data, messageId: '1', publishTime: new Date().toISOString() };
    await deliverMessage(url, TOPICS.inbox, message);
    return published(bench, TOPICS.raw, 1, before);
  },
  async enrich(bench, url) {
    const raw = await deliverAll(bench, url, TOPICS.raw);
    return published(bench, TOPICS.enriched, raw);
  },
  async warehouse(bench, url) {
    const enriched = await deliverAll(bench, url, TOPICS.enriched);
    const failed = await deliverAll(bench, url, TOPICS.failed);
    const seen = expectCount(
      `rows in ${rawTable(TABLES.events)}`,
      await rowsOf(bench, TABLES.events),
      enriched,
    );
    const refused = await rowsOf(bench, TABLES.failed);
    return `${seen}, ${expectCount(`in ${rawTable(TABLES.failed)}`, refused, failed)}`;
  },
  async train(_bench, url) {
    await order(url, TOPICS.trainRequests, {
      request_id: 'trial',
      requested_at: new Date().toISOString(),
      refresh_days: 0,
    });
    return withFirestore(async (firestore) => {
      const served = await firestore.collection(COLLECTIONS.models).doc('current').get();
      const version: unknown = served.get('model_version');
      if (typeof version !== 'string') throw new Error('no model is served after a training request');
      return `serves model ${version}`;
    });
  },
  async recommend(bench, url) {
    await deliverAll(bench, url, TOPICS.enriched);
    const made = await eventsOf(bench, TOPICS.recommendations);
    const byModel = made.filter(({ source }) => source === 'model').length;
    if (byModel === 0) throw new Error(`no recommendation by the model, of ${made.length}`);
    return `${made.length} recommendations, ${byModel} by the model`;
  },
  async push(bench, url) {
    return withFirestore(async (firestore) => {
      const tokens = firestore.collection(COLLECTIONS.devices).doc(VISITOR).collection('tokens');
      await tokens.doc('1').set({ token: DEVICE, platform: 'android', updated_at: new Date() });
      await deliverAll(bench, url, TOPICS.recommendations);
      const screen = await firestore.collection(COLLECTIONS.recommendations).doc(VISITOR).get();
      if (!screen.exists) throw new Error(`Firestore has no recommendations for ${VISITOR}`);
      const inbox = (await (await fetch(`${bench.fcmUrl}/inbox/${DEVICE}`)).json()) as { accepted?: number };
      if (!inbox.accepted) throw new Error('FCM has no message for the device');
      return `a screen in Firestore, ${inbox.accepted} message by FCM`;
    });
  },
  async replay(bench, url) {
    const before = await countEvents(bench, TOPICS.inbox);
    await order(url, TOPICS.replayRequests, { where: `event_id = '${BROKEN}'` });
    const marked = expectCount('marked as replayed', await rowsOf(bench, TABLES.replays), 1);
    return `${await published(bench, TOPICS.inbox, 1, before)}, ${marked}`;
  },
  async forget(bench, url) {
    const ofVisitor = `visitor_id = '${VISITOR}'`;
    const known = await rowsOf(bench, TABLES.events, ofVisitor);
    if (known === 0) throw new Error(`BigQuery knows no ${VISITOR} to be forgotten`);
    await order(url, TOPICS.forgetRequests, { anonymous_id: VISITOR });
    expectCount(`rows of ${VISITOR}`, await rowsOf(bench, TABLES.events, ofVisitor), 0);
    return withFirestore(async (firestore) => {
      const screen = await firestore.collection(COLLECTIONS.recommendations).doc(VISITOR).get();
      if (screen.exists) throw new Error(`the screen of ${VISITOR} is still in Firestore`);
      return `${known} rows and a screen of ${VISITOR} erased`;
    });
  },
};

/** Delivers one request to a function that takes them. */
async function order(url: string, topic: Topic, request: object): Promise<void> {
  const data = Buffer.from(JSON.stringify({ events: [request] })).toString('base64');
  await deliverMessage(url, topic, { data, messageId: '1', publishTime: new Date().toISOString() });
}

async function rowsOf(bench: Bench, table: Table, where = 'TRUE'): Promise<number> {
  const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: bench.bigqueryUrl });
  const [rows] = await bigquery.query(
    `SELECT COUNT(*) AS n FROM \`${DATASET}.${rawTable(table)}\` WHERE ${where}`,
  );
  return Number(rows[0]?.n);
}

/** Delivers everything that was published to a topic; answers how many events that were. */
async function deliverAll(bench: Bench, url: string, topic: Topic): Promise<number> {
  const messages = await bench.published(topic);
  if (messages.length === 0) throw new Error(`nothing is on ${topic}: the function before has failed`);
  for (const message of messages) await deliverMessage(url, topic, message);
  return countOf(messages);
}

async function published(bench: Bench, topic: Topic, wanted: number, before = 0): Promise<string> {
  return expectCount(`events on ${topic}`, (await countEvents(bench, topic)) - before, wanted);
}

function expectCount(what: string, found: number, wanted: number): string {
  if (found !== wanted) throw new Error(`${found} ${what} instead of ${wanted}`);
  return `${found} ${what}`;
}

async function countEvents(bench: Bench, topic: Topic): Promise<number> {
  return countOf(await bench.published(topic));
}

async function eventsOf(bench: Bench, topic: Topic): Promise<readonly { readonly source?: string }[]> {
  return (await bench.published(topic)).flatMap(decode);
}

function countOf(messages: readonly Delivered[]): number {
  return messages.flatMap(decode).length;
}

function decode({ data }: Delivered): readonly { readonly source?: string }[] {
  const text = Buffer.from(data, 'base64').toString();
  return (JSON.parse(text) as { readonly events: readonly { readonly source?: string }[] }).events;
}

async function withFirestore<T>(use: (firestore: Firestore) => Promise<T>): Promise<T> {
  const firestore = new Firestore({ projectId: PROJECT });
  try {
    return await use(firestore);
  } finally {
    await firestore.terminate();
  }
}
