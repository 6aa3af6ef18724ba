import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConservation } from '../../emulators/conservation.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { DATASET, TOPICS } from '../../shared/pipeline.ts';

const run = promisify(execFile);

/** Events that fail on their way in, mended and replayed by the command and by the function, through every function. */
describe('replay', () => {
  let stack: Stack;
  let stores: Stores;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nextclick-replay-'));
    stack = await startStack({
      project: 'demo-replay',
      functions: ['ingest', 'inbox', 'enrich', 'warehouse', 'replay'],
    });
    stores = openStores(stack);
  }, 90_000);
  afterAll(async () => {
    await stores?.close();
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (events: readonly object[]): Promise<number> => {
    const response = await fetch(`${stack.ingestUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': stack.writeKey },
      body: JSON.stringify({ events }),
    });
    return response.status;
  };
  const rows = async (sql: string) => (await stores.bigquery.query(sql.replaceAll('$', DATASET)))[0];
  const replay = async (...args: readonly string[]) => {
    const { stdout } = await run(
      process.execPath,
      ['functions/replay/cli/replay-command.ts', '--json', ...args],
      {
        env: { ...process.env, ...stack.env },
      },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('a mended event arrives once; what fails again points to the first failure', async () => {
    const broken = (id: string) => ({
      event_id: id,
      event_name: 'view_item',
      anonymous_id: 'visitor-1',
      items: [{ item_id: 'shoe' }],
      value: 'ten',
    });
    expect(await send([broken('r1'), broken('r2'), { ...broken('r3'), value: 10 }])).toBe(200);
    await expect.poll(readCounts, { timeout: 30_000 }).toEqual({ stored: 1, failed: 2 });

    const transform = join(folder, 'mend.ts');
    await writeFile(
      transform,
      `export function transform(event: { event_id: string }): object {
         return event.event_id === 'r1' ? { ...event, value: 10 } : event;
       }`,
    );
    const where = ['--where', "reason = 'invalid_event' AND path = 'value'"];
    expect(await replay(...where, '--dry-run')).toMatchObject({ found: 2, replayed: 2, dry_run: true });
    const report = await replay(...where, '--transform', transform);
    expect(report).toMatchObject({ found: 2, replayed: 2, causes: { 'ingest invalid_event': 2 } });
    await expect.poll(readCounts, { timeout: 30_000 }).toEqual({ stored: 2, failed: 1 });
    await expect
      .poll(
        () => rows('SELECT event_id, attempts, replay_id FROM $.failed_events WHERE replay_of IS NOT NULL'),
        {
          timeout: 30_000,
        },
      )
      .toEqual([{ event_id: 'r2', attempts: 2, replay_id: report.replay_id }]);
    expect(await replay(...where)).toMatchObject({ found: 0, replayed: 0 });
    expect(await rows('SELECT event_id FROM $.events_raw ORDER BY event_id')).toEqual([
      { event_id: 'r1' },
      { event_id: 'r3' },
    ]);
  });

  test('the function replays on a message of its topic', async () => {
    const failed = await rows('SELECT failed_id FROM $.failed_events WHERE replay_of IS NOT NULL');
    const request = { where: `failed_id = '${failed[0]?.failed_id}'`, again: true };
    await stores.pubsub
      .topic(TOPICS.replayRequests)
      .publishMessage({ data: Buffer.from(JSON.stringify({ events: [request] })) });
    await expect
      .poll(
        () => rows('SELECT attempts FROM $.failed_events WHERE replay_of IS NOT NULL ORDER BY attempts'),
        {
          timeout: 30_000,
        },
      )
      .toEqual([{ attempts: 2 }, { attempts: 3 }]);
    expect(await readCounts()).toEqual({ stored: 2, failed: 1 });
  });

  async function readCounts() {
    const { warehouse_distinct, failed } = await readConservation(stores);
    return { stored: warehouse_distinct, failed };
  }
}, 120_000);
