import { BigQuery } from '@google-cloud/bigquery';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import type { Fault } from '../../emulators/faults/fault.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { residentMegabytes } from '../../emulators/processes/memory.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { rawEvent } from '../../functions/enrich/fixtures.ts';
import { recommendation } from '../../functions/push/fixtures.ts';
import { enrichedEvent } from '../../functions/warehouse/fixtures.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { LIMITS } from '../../shared/limits.ts';
import { encodeBatches } from '../../shared/message.ts';
import { DATASET, FUNCTIONS, TOPICS, type Topic } from '../../shared/pipeline.ts';
import { endServedFunctions, serveFunction } from '../helpers/serve-function.ts';

const PROJECT = 'demo-test';
const ROUNDS = 2;
const emulators = new Map<string, RunningEmulator>();

beforeAll(async () => {
  const started = [startBigQueryEmulator(), startFirestoreEmulator(), startPubSubEmulator()];
  for (const emulator of await Promise.all(started)) emulators.set(emulator.name, emulator);
  const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: emulators.get('bigquery')?.url ?? '' });
  await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
  const pubsub = pubSubClient(PROJECT, new URL(emulators.get('pubsub')?.url ?? '').host);
  for (const topic of Object.values(TOPICS)) await pubsub.createTopic(topic);
  await pubsub.close();
});
afterEach(endServedFunctions);
afterAll(async () => {
  await Promise.all([...emulators.values()].map((emulator) => emulator.close()));
});

/** What each event's text is filled up to, so that a message has as many bytes as it may. */
const PADDING = 'x'.repeat(2000);

const CASES: readonly {
  readonly name: string;
  readonly topic: Topic;
  /** The service that does not answer. */
  readonly service: string;
  readonly methods: readonly string[];
  readonly event: (id: string) => object;
}[] = [
  {
    name: 'warehouse',
    topic: TOPICS.enriched,
    service: 'bigquery',
    methods: ['AppendRows'],
    event: (event_id) => enrichedEvent({ event_id, properties: { padding: PADDING } }),
  },
  {
    name: 'enrich',
    topic: TOPICS.raw,
    service: 'firestore',
    methods: ['BatchGetDocuments'],
    event: (event_id) => ({
      ...rawEvent({ event_id, anonymous_id: event_id }),
      collector: { ...rawEvent().collector, received_at: new Date().toISOString() },
      event_time: new Date().toISOString(),
      properties: { padding: PADDING },
    }),
  },
  {
    name: 'push',
    topic: TOPICS.recommendations,
    service: 'firestore',
    methods: ['BatchGetDocuments'],
    event: (visitor) => recommendation(visitor, -1000, { model_version: PADDING.slice(0, 100) }),
  },
];

/** Cloud Run hands an instance no more than `concurrency` requests: what so many of the largest messages take has to fit. */
test.each(CASES)(
  '$name holds as many of the largest messages as it is given at a time, while $service does not answer, within its memory',
  async ({ name, topic, service, methods, event }) => {
    const spec = FUNCTIONS.find((each) => each.name === name);
    const env = Object.assign({ PSEUDONYM_KEY: 'bounds-of-memory', PUSH_FCM: 'false', LOG_LEVEL: 'WARNING' });
    for (const emulator of emulators.values()) Object.assign(env, emulator.env);
    const served = await serveFunction(name, env as Record<string, string>);
    let most = 0;
    const measure = async (): Promise<void> => {
      const resident = await residentMegabytes([served.child.pid ?? 0]);
      most = Math.max(most, ...resident.values());
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await struck(service);
      await set(service, [{ methods: [...methods], hang: true }]);
      const messages = messagesOf(spec?.concurrency ?? 1, (index) => event(`${name}-${round}-${index}`));
      let begun = 0;
      const answers = messages.map(async (data) => {
        begun += 1;
        return (await deliver(`${served.url}/projects/${PROJECT}/topics/${topic}`, data)).status;
      });
      expect(begun).toBe(spec?.concurrency);
      await expect.poll(() => struck(service), { timeout: 20_000 }).toBeGreaterThan(before);
      await measure();
      await set(service, []);
      for (const status of await Promise.all(answers)) expect([204, 500]).toContain(status);
      await measure();
    }
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThan(spec?.memoryMiB ?? 0);
  },
);

/** So many messages, each nearly as large as a message may be. */
function messagesOf(count: number, eventOf: (index: number) => object): readonly Buffer[] {
  const bytes = Buffer.byteLength(JSON.stringify(eventOf(0)));
  const perMessage = Math.min(LIMITS.batchEvents, Math.floor((LIMITS.batchBytes * 0.95) / bytes));
  return Array.from({ length: count }, (_, message) => {
    const events = Array.from({ length: perMessage }, (__, index) => eventOf(message * perMessage + index));
    return Buffer.concat(encodeBatches(events).map(({ data }) => data));
  });
}

function deliver(url: string, data: Buffer): Promise<Response> {
  const message = { data: data.toString('base64'), messageId: '1', publishTime: new Date().toISOString() };
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, subscription: `projects/${PROJECT}/subscriptions/test` }),
  });
}

async function set(service: string, faults: readonly Fault[]): Promise<void> {
  await fetch(`${emulators.get(service)?.url}/_emulator/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  });
}

async function struck(service: string): Promise<number> {
  const response = await fetch(`${emulators.get(service)?.url}/_emulator/faults`);
  return ((await response.json()) as { readonly struck: number }).struck;
}
