import { describe, expect, test } from 'vitest';
import { buildModel } from '../../model/build.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { CurrentModel, TrainRequest } from '../../shared/events.ts';
import { aisleSessions } from '../../test/model/sessions.ts';
import { batchContext, hoursAgo, NOW, streamOf } from './fixtures.ts';
import { makeTrain, type TrainOptions, versionOf } from './train.ts';

const REQUEST: TrainRequest = { request_id: 'r1', requested_at: hoursAgo(1), refresh_days: 2 };
const VERSION = versionOf(REQUEST);

interface Setup extends Partial<TrainOptions> {
  readonly current0?: CurrentModel;
  readonly sessions?: readonly TrainingSession[];
}

function live(fields: Partial<CurrentModel> = {}): CurrentModel {
  return {
    model_version: 'old',
    artifact_uri: 'gs://models/old',
    endpoint: 'e',
    deployed_at: hoursAgo(24),
    popular: [],
    ...fields,
  };
}

function setUp({ current0, sessions = aisleSessions(40), ...overrides }: Setup = {}) {
  const did: string[] = [];
  let current = current0;
  const train = makeTrain({
    warehouse: { sessions: () => streamOf(sessions) },
    build: async (read, version) => {
      did.push('build');
      return buildModel(read, { version, clock: () => NOW });
    },
    store: async (_artifact, sink) => sink.write('index.bin', new Uint8Array()),
    artifacts: {
      uri: (version) => `gs://models/${version}`,
      sink: (version) => ({ write: async (name) => void did.push(`store ${version}/${name}`) }),
    },
    serving: {
      async serve(version, uri) {
        did.push(`serve ${version} ${uri}`);
        return 'endpoint-7';
      },
    },
    current: {
      read: async () => current,
      async write(model) {
        did.push('write current');
        current = model;
      },
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
    current: () => current,
  };
}

describe('train', () => {
  test('builds, stores, serves, says what is served, and refreshes, in this order', async () => {
    const { train, did, current } = setUp();
    expect(await train(REQUEST)).toEqual({ out: 1, metrics: { models: 1, refreshed: 9 } });
    expect(did).toEqual([
      'build',
      `store ${VERSION}/index.bin`,
      `serve ${VERSION} gs://models/${VERSION}`,
      'write current',
      `refresh ${VERSION} 2`,
    ]);
    expect(current()).toMatchObject({
      model_version: VERSION,
      endpoint: 'endpoint-7',
      deployed_at: hoursAgo(0),
    });
    expect(current()?.popular.length).toBeGreaterThan(10);
  });

  test('a redelivery after the deploy only refreshes', async () => {
    const { train, did } = setUp({ current0: live({ model_version: VERSION }) });
    await train(REQUEST);
    expect(did).toEqual([`refresh ${VERSION} 2`]);
  });

  test('a redelivery that overtakes its first delivery joins it', async () => {
    const { train, did } = setUp();
    const results = await Promise.all([train(REQUEST), train(REQUEST)]);
    expect(results[1]).toEqual(results[0]);
    expect(did.filter((step) => step === 'build')).toHaveLength(1);
  });

  test('of several orders the newest is carried out', async () => {
    const { train, current } = setUp();
    await train({ ...REQUEST, request_id: 'r0', requested_at: hoursAgo(5) }, REQUEST);
    expect(current()?.model_version).toBe(VERSION);
  });

  test('an order older than what is served is left alone', async () => {
    const { train, did } = setUp({ current0: live({ deployed_at: hoursAgo(0.5) }) });
    expect(await train(REQUEST)).toMatchObject({ metrics: { superseded: 1 } });
    expect(did).toEqual([]);
  });

  test('without sessions what is served stays, and the log says why', async () => {
    const { train, did, lines, current } = setUp({ current0: live(), sessions: [] });
    expect(await train(REQUEST)).toMatchObject({ metrics: { sessions: 0 } });
    expect(did).toEqual(['build']);
    expect(current()?.model_version).toBe('old');
    expect(lines.join()).toContain('no sessions to learn from');
  });

  test('versions sort by time and repeat with their request', () => {
    expect(versionOf(REQUEST)).toBe(VERSION);
    expect(VERSION).toMatch(/^20261121T110000Z-[0-9a-f]{8}$/);
    expect(versionOf({ ...REQUEST, request_id: 'r2' })).not.toBe(VERSION);
    expect(versionOf({ ...REQUEST, requested_at: hoursAgo(2) }) < VERSION).toBe(true);
  });
});
