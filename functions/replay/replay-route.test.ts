import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import { ReplayRequest } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { batchContext } from '../warehouse/fixtures.ts';
import { failedOf, NOW, recordingPublisher } from './fixtures.ts';
import type { FailedEvents } from './ports.ts';
import { makeReplay, type ReplayReport, type ReplayRun } from './replay.ts';
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

const LAST = { failed_at: new Date(NOW - 60_000).toISOString(), failed_id: 'f3' };

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
    const { route, published, context } = setUp({ found: 3, replayed: 0, more: true, last: LAST });
    await route.handle([request({ limit: 5 })], context);
    expect(published).toMatchObject([
      {
        topic: TOPICS.replayRequests,
        events: [
          { request_id: 'm1', requested_at: context.publishTime, limit: 2, again: false, after: LAST },
        ],
      },
    ]);
  });

  test.each([
    { name: 'nothing was left', answer: { found: 3, replayed: 3, last: LAST } },
    { name: 'the limit is reached', answer: { found: 5, replayed: 5, more: true, last: LAST } },
  ])('nothing goes on where $name', async ({ answer }) => {
    const { route, published, context } = setUp(answer);
    await route.handle([request({ limit: 5 })], context);
    expect(published).toEqual([]);
  });

  test('a run that always lacks time reaches what is behind many that are skipped', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      failedOf(id === 'e' ? { event_id: id } : '{', { failed_id: id }),
    );
    const failedEvents: FailedEvents = {
      async *select({ limit, after }) {
        yield* rows.filter(({ failed_id }) => failed_id > (after?.failed_id ?? '')).slice(0, limit);
      },
      mark: async () => undefined,
    };
    const { publisher, published } = recordingPublisher();
    const payloads = { read: async () => undefined };
    let time = NOW;
    const clock = (): number => ++time;
    const replay = makeReplay({ failedEvents, payloads, publisher, clock, groupSize: 2 });
    const route = makeReplayRoute({ replay, publisher, runMs: 0, clock });
    const { context } = batchContext(TOPICS.replayRequests);
    await route.handle([request({ limit: 5 })], context);
    for (let next = 0; published[next]?.topic === TOPICS.replayRequests; next += 1) {
      await route.handle([ReplayRequest.parse(published[next]?.events[0])], context);
    }
    expect(published.at(-1)).toMatchObject({ topic: TOPICS.raw, events: [{ event_id: 'e' }] });
    expect(published).toHaveLength(3);
  });

  test('a condition that cannot be read fails for good', async () => {
    const { route, runs, context } = setUp({});
    await expect(route.handle([request({ where: "x'; DROP TABLE y" })], context)).rejects.toThrow(
      PermanentError,
    );
    expect(runs).toEqual([]);
  });
});
