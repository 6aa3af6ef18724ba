import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';
import { makeFirestoreLedger } from '../../model/release/firestore-ledger.ts';
import { recordOf } from '../../model/release/fixtures.ts';
import type { Ledger } from '../../model/release/ledger.ts';
import { historyCommand, promoteCommand, rollbackCommand } from '../../model/release/release-commands.ts';
import { TrainRequest } from '../../shared/events.ts';
import { decodeBatch } from '../../shared/message.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { connectVertex, ECHO_SERVER } from '../helpers/vertex-clients.ts';

let emulators: readonly RunningEmulator[] = [];
let firestore: Firestore;
let ledger: Ledger;
let vertex: ReturnType<typeof connectVertex>;

const quiet = (): void => undefined;
const DAYS = { 'refresh-days': '2' };

/** The orders that were published so far. */
async function ordered(): Promise<readonly unknown[]> {
  const response = await fetch(`${emulators[2]?.url}/v1/projects/demo-x/subscriptions/orders:pull`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ maxMessages: 100, returnImmediately: true }),
  });
  const { receivedMessages = [] } = (await response.json()) as {
    receivedMessages?: readonly { message: { data: string } }[];
  };
  return receivedMessages.flatMap(({ message }) => {
    const batch = decodeBatch(Buffer.from(message.data, 'base64'), TrainRequest);
    return [...batch.events];
  });
}

/** Which version has which share of the traffic. */
async function traffic(): Promise<Readonly<Record<string, number>>> {
  const name = (await ledger.current())?.endpoint ?? '';
  const [{ deployedModels, trafficSplit }] = await vertex.endpoints.getEndpoint({ name });
  return Object.fromEntries(
    (deployedModels ?? []).map(({ id, displayName }) => [displayName, trafficSplit?.[id ?? '']]),
  );
}

beforeAll(async () => {
  emulators = [
    await startFirestoreEmulator({}),
    await startVertexEmulator({ server: ECHO_SERVER }),
    await startPubSubEmulator(),
  ];
  for (const [name, value] of emulators.flatMap(({ env }) => Object.entries(env))) vi.stubEnv(name, value);
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'demo-x');
  const pubsub = pubSubClient('demo-x', process.env.PUBSUB_EMULATOR_HOST ?? '');
  const [topic] = await pubsub.createTopic(TOPICS.trainRequests);
  await topic.createSubscription('orders');
  await pubsub.close();
  firestore = ownerClient(process.env.FIRESTORE_EMULATOR_HOST ?? '', 'demo-x');
  ledger = makeFirestoreLedger(firestore);
  vertex = connectVertex(emulators[1] as RunningEmulator);
});
afterAll(async () => {
  await vertex?.close();
  await firestore?.terminate();
  for (const emulator of emulators) await emulator.close();
  vi.unstubAllEnvs();
});

test('history, promote and rollback show and move models', async () => {
  await expect(rollbackCommand.run(DAYS, quiet)).rejects.toThrow('there is nothing to roll back to');
  expect((await historyCommand.run({}, quiet)).text).toContain('No model was trained yet');

  await ledger.write(recordOf('one', { built_at: '2026-11-20T04:00:00.000Z' }));
  expect((await promoteCommand.run(DAYS, quiet)).text).toMatch(/^one is live since /);
  expect(await traffic()).toEqual({ one: 100 });

  await ledger.write(recordOf('two', { built_at: '2026-11-21T04:00:00.000Z' }));
  const promoted = await promoteCommand.run({ ...DAYS, version: 'two' }, quiet);
  expect(promoted.json).toMatchObject({ model_version: 'two', state: 'live' });
  expect(await traffic()).toEqual({ two: 100 });

  expect((await rollbackCommand.run(DAYS, quiet)).text).toMatch(/^one is live/);
  expect(await traffic()).toEqual({ one: 100 });
  expect((await historyCommand.run({}, quiet)).json).toMatchObject({
    models: [
      { model_version: 'two', state: 'withdrawn' },
      { model_version: 'one', state: 'live' },
    ],
  });
  expect(await ordered()).toEqual(
    ['one', 'two', 'one'].map((model_version) => ({ model_version, refresh_days: 2 })),
  );
}, 60_000);

test('days that are none are refused before anything moves', async () => {
  const before = await ledger.current();
  await expect(promoteCommand.run({ 'refresh-days': 'two', version: 'two' }, quiet)).rejects.toThrow(
    /--refresh-days two is no whole number/,
  );
  expect(await ledger.current()).toEqual(before);
});

test('without a project it says which variable is missing, and how else', async () => {
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', undefined);
  await expect(historyCommand.run({}, quiet)).rejects.toThrow(/GOOGLE_CLOUD_PROJECT is not set.*--local/s);
});
