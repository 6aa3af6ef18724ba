import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConservation } from '../../emulators/conservation.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { DATASET } from '../../shared/pipeline.ts';
import { WRITE_KEY } from '../protocols/collector.ts';
import { JOURNEY } from '../protocols/journey.ts';
import { CASES } from '../protocols/requests.ts';
import { SHOPS } from '../protocols/shops.ts';

const ROWS = `SELECT anonymous_id, event_name, items, value, currency, transaction_id, search_term
  FROM \`${DATASET}.events\` ORDER BY anonymous_id, event_name, event_id`;

interface Row {
  readonly anonymous_id: string;
  readonly event_name: string;
}

/** Each shop's client sends its shopper's journey through every function; what the warehouse holds is compared. */
describe('one journey by every protocol, in the warehouse', () => {
  let stack: Stack;
  let stores: Stores;

  beforeAll(async () => {
    stack = await startStack({ project: 'demo-protocols', functions: ['ingest', 'enrich', 'warehouse'] });
    stores = openStores(stack);
  }, 90_000);

  afterAll(async () => {
    await stores?.close();
    await stack?.close();
  });

  test('yields the same rows', async () => {
    const collector = { url: stack.ingestUrl, writeKey: stack.writeKey };
    const shoppers = SHOPS.map((shop, index) => ({ shop, anonymous_id: `browser-${index}` }));
    for (const { shop, anonymous_id } of shoppers) {
      await shop.walk(collector, { anonymous_id, user_id: `user-of-${anonymous_id}` });
    }
    await expect
      .poll(() => readConservation(stores), { timeout: 60_000, interval: 500 })
      .toMatchObject({ warehouse_distinct: SHOPS.length * JOURNEY.length, failed: 0, consent_dropped: 0 });

    const [rows] = (await stores.bigquery.query(ROWS)) as unknown as [Row[]];
    const rowsOf = (visitor: string) =>
      rows
        .filter(({ anonymous_id }) => anonymous_id === visitor)
        .map(({ anonymous_id: _, ...row }) => row)
        .sort((a, b) => a.event_name.localeCompare(b.event_name));
    const native = rowsOf('browser-0');
    expect(native.map(({ event_name }) => event_name)).toEqual(
      JOURNEY.map(({ event_name }) => event_name).sort((a, b) => a.localeCompare(b)),
    );
    for (const { shop, anonymous_id } of shoppers) {
      expect({ shop: shop.name, rows: rowsOf(anonymous_id) }).toEqual({ shop: shop.name, rows: native });
    }
  }, 120_000);

  test('a request sent again, as after an answer that was lost, adds no row to the view', async () => {
    const before = await readConservation(stores);
    for (const { path, body } of CASES) {
      const url = stack.ingestUrl + path.replace(WRITE_KEY, stack.writeKey);
      const text = body(3).replaceAll(`"${WRITE_KEY}"`, `"${stack.writeKey}"`);
      for (let sent = 0; sent < 2; sent += 1) {
        expect((await fetch(url, { method: 'POST', body: text })).ok).toBe(true);
      }
    }
    const added = 3 * CASES.length;
    const stored = async () => {
      const { warehouse_rows, warehouse_distinct, failed } = await readConservation(stores);
      // At least: a redelivery may add a row of its own.
      const twice = warehouse_rows - before.warehouse_rows >= 2 * added;
      return { twice, distinct: warehouse_distinct - before.warehouse_distinct, failed };
    };
    await expect
      .poll(stored, { timeout: 60_000, interval: 500 })
      .toEqual({ twice: true, distinct: added, failed: 0 });
  }, 120_000);
});
