import { describe, expect, test } from 'vitest';
import type { EnrichedEvent } from '../../../shared/events.ts';
import { applyEnrichments } from '../enrichments.ts';
import { NOW, rawEvent, SETTINGS } from '../fixtures.ts';
import { customerOf } from './customer.ts';
import { historyEventOf, MAX_EVENT_BYTES } from './history-event.ts';
import { HISTORY_LENGTH, type HistoryEvent, joinEvents, type Profile } from './profile.ts';
import { encodeProfile } from './profile-codec.ts';
import { countSessions, IDLE_MS, placeInSession, sessionWithoutProfile } from './sessions.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

function enriched(fields: Parameters<typeof rawEvent>[0]): EnrichedEvent {
  return applyEnrichments(
    { raw: rawEvent(fields), products: new Map(), settings: SETTINGS },
    new Date(NOW).toISOString(),
  );
}

function profileOf(events: readonly HistoryEvent[]): Profile {
  return { first_seen: NOW - DAY, events: joinEvents([], events), sessions: [] };
}

describe('placeInSession', () => {
  /** The session ids that times (minutes) get when they arrive in this order. */
  function place(minutes: readonly number[]): readonly string[] {
    let sessions: Parameters<typeof placeInSession>[0] = [];
    return minutes.map((minute) => {
      const placed = placeInSession(sessions, 'user', NOW + minute * MINUTE);
      sessions = placed.sessions;
      return placed.id;
    });
  }

  test.each([
    { name: 'up to 30 idle minutes, one session', minutes: [0, 30, 60], sessions: [0, 0, 0] },
    { name: 'beyond 30 idle minutes, another', minutes: [0, 31], sessions: [0, 1] },
    { name: 'late events before the known start', minutes: [20, 10, 0], sessions: [0, 0, 0] },
    { name: 'a late event within an earlier session', minutes: [0, 20, 100, 10], sessions: [0, 0, 1, 0] },
    {
      name: 'a late event between two sessions goes to the nearer',
      minutes: [0, 50, 24, 27],
      sessions: [0, 1, 0, 0],
    },
    { name: 'a late event in a session of its own', minutes: [0, 200, 100], sessions: [0, 1, 2] },
  ])('$name', ({ minutes, sessions }) => {
    const ids = place(minutes);
    const numbers = ids.map((id) => [...new Set(ids)].indexOf(id));
    expect(numbers).toEqual(sessions);
  });

  test('a redelivered event finds its session again', () => {
    const [first, second, again] = place([0, 45, 0]);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
  });

  test('a burst of events within the same minute leaves the spans as they are', () => {
    const { sessions } = placeInSession([], 'user', NOW);
    expect(placeInSession(sessions, 'user', NOW + MINUTE / 2).sessions).toBe(sessions);
  });

  test('without a profile, the half hour by the clock', () => {
    const start = Math.floor(NOW / IDLE_MS) * IDLE_MS;
    expect(sessionWithoutProfile('v', start)).toBe(sessionWithoutProfile('v', start + IDLE_MS - 1));
    expect(sessionWithoutProfile('v', start)).not.toBe(sessionWithoutProfile('v', start + IDLE_MS));
  });

  test.each([
    { times: [], sessions: 0 },
    { times: [5], sessions: 1 },
    { times: [90, 31, 0], sessions: 3 },
    { times: [60, 30, 0], sessions: 1 },
  ])('$times minutes are $sessions sessions', ({ times, sessions }) => {
    expect(countSessions(times.map((minute) => ({ at: minute * MINUTE })))).toBe(sessions);
  });
});

describe('customerOf', () => {
  const event = (
    event_id: string,
    event_name: string,
    daysAgo: number,
    item_id: string,
    category?: string,
  ): HistoryEvent => ({
    event_id,
    at: NOW - daysAgo * DAY,
    event_name,
    items: [{ item_id, ...(category === undefined ? {} : { category }) }],
  });

  test('derives everything from the kept history', () => {
    const customer = customerOf(
      profileOf([
        event('1', 'view_item', 1, 'shoe', 'Shoes'),
        event('2', 'purchase', 0.5, 'hat', 'Hats'),
        event('3', 'remove_from_cart', 0, 'coat', 'Coats'),
      ]),
    );
    expect(customer).toMatchObject({
      first_seen: new Date(NOW - DAY).toISOString(),
      event_count: 3,
      session_count: 3,
      purchase_count: 1,
      purchased_items: ['hat'],
    });
    expect(customer.recent_items.map((item) => item.item_id)).toEqual(['hat', 'shoe']);
    expect(customer.affinities.map(({ category }) => category)).toEqual(['Hats', 'Shoes']);
  });

  test('an interest halves in a week, measured from the newest event', () => {
    const customer = customerOf(
      profileOf([event('1', 'view_item', 107, 'a', 'Old'), event('2', 'view_item', 100, 'b', 'New')]),
    );
    expect(customer.affinities).toEqual([
      { category: 'New', score: 1 },
      { category: 'Old', score: 0.5 },
    ]);
  });

  test('lists are bounded', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      event(`e${n}`, 'purchase', n / 100, `item-${n}`, `c${n}`),
    );
    const { recent_items, purchased_items, affinities } = customerOf(profileOf(many));
    expect([recent_items.length, purchased_items.length, affinities.length]).toEqual([50, 200, 20]);
  });
});

describe('historyEventOf', () => {
  test.each([
    { event_name: 'view_item', kept: true },
    { event_name: 'remove_from_cart', kept: true },
    { event_name: 'page_view', kept: false },
    { event_name: 'view_item_list', kept: false },
    { event_name: 'search', kept: false },
  ])('$event_name with items: kept $kept', ({ event_name, kept }) => {
    expect(historyEventOf(enriched({ event_name })) !== undefined).toBe(kept);
  });

  test('keeps nothing of an event without items', () => {
    expect(historyEventOf(enriched({ items: [] }))).toBeUndefined();
  });

  test('keeps category, quantity and value', () => {
    const items = [{ item_id: 'shoe', item_category: 'Shoes', price: 9.5, quantity: 2 }];
    expect(historyEventOf(enriched({ items }))?.items).toEqual([
      { item_id: 'shoe', category: 'Shoes', quantity: 2, value: 19 },
    ]);
  });

  test('the largest profile stays below what Firestore takes in one document', () => {
    const items = Array.from({ length: 100 }, (_, n) => ({
      item_id: `${n}${'測'.repeat(120)}`,
      item_category: '測'.repeat(512),
      price: 1e9 / 3,
      quantity: 999_999,
    }));
    const events = Array.from({ length: HISTORY_LENGTH + 1 }, (_, n) =>
      historyEventOf(enriched({ event_id: `${n}${'測'.repeat(120)}`, items })),
    ).filter((event) => event !== undefined);
    for (const event of events)
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_EVENT_BYTES + 16);
    const document = JSON.stringify(encodeProfile('x'.repeat(128), profileOf(events)));
    expect(Buffer.byteLength(document)).toBeLessThan(1_000_000);
  });
});
