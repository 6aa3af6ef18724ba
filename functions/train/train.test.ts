import { describe, expect, test } from 'vitest';
import { buildModel } from '../../model/build.ts';
import { memoryEndpoint, memoryLedger, recordOf } from '../../model/release/fixtures.ts';
import type { ModelRecord } from '../../model/release/model-record.ts';
import { makeRelease } from '../../model/release/release.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { TrainRequest } from '../../shared/events.ts';
import { aisleSessions } from '../../test/model/sessions.ts';
import type { Challenge } from './contest.ts';
import { batchContext, hoursAgo, NOW, streamOf } from './fixtures.ts';
import { makeTrain, type TrainOptions } from './train.ts';
import { type Order, versionOf } from './version.ts';

const REQUEST: Order = { request_id: 'r1', requested_at: hoursAgo(1), refresh_days: 2 };
const VERSION = versionOf(REQUEST);
const UNOPPOSED: Challenge = { judged: undefined, live: undefined, note: undefined };

interface Setup extends Partial<TrainOptions> {
  readonly sessions?: readonly TrainingSession[];
  readonly challenge?: TrainOptions['challenge'];
  readonly trial?: boolean;
  /** Serves this version first, for as many hours. */
  readonly live?: { readonly version: string; readonly hours: number };
}

async function setUp({ sessions = aisleSessions(40), trial = true, live, ...overrides }: Setup = {}) {
  const did: string[] = [];
  const ledger = memoryLedger();
  const endpoint = memoryEndpoint();
  let time = NOW;
  const release = makeRelease({
    ledger,
    endpoint,
    tryOut: async (_endpoint, { model_version }) => {
      did.push(`try ${model_version} with ${endpoint.traffic()[model_version]} %`);
      return { passes: trial || model_version === live?.version, report: ['tried'] };
    },
    canaryPercent: 10,
    clock: () => time,
  });
  if (live) {
    time = NOW - live.hours * 3_600_000;
    await release.promote((await release.stage(recordOf(live.version))).model_version);
    time = NOW;
    did.length = 0;
  }
  const train = makeTrain({
    warehouse: {
      async export(version) {
        did.push(`export ${version}`);
        return {
          sessions: () => streamOf(sessions),
          shelves: async () => ({ items: [{ item_id: 'a1-1', category: 'Aisle 1' }], countries: {} }),
          discard: async () => void did.push('discard'),
        };
      },
    },
    challenge: async () => UNOPPOSED,
    build: (read, options) => buildModel(read, { ...options, clock: () => NOW }),
    store: async (_artifact, sink) => sink.write('index.bin', new Uint8Array()),
    artifacts: {
      uri: (version) => `gs://models/${version}`,
      sink: (version) => ({ write: async (name) => void did.push(`store ${version}/${name}`) }),
    },
    ledger,
    release,
    autoPromote: true,
    relate: async ({ model_version, artifact_uri }) => {
      did.push(`relate ${model_version} ${artifact_uri}`);
      return 5;
    },
    refresh: async (version, days) => {
      did.push(`refresh ${version} ${days}`);
      return 9;
    },
    clock: () => NOW,
    ...overrides,
  });
  const { context, lines } = batchContext();
  return {
    train: (...requests: TrainRequest[]) => train(requests, context),
    did,
    lines,
    ledger,
    traffic: endpoint.traffic,
    current: async () => (await ledger.current())?.model_version,
  };
}

describe('train', () => {
  test('exports, builds, stores, tries, serves and refreshes, in this order', async () => {
    const { train, did, ledger } = await setUp();
    expect(await train(REQUEST)).toEqual({ out: 1, metrics: { models: 1, refreshed: 9, related: 5 } });
    expect(did).toEqual([
      `export ${VERSION}`,
      `store ${VERSION}/index.bin`,
      'discard',
      `try ${VERSION} with 100 %`,
      `refresh ${VERSION} 2`,
      `relate ${VERSION} gs://models/${VERSION}`,
    ]);
    expect(await ledger.current()).toMatchObject({ model_version: VERSION, endpoint: 'endpoint-7' });
    expect((await ledger.current())?.popular.length).toBeGreaterThan(10);
    expect(await ledger.find(VERSION)).toMatchObject({ state: 'live', counts: { sessions: 40 } });
  });

  test('a new model is tried with a share of the traffic before the old one gives way', async () => {
    const { train, did, traffic } = await setUp({ live: { version: 'old', hours: 24 } });
    await train(REQUEST);
    expect(did).toContain(`try ${VERSION} with 10 %`);
    expect(traffic()).toEqual({ [VERSION]: 100 });
  });

  test('a model that the gate refuses is neither stored nor served; the report says why', async () => {
    const live = {
      cases: 500,
      hr20: 0.99,
      mrr20: 0.99,
      hr20_excluding_current: 1,
      mrr20_excluding_current: 1,
    };
    const { train, did, lines, ledger, current } = await setUp({
      sessions: aisleSessions(1500),
      live: { version: 'old', hours: 24 },
      challenge: async () => ({
        judged: 0.1,
        live: { ...live, coverage: 1, popularity_bias: 0 },
        note: undefined,
      }),
    });
    expect(await train(REQUEST)).toMatchObject({ metrics: { rejected: 1 } });
    expect(did).toEqual([`export ${VERSION}`, 'discard']);
    expect(await current()).toBe('old');
    const record = (await ledger.find(VERSION)) as ModelRecord;
    expect(record).toMatchObject({ state: 'rejected', metrics: { live: { hr20: 0.99 } } });
    expect(record.report.join()).toMatch(/MRR@20 0\.\d+ is below 0\.97/);
    expect(lines.join()).toContain('the model is not served');
    did.length = 0;
    await train(REQUEST);
    expect(did).toEqual([]);
  });

  test('a model that fails its trial leaves the traffic, and what was live stays', async () => {
    const { train, current, traffic } = await setUp({ trial: false, live: { version: 'old', hours: 24 } });
    expect(await train(REQUEST)).toMatchObject({ metrics: { rejected: 1 } });
    expect([await current(), traffic()]).toEqual(['old', { old: 100 }]);
  });

  test('without auto-promotion the canary waits', async () => {
    const setup = await setUp({ autoPromote: false, live: { version: 'old', hours: 24 } });
    expect(await setup.train(REQUEST)).toMatchObject({ metrics: { canaries: 1 } });
    expect([await setup.current(), setup.traffic()]).toEqual(['old', { old: 90, [VERSION]: 10 }]);
  });

  test('a redelivery takes up where the first delivery broke off', async () => {
    const broken = await setUp({
      live: { version: 'old', hours: 24 },
      refresh: async () => Promise.reject(new Error('killed')),
    });
    await expect(broken.train(REQUEST)).rejects.toThrow('killed');
    broken.did.length = 0;
    await expect(broken.train(REQUEST)).rejects.toThrow('killed');
    expect(broken.did).toEqual([]);

    const staged = await setUp({ live: { version: 'old', hours: 24 } });
    await staged.ledger.write(recordOf(VERSION));
    await staged.train(REQUEST);
    expect(staged.did).toEqual([
      `try ${VERSION} with 10 %`,
      `refresh ${VERSION} 2`,
      `relate ${VERSION} gs://models/${VERSION}`,
    ]);
  });

  test('a redelivery that overtakes its first delivery joins it', async () => {
    const { train, did } = await setUp();
    const results = await Promise.all([train(REQUEST), train(REQUEST)]);
    expect(results[1]).toEqual(results[0]);
    expect(did.filter((step) => step.startsWith('export'))).toHaveLength(1);
  });

  test('of several orders the newest is carried out', async () => {
    const { train, current } = await setUp();
    await train({ ...REQUEST, request_id: 'r0', requested_at: hoursAgo(5) }, REQUEST);
    expect(await current()).toBe(VERSION);
  });

  test('what a schedule sends makes another version each time it is sent, and the same when redelivered', async () => {
    const { train, current } = await setUp();
    await train({ refresh_days: 0 });
    const version = await current();
    expect(version).toBe(versionOf({ request_id: 'm1', requested_at: hoursAgo(0), refresh_days: 0 }));
    await train({ refresh_days: 0 });
    expect(await current()).toBe(version);
  });

  test('an order to recommend anew trains nothing, and only from what is served', async () => {
    const { train, did } = await setUp({ live: { version: 'old', hours: 24 } });
    expect(await train({ model_version: 'old', refresh_days: 3 })).toMatchObject({
      metrics: { refreshed: 9 },
    });
    expect(await train({ model_version: 'gone', refresh_days: 3 })).toMatchObject({
      metrics: { superseded: 1 },
    });
    expect(did).toEqual(['refresh old 3', 'relate old gs://models/old']);
  });

  test('an order older than what is served is left alone', async () => {
    const { train, did } = await setUp({ live: { version: 'newer', hours: 0.5 } });
    expect(await train(REQUEST)).toMatchObject({ metrics: { superseded: 1 } });
    expect(did).toEqual([]);
  });

  test('orders are compared as times, however these are written', async () => {
    const { train, current, did } = await setUp({ live: { version: 'newer', hours: 1 } });
    const older = { ...REQUEST, requested_at: '2026-11-21T12:30:00+02:00' };
    expect(await train(older)).toMatchObject({ metrics: { superseded: 1 } });
    expect(did).toEqual([]);
    const newest = { ...REQUEST, requested_at: '2026-11-21T11:45:00Z' };
    await train({ ...older, requested_at: '2026-11-21T13:15:00+02:00' }, newest);
    expect(await current()).toBe(versionOf(newest));
  });

  test('without sessions what is served stays, the log says why, and the export is deleted', async () => {
    const { train, did, lines, current } = await setUp({ live: { version: 'old', hours: 24 }, sessions: [] });
    expect(await train(REQUEST)).toMatchObject({ metrics: { sessions: 0 } });
    expect(did).toEqual([`export ${VERSION}`, 'discard']);
    expect(await current()).toBe('old');
    expect(lines.join()).toContain('no sessions to learn from');
  });

  test('versions sort by time and repeat with their request', () => {
    expect(versionOf(REQUEST)).toBe(VERSION);
    expect(VERSION).toMatch(/^20261121T110000Z-[0-9a-f]{8}$/);
    expect(versionOf({ ...REQUEST, request_id: 'r2' })).not.toBe(VERSION);
    expect(versionOf({ ...REQUEST, requested_at: hoursAgo(2) }) < VERSION).toBe(true);
  });
});
