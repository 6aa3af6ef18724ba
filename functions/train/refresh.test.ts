import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { RecommendationRequest } from '../../shared/events.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import { batchContext, hoursAgo, NOW, streamOf } from './fixtures.ts';
import { makeRefresh, type RecentVisitor } from './refresh.ts';

function visitor(id: string, clicks = 1): RecentVisitor {
  return {
    user_key: `user-${id}`,
    visitor_id: id,
    recent_items: Array.from({ length: clicks }, (_, click) => ({
      item_id: `item-${click}`,
      event_name: 'view_item',
      event_time: hoursAgo(click + 1),
    })),
    purchased_items: ['bought'],
  };
}

function setUp(visitors: readonly RecentVisitor[], failing: readonly number[] = []) {
  const asked: { readonly topic: Topic; readonly requests: readonly RecommendationRequest[] }[] = [];
  const days: number[] = [];
  let publishes = 0;
  const refresh = makeRefresh({
    warehouse: {
      visitors: (since) => {
        days.push(since);
        return streamOf(visitors);
      },
    },
    publisher: {
      async publish(topic, events) {
        publishes += 1;
        if (failing.includes(publishes)) throw new TransientError('Pub/Sub is away');
        asked.push({ topic, requests: events.map((event) => RecommendationRequest.parse(event)) });
      },
    },
    clock: () => NOW,
  });
  const { context } = batchContext();
  return { refresh: (version: string, since: number) => refresh(version, since, context), asked, days };
}

describe('the refresh after a deploy', () => {
  test('asks for each visitor of the last days, in batches', async () => {
    const visitors = Array.from({ length: 501 }, (_, at) => visitor(`v${at}`, 2));
    const { refresh, asked, days } = setUp(visitors);
    expect(await refresh('m1', 3)).toBe(501);
    expect(days).toEqual([3]);
    expect(asked.map(({ topic, requests }) => [topic, requests.length])).toEqual([
      [TOPICS.recommendationRequests, 500],
      [TOPICS.recommendationRequests, 1],
    ]);
    expect(asked[1]?.requests[0]).toMatchObject({
      visitor_id: 'v500',
      user_key: 'user-v500',
      purchased_items: ['bought'],
      trigger: { event_name: 'refresh', event_time: hoursAgo(1), received_at: hoursAgo(0) },
    });
  });

  test('no days, no visitors and visitors who looked at nothing ask for nothing', async () => {
    const none = setUp([visitor('a', 0)]);
    expect(await none.refresh('m1', 1)).toBe(0);
    const off = setUp([visitor('a')]);
    expect(await off.refresh('m1', 0)).toBe(0);
    expect([none.asked, off.asked, off.days]).toEqual([[], [], []]);
  });

  test('broken off, it repeats the same ids; another model has others', async () => {
    const visitors = Array.from({ length: 600 }, (_, at) => visitor(`v${at}`));
    const { refresh, asked } = setUp(visitors, [2]);
    await expect(refresh('m1', 1)).rejects.toThrow('Pub/Sub is away');
    expect(await refresh('m1', 1)).toBe(600);
    await refresh('m2', 1);
    const ids = asked.map(({ requests }) => requests[0]?.trigger.event_id);
    expect(asked.map(({ requests }) => requests.length)).toEqual([500, 500, 100, 500, 100]);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[3]).not.toBe(ids[0]);
  });
});
