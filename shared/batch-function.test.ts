import type { CloudEvent } from '@google-cloud/functions-framework';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { batchFunction, type MessagePublishedData, route } from './batch-function.ts';
import { PermanentError, TransientError } from './errors.ts';
import type { FailedEvent } from './events.ts';
import { makeLogger } from './log.ts';
import { TOPICS, type Topic } from './pipeline.ts';

const Click = z.object({ event_id: z.string(), n: z.number() });
type Click = z.infer<typeof Click>;

/** A function on `clickstream-raw` whose core is `handle`, and what it leaves behind. */
function functionOf(handle: (events: readonly Click[]) => Promise<{ readonly out: number }>) {
  const failed: FailedEvent[] = [];
  const lines: Record<string, unknown>[] = [];
  const identity = { name: 'enrich', version: 'test' };
  const call = batchFunction(
    { [TOPICS.raw]: route({ schema: Click, handle }) },
    {
      identity,
      project: 'demo',
      publisher: { publish: async (_topic, events) => void failed.push(...(events as FailedEvent[])) },
      log: makeLogger({ write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
    },
  );
  const deliver = (events: readonly unknown[]): Promise<void> => call(messageOf(TOPICS.raw, events));
  return { deliver, failed, lines };
}

/** A message of these events, as the platform hands it over. */
function messageOf(topic: Topic, events: readonly unknown[]): CloudEvent<MessagePublishedData> {
  return {
    specversion: '1.0',
    id: 'm1',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: `//pubsub.googleapis.com/projects/demo/topics/${topic}`,
    data: {
      message: { data: Buffer.from(JSON.stringify({ events })).toString('base64'), messageId: 'm1' },
    },
  };
}

const clicks = (count: number): readonly Click[] =>
  Array.from({ length: count }, (_, n) => ({ event_id: `e${n}`, n }));

describe('a delivery', () => {
  test('of a poison-event: it becomes a failed event, the others are handled, and the message is acknowledged', async () => {
    const handled = new Set<string>();
    const { deliver, failed, lines } = functionOf(async (events) => {
      if (events.some(({ n }) => n === 77))
        throw new TypeError("Cannot read properties of undefined (reading 'x')");
      for (const { event_id } of events) handled.add(event_id);
      return { out: events.length };
    });
    await deliver(clicks(200));
    expect(handled.size).toBe(199);
    expect(failed).toMatchObject([
      { event_id: 'e77', function: 'enrich', reason: 'internal', replay_topic: TOPICS.raw },
    ]);
    expect(failed[0]?.message).toContain('fails alone, while others of its batch do not: Cannot read');
    expect(lines.at(-1)).toMatchObject({ message: 'handled', metric: { in: 200, out: 199, failed: 1 } });
  });

  test('of what is no event leaves the others alone', async () => {
    const { deliver, failed } = functionOf(async (events) => ({ out: events.length }));
    await deliver([...clicks(2), { event_id: 'bad' }]);
    expect(failed).toMatchObject([{ event_id: 'bad', reason: 'invalid_event', path: 'n' }]);
  });

  test('of a dead letter may have anything in its list, nothing too', async () => {
    const handled: unknown[] = [];
    const call = batchFunction(
      {
        [TOPICS.deadLetters]: route({
          schema: z.unknown(),
          handle: async (events) => {
            handled.push(...events);
            return { out: events.length };
          },
        }),
      },
      {
        identity: { name: 'warehouse', version: 'test' },
        project: 'demo',
        publisher: { publish: async () => undefined },
        log: makeLogger({ write: () => undefined }),
      },
    );
    const events = [null, 7, 'text', [], { event_id: 'a' }];
    await call(messageOf(TOPICS.deadLetters, events));
    expect(handled).toEqual(events);
  });

  test('of events that are given up is acknowledged', async () => {
    const { deliver, failed } = functionOf(async () => {
      throw new PermanentError('event_time_out_of_range', 'too old', { path: 'event_time' });
    });
    await deliver(clicks(3));
    expect(failed.map(({ event_id }) => event_id)).toEqual(['e0', 'e1', 'e2']);
    expect(failed[0]).toMatchObject({ reason: 'event_time_out_of_range', path: 'event_time' });
  });

  test('that meets an outage throws, so that it comes again, and gives nothing up', async () => {
    const { deliver, failed, lines } = functionOf(async () => {
      throw new TransientError('BigQuery is out of quota');
    });
    await expect(deliver(clicks(3))).rejects.toThrow('BigQuery is out of quota');
    expect(failed).toEqual([]);
    expect(lines.at(-1)).toMatchObject({
      severity: 'ERROR',
      message: 'the batch will be delivered again: BigQuery is out of quota',
      metric: { redeliver: 1 },
    });
  });
});
