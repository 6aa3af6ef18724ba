import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConservation } from '../../emulators/conservation.ts';
import { makeRandom } from '../../emulators/shop/random.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { untilDelivered } from '../../emulators/until-empty.ts';
import { BUCKETS, bucketName, DATASET } from '../../shared/pipeline.ts';

const ROWS = 3_000;
const HEADER = 'timestamp,visitorid,event,itemid,transactionid';
const BEGAN = Date.UTC(2026, 9, 1);

/** A day of a shop, as RetailRocket's file has it; its last record is none. */
function dayOf(day: number): string {
  const lines = Array.from({ length: ROWS }, (_each, index) => {
    const at = BEGAN + day * 86_400_000 + index * 20_000;
    return `${at},${(index * 7) % 400},${index % 30 === 0 ? 'transaction' : 'view'},${index % 90},${index % 30 === 0 ? index : ''}`;
  });
  return [HEADER, ...lines, 'yesterday,1,view,2,'].join('\n');
}

/** Files through the function's own process, which is killed again and again: each record is in the warehouse once. */
describe('files', () => {
  let stack: Stack;
  let stores: Stores;

  beforeAll(async () => {
    stack = await startStack({
      project: 'demo-files',
      functions: ['ingest', 'load', 'enrich', 'warehouse'],
      env: { CHUNK_BYTES: '10000', MAX_EVENT_AGE_DAYS: '3650' },
    });
    stores = openStores(stack);
  }, 90_000);

  afterAll(async () => {
    await stores?.close();
    await stack?.close();
  });

  const put = (name: string, bytes: string | Buffer) =>
    stores.storage
      .bucket(bucketName(stack.project, BUCKETS.inbox))
      .file(name)
      .save(bytes, { resumable: false });

  /** What `npm run loads` tells. */
  const loads = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['functions/load/cli/loads-command.ts', '--json'],
      { env: { ...process.env, ...stack.env } },
    );
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  };

  test('load each record once, however often the function is killed meanwhile', async () => {
    const random = makeRandom(11);
    await put('retailrocket/day-1.csv', dayOf(1));
    await put('live/retailrocket/day-0.csv.gz', gzipSync(dayOf(0)));
    await put('history/retailrocket/day-2.csv', dayOf(2));
    const kills = 6;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await readConservation(stores);
      const more = random.below(400);
      await expect
        .poll(async () => (await readConservation(stores)).warehouse_rows, { timeout: 60_000 })
        .toBeGreaterThan(Math.min(before.warehouse_rows + more, 2 * ROWS - 1));
      stack.functions.get('load')?.child.kill('SIGKILL');
    }
    await expect
      .poll(() => readConservation(stores), { timeout: 90_000 })
      .toMatchObject({ warehouse_distinct: 3 * ROWS, failed: 3, consent_dropped: 0 });
    // Which of files put at about the same time is the newest is left to chance.
    const byName = async () =>
      (await loads()).toSorted((a, b) => String(a.object).localeCompare(String(b.object)));
    await expect.poll(byName, { timeout: 30_000 }).toEqual(
      ['history/retailrocket/day-2.csv', 'live/retailrocket/day-0.csv.gz', 'retailrocket/day-1.csv'].map(
        (name) =>
          expect.objectContaining({
            object: expect.stringContaining(`/${name}`),
            state: 'done',
            read: ROWS + 1,
            out: ROWS,
            failed: 1,
          }),
      ),
    );
  }, 240_000);

  test('that come late, twice or compressed anew leave the warehouse as it was', async () => {
    // What the killed function had published twice.
    await untilDelivered(stack);
    const { warehouse_rows: before } = await readConservation(stores);
    await put('retailrocket/day-0.csv', dayOf(0));
    await put('retailrocket/day-1.csv.gz', gzipSync(dayOf(1), { level: 1 }));
    const states = async () => (await loads()).map(({ state }) => state);
    await expect.poll(states, { timeout: 60_000 }).toEqual(Array(5).fill('done'));
    await put('retailrocket/copy-of-1.csv', dayOf(1));
    await expect.poll(states, { timeout: 60_000 }).toEqual(['duplicate', ...Array(5).fill('done')]);
    await untilDelivered(stack);
    const { warehouse_rows, ...found } = await readConservation(stores);
    expect(found).toMatchObject({ warehouse_distinct: 3 * ROWS, failed: 3 });
    // The two that were read, and not the copy; a redelivery may add some rows.
    expect(warehouse_rows - before).toBeGreaterThanOrEqual(2 * ROWS);
    expect(warehouse_rows - before).toBeLessThan(3 * ROWS);
    const [days] = await stores.bigquery.query(
      `SELECT DATE(event_time) AS day, COUNT(*) AS n, COUNT(DISTINCT visitor_id) AS visitors
       FROM \`${DATASET}.events\` GROUP BY day ORDER BY day`,
    );
    expect(days.map(({ n, visitors }) => [Number(n), Number(visitors)])).toEqual([
      [ROWS, 400],
      [ROWS, 400],
      [ROWS, 400],
    ]);
  }, 180_000);
});
