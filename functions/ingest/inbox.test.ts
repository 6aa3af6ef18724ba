import type { CloudEvent } from '@google-cloud/functions-framework';
import { describe, expect, test } from 'vitest';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { FailedEvent, RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import { makeInbox } from './inbox.ts';

const identity = { name: 'inbox', version: '1' };

async function deliver(body: unknown) {
  const published = new Map<Topic, readonly object[]>();
  const publisher = {
    publish: async (topic: Topic, events: readonly object[]) => {
      published.set(topic, events);
    },
  };
  const handle = batchFunction(
    { [TOPICS.inbox]: route(makeInbox({ identity, publisher })) },
    { identity, project: 'p', publisher, log: silentLogger },
  );
  const message = {
    data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
    messageId: 'm1',
    publishTime: '2026-11-21T09:00:00.5Z',
  };
  await handle({
    specversion: '1.0',
    id: 'm1',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: '//pubsub.googleapis.com/projects/p/topics/clickstream-inbox',
    data: { message },
  } as CloudEvent<MessagePublishedData>);
  return {
    raw: RawEvent.array().parse(published.get(TOPICS.raw) ?? []),
    failed: FailedEvent.array().parse(published.get(TOPICS.failed) ?? []),
  };
}

const click = { event_name: 'view_item', user_id: 'u1' };

describe('makeInbox', () => {
  test('completes events with what the message tells', async () => {
    const { raw, failed } = await deliver({ events: [click, { ...click, event_id: 'e2' }] });
    expect(failed).toEqual([]);
    expect(raw).toMatchObject([
      {
        ...click,
        event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        event_time: '2026-11-21T09:00:00.500Z',
        collector: { protocol: 'inbox', origin: 'live', received_at: '2026-11-21T09:00:00.500Z' },
      },
      { event_id: 'e2' },
    ]);
  });

  test('a redelivery gives equal events', async () => {
    const [first, second] = [
      await deliver({ events: [click, click] }),
      await deliver({ events: [click, click] }),
    ];
    expect(first.raw).toEqual(second.raw);
    expect(new Set(first.raw.map((event) => event.event_id)).size).toBe(2);
  });

  test('what is no event fails alone, to be mended and replayed', async () => {
    const { raw, failed } = await deliver({
      events: [{ event_name: 'x' }, click, 'text', { ...click, properties: { text: 'x'.repeat(40_000) } }],
    });
    expect(raw).toHaveLength(1);
    expect(failed).toMatchObject([
      { reason: 'invalid_event', path: 'anonymous_id', replay_topic: 'clickstream-inbox', function: 'inbox' },
      { reason: 'invalid_event', payload: 'text' },
      { reason: 'too_large', payload_truncated: false },
    ]);
  });

  test.each(['{', '[]', '{"events":7}'])('%s is one failed event', async (body) => {
    const { raw, failed } = await deliver(body);
    expect([raw.length, failed.length]).toEqual([0, 1]);
  });
});
