import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { untilDelivered } from '../../emulators/until-empty.ts';
import { BUCKETS, bucketName, COLLECTIONS } from '../../shared/pipeline.ts';
import { FAULTS, type FaultName } from '../chaos/fault-table.ts';
import { type FaultWorld, openFaultWorld } from '../chaos/fault-world.ts';

/** Held by other tests: shared/split-batch.test.ts and shared/batch-function.test.ts. */
type Elsewhere = 'poison-event';

let world: FaultWorld;
/** How much trouble there was before. */
let before = 0;
/** What functions have warned of since. */
const trouble = (): string => world.trouble.slice(before).join('\n');
const PATIENCE = { timeout: 45_000, interval: 200 };

beforeAll(async () => {
  world = await openFaultWorld();
  // Who has devices is looked up once in a while.
  for (const visitor of ['fcm-quota', 'fcm-silent']) {
    const phone = world.stores.firestore.doc(`${COLLECTIONS.devices}/${visitor}/tokens/phone`);
    await phone.set({ token: `phone-of-${visitor}`, updated_at: new Date() });
  }
}, 180_000);
afterAll(() => world?.close());
beforeEach(() => {
  before = world.trouble.length;
});
afterEach(async () => {
  for (const emulator of ['pubsub', 'bigquery', 'vertex', 'firestore', 'fcm', 'storage'])
    await world.set(emulator);
  // Or what is still on its way would be struck by the next fault.
  await untilDelivered(world.stack);
});

/** Each of these events is in the view once, and in no other place. */
async function isStoredOnce(events: readonly string[]): Promise<void> {
  await expect.poll(() => world.rowsOf('events', events), PATIENCE).toEqual(events.map(() => 1));
  expect(await world.rowsOf('failed_events', events)).toEqual(events.map(() => 0));
}

async function shows(visitor: string, source: 'model' | 'popularity'): Promise<void> {
  await expect.poll(() => world.screen(visitor), PATIENCE).toMatchObject({ source });
}

/** The model is down in one way or another: the page shows what is popular, and the model again once it answers. */
async function isDegraded(name: string, fault: Parameters<FaultWorld['set']>[1]): Promise<void> {
  await world.set('vertex', fault);
  const events = await world.click(name);
  await shows(name, 'popularity');
  await world.set('vertex');
  await isStoredOnce(events);
  let probe = 0;
  await expect
    .poll(async () => {
      probe += 1;
      await world.click(`${name}-healed-${probe}`);
      await expect.poll(() => world.screen(`${name}-healed-${probe}`), PATIENCE).toBeDefined();
      return world.screen(`${name}-healed-${probe}`);
    }, PATIENCE)
    .toMatchObject({ source: 'model' });
}

/** Writes meet a fault for a while; then the event is stored, in the profile, and on the screen. */
async function isGotOver(
  name: string,
  ...faults: readonly Parameters<FaultWorld['set']>[1][]
): Promise<void> {
  await world.set('firestore', ...faults);
  const events = await world.click(name, 2);
  await world.struck('firestore', 3);
  await world.set('firestore');
  await isStoredOnce(events);
  expect(await world.history(name)).toEqual([...events].sort());
  await expect.poll(() => world.screen(name), PATIENCE).toBeDefined();
}

/** Ingest cannot publish: it says so, with when to come again, and the client's second try is taken. */
async function isShed(name: string, fault: Parameters<FaultWorld['set']>[1]): Promise<void> {
  await world.set('pubsub', fault);
  const refused = await world.post(name);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await world.set('pubsub');
  await isStoredOnce(await world.click(name));
}

const WRITES = ['BatchWrite', 'Commit'];

const SCENARIOS: Readonly<Record<Exclude<FaultName, Elsewhere>, (name: string) => Promise<void>>> = {
  'pubsub-unavailable': (name) => isShed(name, { methods: ['Publish'], code: 'UNAVAILABLE' }),
  'pubsub-silent': (name) => isShed(name, { methods: ['Publish'], hang: true }),
  async 'pubsub-lost-answer'(name) {
    await world.set('pubsub', { methods: ['Publish'], reset: true, times: 1 });
    const events = await world.click(name, 3);
    await isStoredOnce(events);
    await expect.poll(() => world.rowsOf('events_raw', events), PATIENCE).toEqual([2, 2, 2]);
    expect(await world.rowsOf('events', events)).toEqual([1, 1, 1]);
  },
  async 'bigquery-quota'(name) {
    await world.set('bigquery', { methods: ['AppendRows'], code: 'RESOURCE_EXHAUSTED', times: 4 });
    const events = await world.click(name, 5);
    await world.struck('bigquery', 4);
    await isStoredOnce(events);
    expect(trouble()).not.toContain('warehouse: the batch will be delivered again');
  },
  async 'bigquery-unavailable'(name) {
    await world.set('bigquery', { methods: ['AppendRows'], code: 'UNAVAILABLE' });
    const events = await world.click(name, 5);
    await expect.poll(trouble, PATIENCE).toMatch(/warehouse: the batch will be deliv/);
    await world.set('bigquery');
    await isStoredOnce(events);
  },
  async 'bigquery-silent'(name) {
    await world.set('bigquery', { methods: ['AppendRows'], hang: true, times: 1 });
    const events = await world.click(name, 5);
    await isStoredOnce(events);
    await world.struck('bigquery');
  },
  async 'bigquery-lost-answer'(name) {
    await world.set('bigquery', { methods: ['AppendRows'], reset: true, times: 1 });
    const events = await world.click(name, 1);
    await world.struck('bigquery');
    await isStoredOnce(events);
  },
  async 'bigquery-bad-rows'(name) {
    await world.set('bigquery', { bad_rows: 0.4 });
    const events = await world.click(name, 30);
    await world.struck('bigquery', 2);
    await world.set('bigquery');
    const places = async (): Promise<readonly number[]> => {
      const [stored, failed] = await Promise.all(
        ['events', 'failed_events'].map((table) => world.rowsOf(table, events)),
      );
      return events.map((_, index) => (stored?.[index] ?? 0) + Math.min(1, failed?.[index] ?? 0));
    };
    await expect.poll(places, PATIENCE).toEqual(events.map(() => 1));
    expect((await world.rowsOf('failed_events', events)).some((count) => count > 0)).toBe(true);
  },
  'vertex-unavailable': (name) => isDegraded(name, { code: 'UNAVAILABLE' }),
  'vertex-quota': (name) => isDegraded(name, { code: 'RESOURCE_EXHAUSTED' }),
  'vertex-silent': (name) => isDegraded(name, { hang: true }),
  'firestore-aborted': (name) => isGotOver(name, { methods: WRITES, code: 'ABORTED', times: 3 }),
  async 'firestore-contention'(name) {
    await world.set('firestore', { methods: WRITES, latency_ms: 40 });
    const events = (
      await Promise.all(Array.from({ length: 12 }, (_, n) => world.click(`${name}-${n}`, 3)))
    ).flat();
    const one = await Promise.all(Array.from({ length: 30 }, () => world.click(name, 4)));
    await isStoredOnce([...events, ...(one[0] ?? [])]);
    expect(await world.history(name)).toEqual([...(one[0] ?? [])].sort());
  },
  'firestore-quota': (name) => isGotOver(name, { methods: WRITES, code: 'RESOURCE_EXHAUSTED' }),
  'firestore-unavailable': (name) =>
    isGotOver(name, { methods: [...WRITES, 'BatchGetDocuments'], code: 'UNAVAILABLE' }),
  async 'fcm-quota'(name) {
    await world.set('fcm', { code: 'RESOURCE_EXHAUSTED', times: 1 });
    await isStoredOnce(await world.click(name));
    const inbox = `${world.stack.emulators.get('fcm')?.url}/inbox/phone-of-${name}`;
    await expect
      .poll(async () => (await (await fetch(inbox)).json()) as unknown, PATIENCE)
      .toMatchObject({ accepted: 1 });
    await world.struck('fcm');
  },
  async 'fcm-silent'(name) {
    await world.set('fcm', { hang: true });
    await isStoredOnce(await world.click(name));
    await expect.poll(() => world.screen(name), PATIENCE).toBeDefined();
    await expect.poll(trouble, PATIENCE).toContain('push messages were given up');
  },
  async 'storage-unavailable'(name) {
    const file = world.stores.storage
      .bucket(bucketName(world.stack.project, BUCKETS.inbox))
      .file(`native/${name}.ndjson.gz`);
    const event = {
      event_id: `${name}-0`,
      event_name: 'view_item',
      event_time: new Date().toISOString(),
      anonymous_id: name,
      items: [{ item_id: 'x' }],
    };
    await world.set('storage', { methods: ['GET'], code: 'UNAVAILABLE' });
    await file.save(gzipSync(`${JSON.stringify(event)}\n`), { resumable: false });
    await world.struck('storage');
    await world.set('storage');
    await isStoredOnce([event.event_id]);
  },
  async 'function-killed'(name) {
    const events = world.click(name, 200);
    for (const victim of ['ingest', 'enrich', 'warehouse'])
      world.stack.functions.get(victim)?.child.kill('SIGKILL');
    await isStoredOnce(await events);
    expect(await world.history(name)).toEqual([...(await events)].sort());
  },
};

test.each(Object.keys(SCENARIOS) as Exclude<FaultName, Elsewhere>[])(
  '%s',
  async (name) => {
    expect(FAULTS[name].fault).toBeTruthy();
    await SCENARIOS[name](name);
  },
  100_000,
);
