import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import type { FailedEvent } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { failedOf, NOW, recordingPublisher } from './fixtures.ts';
import type { FailedEvents } from './ports.ts';
import { makeReplay } from './replay.ts';
import { parseWhere } from './where.ts';

function setUp(rows: readonly FailedEvent[], refuses?: (event: object) => boolean) {
  const marks = new Map<string, string>();
  const failedEvents: FailedEvents = {
    async *select({ limit, again, after }) {
      const open = rows.filter(
        ({ failed_id, replay_of }) =>
          (again || (!marks.has(failed_id) && replay_of === undefined)) &&
          (after === undefined || failed_id > after.failed_id),
      );
      yield* open.slice(0, limit);
    },
    mark: async (ids, replayId) => {
      for (const id of ids) marks.set(id, replayId);
    },
  };
  const { publisher, published } = recordingPublisher(refuses);
  const replay = makeReplay({
    failedEvents,
    payloads: { read: async () => undefined },
    publisher,
    clock: () => NOW,
    groupSize: 2,
  });
  const run = {
    replayId: 'run-1',
    where: parseWhere("reason = 'invalid_event'"),
    until: new Date(NOW).toISOString(),
    limit: 10,
    again: false,
  };
  return { replay, run, marks, published };
}

const rows = [1, 2, 3, 4, 5].map((n) => failedOf({ event_id: `e${n}` }, { failed_id: `f${n}`, attempts: n }));

describe('makeReplay', () => {
  test('publishes each event in a message that says which failure it comes from, and marks it', async () => {
    const { replay, run, marks, published } = setUp(rows);
    const progress: number[] = [];
    const report = await replay({ ...run, onProgress: ({ found }) => void progress.push(found) });
    expect(report).toEqual({
      replay_id: 'run-1',
      found: 5,
      replayed: 5,
      skipped: {},
      causes: { 'enrich invalid_event': 5 },
      more: false,
      last: { failed_id: 'f5', failed_at: rows[4]?.failed_at },
    });
    expect(progress).toEqual([2, 4, 5]);
    expect(published).toHaveLength(5);
    expect(published[1]).toEqual({
      topic: TOPICS.raw,
      events: [{ event_id: 'e2' }],
      attributes: { replay_id: 'run-1', replay_of: 'f2', replay_attempts: '2' },
    });
    expect([...marks]).toEqual(rows.map(({ failed_id }) => [failed_id, 'run-1']));
  });

  test('finds nothing the second time, and failures of replays only when told to', async () => {
    const second = failedOf(
      { event_id: 'e1' },
      { failed_id: 'f1-again', replay_of: 'f1', replay_id: 'run-0' },
    );
    const { replay, run, published } = setUp([...rows, second]);
    await replay(run);
    expect((await replay({ ...run, replayId: 'run-2' })).found).toBe(0);
    await replay({ ...run, replayId: 'run-3', again: true });
    expect(published.at(-1)?.attributes).toMatchObject({ replay_id: 'run-3', replay_of: 'f1' });
  });

  test('a dry run counts and does nothing', async () => {
    const { replay, run, marks, published } = setUp([...rows, failedOf('{', { failed_id: 'f6' })]);
    const report = await replay({ ...run, dryRun: true });
    expect(report).toMatchObject({ found: 6, replayed: 5, skipped: { payload_unreadable: 1 } });
    expect([marks.size, published.length]).toEqual([0, 0]);
  });

  test('where Pub/Sub fails, what was published is marked and the rest is found again', async () => {
    let away = true;
    const { replay, run, marks, published } = setUp(
      rows,
      (event) => away && (event as { event_id: string }).event_id === 'e4',
    );
    await expect(replay(run)).rejects.toThrow(TransientError);
    expect([...marks.keys()]).toEqual(['f1', 'f2', 'f3']);
    away = false;
    expect((await replay(run)).replayed).toBe(2);
    expect(published.map(({ events }) => (events[0] as { event_id: string }).event_id)).toEqual([
      'e1',
      'e2',
      'e3',
      'e4',
      'e5',
    ]);
  });

  test('ends between groups when its time is over, and says that there is more', async () => {
    const { replay, run, marks } = setUp(rows);
    const report = await replay({ ...run, outOfTime: () => true });
    expect(report).toMatchObject({ found: 2, replayed: 2, more: true, last: { failed_id: 'f2' } });
    expect(marks.size).toBe(2);
  });
});
