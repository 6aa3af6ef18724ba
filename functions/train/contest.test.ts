import { expect, test } from 'vitest';
import type { Artifact } from '../../model/artifact.ts';
import { buildModel } from '../../model/build.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { CurrentModel } from '../../shared/events.ts';
import { aisleSessions } from '../../test/model/sessions.ts';
import { makeChallenger } from './contest.ts';
import { hoursAgo, NOW, streamOf } from './fixtures.ts';

const CURRENT: CurrentModel = {
  model_version: 'live',
  artifact_uri: 'gs://models/live',
  endpoint: 'e',
  deployed_at: hoursAgo(24),
  popular: [],
};

/** Sessions an hour apart, the last one now. */
function timed(count: number): readonly TrainingSession[] {
  return aisleSessions(count).map(({ items }, at) => ({
    items,
    times: items.map(() => NOW - (count - 1 - at) * 3_600_000),
  }));
}

const SESSIONS = timed(1000);

async function challenge(trainedOn: readonly TrainingSession[] | Error, current?: CurrentModel) {
  const load = async (): Promise<Artifact> => {
    if (trainedOn instanceof Error) throw trainedOn;
    return buildModel(trainedOn, { version: 'live', clock: () => NOW });
  };
  const challenger = makeChallenger({ load, clock: () => NOW });
  return challenger(current, { sessions: () => streamOf(SESSIONS) });
}

test('the live model is judged on sessions newer than all it has seen', async () => {
  const steps = SESSIONS.slice(920).reduce((sum, { items }) => sum + items.length - 1, 0);
  const { judged, live, note } = await challenge(SESSIONS.slice(0, 920), CURRENT);
  expect(judged).toBeCloseTo(0.08, 10);
  expect(live?.cases).toBe(steps);
  expect(live?.hr20).toBeGreaterThan(0.5);
  expect(note).toBeUndefined();
});

test('an old live model is judged on the newest tenth', async () => {
  const { judged, live } = await challenge(SESSIONS.slice(0, 500), CURRENT);
  expect(judged).toBe(0.1);
  expect(live?.cases).toBeGreaterThan(200);
});

test.each<[string, readonly TrainingSession[] | Error, RegExp]>([
  ['it has seen nearly all', SESSIONS.slice(0, 990), /\d+ test cases are newer than it, 200 are needed/],
  ['its sessions had no times', aisleSessions(50), /had no times/],
  ['its artifact is gone', new Error('no such object'), /not compared: no such object/],
])('the live model is not compared where %s', async (_what, trainedOn, message) => {
  const { judged, live, note } = await challenge(trainedOn, CURRENT);
  expect([judged, live]).toEqual([undefined, undefined]);
  expect(note).toMatch(message);
});

test('without a live model there is nothing to say', async () => {
  expect(await challenge(SESSIONS)).toEqual({ judged: undefined, live: undefined, note: undefined });
});
