import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import { ReplayRequest } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { batchContext } from '../warehouse/fixtures.ts';
import { NOW, recordingPublisher } from './fixtures.ts';
import type { ReplayReport, ReplayRun } from './replay.ts';
import { makeReplayRoute } from './replay-route.ts';

function setUp(answer: Partial<ReplayReport>) {
  const runs: ReplayRun[] = [];
  const { publisher, published } = recordingPublisher();
  const route = makeReplayRoute({
    replay: async (run) => {
      runs.push(run);
      return {
        replay_id: run.replayId,
        found: 0,
        replayed: 0,
        skipped: {},
        causes: {},
        more: false,
        ...answer,
      };
    },
    publisher,
    runMs: 1000,
    clock: () => NOW,
  });
  const { context } = batchContext(TOPICS.replayRequests);
  return { route, runs, published, context };
}

const request = (fields: object = {}) => ReplayRequest.parse({ where: "reason = 'internal'", ...fields });

describe('makeReplayRoute', () => {
  test('a run is named after its message and looks no further than its publication', async () => {
    const { route, runs, published, context } = setUp({ found: 3, replayed: 3 });
    expect(await route.handle([request({ limit: 5 })], context)).toEqual({ out: 3 });
    expect(runs).toMatchObject([
      {
        replayId: 'm1',
        until: context.publishTime,
        limit: 5,
        again: false,
        where: { sql: '((`reason` = @w0))' },
      },
    ]);
    expect(published).toEqual([]);
  });

  test('what a run leaves for want of time goes on as the same run', async () => {
    const { route, published, context } = setUp({ found: 3, replayed: 2, more: true });
    await route.handle([request({ limit: 5 })], context);
    expect(published).toMatchObject([
      {
        topic: TOPICS.replayRequests,
        events: [{ request_id: 'm1', requested_at: context.publishTime, limit: 2, again: false }],
      },
    ]);
  });

  test.each([
    { name: 'nothing was published', answer: { found: 3, replayed: 0, more: true } },
    { name: 'the limit is reached', answer: { found: 5, replayed: 5, more: true } },
  ])('nothing goes on where $name', async ({ answer }) => {
    const { route, published, context } = setUp(answer);
    await route.handle([request({ limit: 5 })], context);
    expect(published).toEqual([]);
  });

  test('a condition that cannot be read fails for good', async () => {
    const { route, runs, context } = setUp({});
    await expect(route.handle([request({ where: "x'; DROP TABLE y" })], context)).rejects.toThrow(
      PermanentError,
    );
    expect(runs).toEqual([]);
  });
});
