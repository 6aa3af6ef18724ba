import { describe, expect, test } from 'vitest';
import { TOPICS } from '../../shared/pipeline.ts';
import { failedOf } from './fixtures.ts';
import { mend } from './mend.ts';

const payloads = {
  read: async (uri: string) => (uri === 'gs://q/whole' ? '{"event_id":"long","text":"whole"}' : undefined),
};

describe('mend', () => {
  test.each([
    { name: 'an event as it was', failed: failedOf({ event_id: 'a' }), events: [{ event_id: 'a' }] },
    {
      name: 'the id that it failed under, where it has none',
      failed: failedOf({ value: 1 }, { event_id: 'derived', replay_topic: TOPICS.inbox }),
      events: [{ value: 1, event_id: 'derived' }],
    },
    {
      name: 'no id where it is no event',
      failed: failedOf({ request_id: 'r' }, { event_id: 'x', replay_topic: TOPICS.trainRequests }),
      events: [{ request_id: 'r' }],
    },
    {
      name: 'the whole of a payload that was cut',
      failed: failedOf('{"event_id":"lo', { payload_truncated: true, payload_uri: 'gs://q/whole' }),
      events: [{ event_id: 'long', text: 'whole' }],
    },
  ])('publishes $name', async ({ failed, events }) => {
    expect(await mend(failed, payloads, undefined)).toEqual({ topic: failed.replay_topic, events });
  });

  test.each([
    ['payload_incomplete', failedOf('{"event', { payload_truncated: true })],
    ['payload_incomplete', failedOf('{"event', { payload_truncated: true, payload_uri: 'gs://q/gone' })],
    ['payload_unreadable', failedOf('{"event')],
    ['payload_unreadable', failedOf('7')],
    ['payload_unreadable', failedOf('null')],
    ['no_topic', failedOf({}, { replay_topic: TOPICS.failed })],
    ['no_topic', failedOf({}, { replay_topic: '../../topics/other' })],
    ['file', failedOf({ object: 'gs://b/f' }, { reason: 'file_rejected', replay_topic: TOPICS.inbox })],
  ])('leaves what has the obstacle %s', async (obstacle, failed) => {
    expect(await mend(failed, payloads, undefined)).toEqual({ obstacle });
  });

  test('a transform mends, splits, or leaves', async () => {
    const failed = failedOf('not json', { event_id: 'e' });
    const by = (answer: unknown) => mend(failed, payloads, () => answer);
    expect(await by({ value: 1 })).toMatchObject({ events: [{ value: 1, event_id: 'e' }] });
    expect(await by([{ event_id: 'a' }, { event_id: 'b' }])).toMatchObject({
      events: [{ event_id: 'a' }, { event_id: 'b' }],
    });
    expect(await by(undefined)).toEqual({ obstacle: 'left_by_transform' });
    expect(await by('text')).toEqual({ obstacle: 'payload_unreadable' });
    expect(await mend(failed, payloads, (payload) => ({ was: payload }))).toMatchObject({
      events: [{ was: 'not json' }],
    });
  });
});
