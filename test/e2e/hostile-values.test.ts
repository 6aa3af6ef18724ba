import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConservation } from '../../emulators/conservation.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { clean } from '../../functions/enrich/text.ts';
import { COLLECTIONS, DATASET, TABLES, TOPICS } from '../../shared/pipeline.ts';
import { HOSTILE, hostileEvent } from '../helpers/hostile.ts';

/** Hostile texts in every field that a client fills, through every function: data all the way, and never code. */
describe('hostile values', () => {
  let stack: Stack;
  let stores: Stores;
  const errors: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      project: 'demo-hostile',
      functions: ['ingest', 'inbox', 'enrich', 'warehouse', 'recommend', 'push', 'replay'],
      onLine: ({ function: name, severity, message }) => {
        if (severity === 'ERROR' || severity === 'CRITICAL') errors.push(`${name}: ${message}`);
      },
    });
    stores = openStores(stack);
  }, 90_000);
  afterAll(async () => {
    await stores?.close();
    await stack?.close();
  });

  const send = (events: readonly object[]) =>
    fetch(`${stack.ingestUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': stack.writeKey },
      body: JSON.stringify({ events }),
    });
  const rows = async (sql: string, params: Readonly<Record<string, unknown>> = {}) =>
    (await stores.bigquery.query({ query: sql.replaceAll('$', DATASET), params }))[0] as Record<
      string,
      unknown
    >[];
  const settled = async () => {
    const { warehouse_distinct, failed } = await readConservation(stores);
    return { stored: warehouse_distinct, failed };
  };

  test('are stored as the text they are, in every field, and every function lives on', async () => {
    const response = await send(HOSTILE.map(hostileEvent));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accepted: HOSTILE.length, rejected: 0 });
    const ended = async () => Object.values(await settled()).reduce((sum, count) => sum + count, 0);
    await expect.poll(ended, { timeout: 60_000 }).toBe(HOSTILE.length);
    expect(await rows('SELECT event_id, function, reason, path, message FROM $.failed_events')).toEqual([]);

    const stored = await rows('SELECT event_id, search_term FROM $.events');
    const terms = new Map(stored.map(({ event_id, search_term }) => [event_id, search_term]));
    for (const [index, text] of HOSTILE.entries()) {
      const id = `hostile-${index}`;
      // No store takes NUL: ingest writes the sign of what was unreadable in its place.
      const taken = text.toWellFormed().replaceAll('\0', '\uFFFD');
      expect([id, terms.get(id)]).toEqual([id, clean(taken) || null]);
    }
    expect(terms.size).toBe(HOSTILE.length);
    const tables = await rows('SELECT table_name FROM $.INFORMATION_SCHEMA.TABLES');
    expect(tables.map(({ table_name }) => table_name)).toEqual(
      expect.arrayContaining(Object.values(TABLES).map((table) => `${table}_raw`)),
    );
    expect([...stack.functions.values()].map(({ child }) => child.restarts())).toEqual(
      [...stack.functions].map(() => 0),
    );
    expect(errors).toEqual([]);
  });

  test('make no document beside the collections, and ids of plain signs alone', async () => {
    const known: readonly string[] = Object.values(COLLECTIONS);
    const collections = await stores.firestore.listCollections();
    expect(collections.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
    const profiles = await stores.firestore.collection(COLLECTIONS.profiles).listDocuments();
    expect(profiles.length).toBeGreaterThan(HOSTILE.length);
    expect(profiles.filter(({ id }) => !/^[\w-]{1,128}$/.test(id)).map(({ id }) => id)).toEqual([]);
  });

  test('fail as payloads, and are found and replayed by conditions that hold them', async () => {
    const before = await settled();
    const broken = HOSTILE.map((text, index) => ({
      event_id: `broken-${index}`,
      event_name: 'view_item',
      user_id: text,
      value: text,
    }));
    expect((await send(broken)).status).toBe(200);
    await expect
      .poll(settled, { timeout: 60_000 })
      .toEqual({ ...before, failed: before.failed + HOSTILE.length });
    for (const text of ["'; DROP TABLE events_raw; --", '$(rm -rf /)']) {
      const where = `payload LIKE '%${text.replaceAll("'", "''")}%'`;
      const request = { request_id: `for ${text}`, where };
      await stores.pubsub
        .topic(TOPICS.replayRequests)
        .publishMessage({ data: Buffer.from(JSON.stringify({ events: [request] })) });
      // Mended by nobody, it fails again, as a row that points to the first.
      await expect
        .poll(
          () => rows('SELECT payload FROM $.failed_events WHERE replay_id = @id', { id: request.request_id }),
          {
            timeout: 30_000,
          },
        )
        .toEqual([{ payload: expect.stringContaining(text) }]);
    }
  });
}, 150_000);
