import { describe, expect, test } from 'vitest';
import { customer, enrichedEvent, NOW, secondsAgo } from './fixtures.ts';
import { triggersOf } from './requests.ts';

const MAX_AGE_MS = 600_000;

describe('the requests that follow from events', () => {
  test('an event with its customer becomes a request', () => {
    const affinities = [{ category: 'Hats', score: 2 }];
    const event = enrichedEvent({
      customer: customer({ purchased_items: ['coat'], affinities }),
      geo: { country: 'DE' },
    });
    const { event_id, event_name, event_time, received_at } = event;
    expect(triggersOf([event], NOW, MAX_AGE_MS)).toEqual({
      requests: [
        {
          user_key: 'user-1',
          visitor_id: 'visitor-1',
          recent_items: event.customer?.recent_items,
          purchased_items: ['coat'],
          interests: ['Hats'],
          country: 'DE',
          trigger: { event_id, event_name, event_time, received_at },
        },
      ],
      stale: 0,
    });
  });

  test.each([
    ['history that was loaded', enrichedEvent({ origin: 'history' })],
    ['a list that was shown', enrichedEvent({ event_name: 'view_item_list', recommendation_id: 'r-1' })],
    ['a bot', enrichedEvent({ device: { category: 'bot', is_bot: true } })],
    ['a visitor who did not agree', enrichedEvent({ consent: { analytics: true, personalization: false } })],
    ['a visitor who has looked at nothing', enrichedEvent({ customer: customer({ recent_items: [] }) })],
  ])('%s asks for nothing', (_what, event) => {
    expect(triggersOf([event], NOW, MAX_AGE_MS)).toEqual({ requests: [], stale: 0 });
  });

  test('an event without its customer asks for nothing', () => {
    const { customer: _, ...event } = enrichedEvent();
    expect(triggersOf([event], NOW, MAX_AGE_MS)).toEqual({ requests: [], stale: 0 });
  });

  test('the newest event of each visitor asks, in whatever order they come', () => {
    const events = [
      enrichedEvent({ event_id: 'old', event_time: secondsAgo(9) }),
      enrichedEvent({ event_id: 'new', event_time: secondsAgo(3) }),
      enrichedEvent({ event_id: 'older', event_time: secondsAgo(20) }),
      enrichedEvent({ event_id: 'other', visitor_id: 'visitor-2', event_time: secondsAgo(30) }),
    ];
    for (const order of [events, events.toReversed()]) {
      const { requests } = triggersOf(order, NOW, MAX_AGE_MS);
      expect(requests.map(({ trigger }) => trigger.event_id).sort()).toEqual(['new', 'other']);
    }
  });

  test('age is counted from receipt, not from the click', () => {
    const events = [
      enrichedEvent({ visitor_id: 'a', event_time: secondsAgo(7200), received_at: secondsAgo(600) }),
      enrichedEvent({ visitor_id: 'b', event_time: secondsAgo(601), received_at: secondsAgo(601) }),
    ];
    const { requests, stale } = triggersOf(events, NOW, MAX_AGE_MS);
    expect(requests.map(({ visitor_id }) => visitor_id)).toEqual(['a']);
    expect(stale).toBe(1);
  });
});
