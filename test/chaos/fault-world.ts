import type { Fault } from '../../emulators/faults/fault.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { trainOnPast } from '../../emulators/shop/short-past.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { COLLECTIONS, DATASET } from '../../shared/pipeline.ts';
import { CLICK_FUNCTIONS } from './click-functions.ts';
import { setFaults } from './storm.ts';

/** A pipeline with a model, to which faults are done, and where events are looked for. */
export interface FaultWorld {
  readonly stack: Stack;
  readonly stores: Stores;
  /** Of each function, the messages of its warnings and errors so far. */
  readonly trouble: readonly string[];
  /** Replaces what goes wrong in an emulator; no faults heal it. */
  set(emulator: string, ...faults: readonly Fault[]): Promise<void>;
  /** Resolves once an emulator's faults have struck so many times more than when they were last set. */
  struck(emulator: string, times?: number): Promise<void>;
  /** Has a new visitor click so many times, and resolves once ingest has taken the clicks over. */
  click(visitor: string, count?: number): Promise<readonly string[]>;
  /** Posts a click as a client does that does not try again. */
  post(visitor: string): Promise<Response>;
  /** In how many rows of a table each of these events is; 0 where it is not. */
  rowsOf(table: string, events: readonly string[]): Promise<readonly number[]>;
  /** What a visitor's page shows; undefined for nothing. */
  screen(visitor: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Ids of the events in a visitor's profile. */
  history(visitor: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Short times, or every fault would take half a minute. */
const ENV = {
  APPEND_DEADLINE_MS: '1500',
  APPEND_RETRY_MS: '3000',
  CIRCUIT_OPEN_MS: '300',
  PUSH_FCM_DEADLINE_MS: '1500',
};

/** Starts the pipeline and trains its model. */
export async function openFaultWorld(): Promise<FaultWorld> {
  const trouble: string[] = [];
  const stack = await startStack({
    project: 'demo-faults',
    functions: CLICK_FUNCTIONS,
    env: ENV,
    onLine: ({ function: name, severity, message }) => {
      if (severity === 'ERROR' || severity === 'WARNING') trouble.push(`${name}: ${message}`);
    },
  });
  const stores = openStores(stack);
  await trainOnPast(stores, stack.project, 3);
  const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
  const before = new Map<string, number>();

  const count = async (emulator: string): Promise<number> => {
    const response = await fetch(`${stack.emulators.get(emulator)?.url}/_emulator/faults`);
    return ((await response.json()) as { readonly struck: number }).struck;
  };
  return {
    stack,
    stores,
    trouble,
    async set(emulator, ...faults) {
      before.set(emulator, await count(emulator));
      await setFaults(stack, emulator, faults);
    },
    async struck(emulator, times = 1) {
      while ((await count(emulator)) < (before.get(emulator) ?? 0) + times) await pause();
    },
    async click(visitor, clicks = 1) {
      const events = Array.from({ length: clicks }, (_, index) => clickOf(visitor, index));
      await ingest.send(events);
      return events.map(({ event_id }) => event_id);
    },
    post: (visitor) =>
      fetch(`${stack.ingestUrl}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-write-key': stack.writeKey },
        body: JSON.stringify({ events: [clickOf(visitor, 0)] }),
      }),
    async rowsOf(table, events) {
      const query = `SELECT event_id, COUNT(*) AS n FROM \`${DATASET}.${table}\` WHERE event_id IN UNNEST(@events) GROUP BY event_id`;
      const [rows] = await stores.bigquery.query({ query, params: { events } });
      const counts = new Map(
        (rows as readonly { event_id: string; n: number }[]).map(({ event_id, n }) => [event_id, Number(n)]),
      );
      return events.map((event) => counts.get(event) ?? 0);
    },
    screen: async (visitor) =>
      (await stores.firestore.collection(COLLECTIONS.recommendations).doc(visitor).get()).data(),
    async history(visitor) {
      const found = await stores.firestore.collection(COLLECTIONS.profiles).doc(visitor).get();
      const events = JSON.parse(String(found.get('history') ?? '[]')) as readonly (readonly string[])[];
      return events.map(([id]) => String(id)).sort();
    },
    async close() {
      await stores.close();
      await stack.close();
    },
  };
}

function clickOf(visitor: string, index: number) {
  return {
    event_id: `${visitor}-${index}`,
    event_name: 'view_item',
    event_time: new Date(Date.now() - 5000 + index).toISOString(),
    anonymous_id: visitor,
    items: [{ item_id: `sku-00${10 + (index % 60)}` }],
  };
}

function pause(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
