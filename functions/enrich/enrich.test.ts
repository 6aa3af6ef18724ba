import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { EnrichedEvent, type Product, type RawEvent } from '../../shared/events.ts';
import { pseudonym } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeEnrich } from './enrich.ts';
import { MAX_ENRICHED_BYTES } from './fit-size.ts';
import {
  batchContext,
  fakeCatalog,
  fakeProfiles,
  fakePublisher,
  NOW,
  rawEvent,
  SETTINGS,
} from './fixtures.ts';

function setUp(
  products: readonly Product[] = [{ item_id: 'shoe', title: 'Shoe', category: 'Shoes', in_stock: true }],
  isForgotten: (raw: RawEvent) => boolean = () => false,
) {
  const store = fakeProfiles();
  const outbox = fakePublisher();
  const enrich = makeEnrich({
    identity: { name: 'enrich', version: 'test' },
    settings: SETTINGS,
    profiles: store.profiles,
    catalog: fakeCatalog(products),
    publisher: outbox.publisher,
    forgotten: async () => isForgotten,
    clock: () => NOW,
    sleep: async () => undefined,
    random: () => 0.5,
  });
  const run = (...events: readonly RawEvent[]) => enrich.handle(events, batchContext());
  const enriched = () => outbox.on(TOPICS.enriched) as readonly EnrichedEvent[];
  return { ...store, outbox, run, enriched };
}

test('events of people who are forgotten leave their id alone, and no profile', async () => {
  const { run, outbox, enriched, documents } = setUp(undefined, (raw) => raw.user_id === 'ada');
  const result = await run(
    rawEvent({ event_id: 'hers', user_id: 'ada' }),
    rawEvent({ event_id: 'his', user_id: 'bob' }),
  );
  expect(result).toMatchObject({ out: 1, metrics: { consent_dropped: 0, forgotten_dropped: 1 } });
  expect(enriched().map(({ event_id }) => event_id)).toEqual(['his']);
  expect(outbox.on(TOPICS.consentDrops)).toEqual([
    { event_id: 'hers', dropped_at: new Date(NOW).toISOString() },
  ]);
  expect([...documents.keys()]).toEqual([pseudonym(SETTINGS.pseudonymKey, 'bob')]);
});

const USER_KEY = pseudonym(SETTINGS.pseudonymKey, 'ada');

describe('makeEnrich', () => {
  test('publishes an event that fits the schema, joined, placed and with its customer', async () => {
    const { run, enriched } = setUp();
    const result = await run(rawEvent({ event_id: 'e1', event_name: 'Product Viewed' }));
    expect(result).toMatchObject({ out: 1, failed: [] });
    const [event] = enriched();
    expect(EnrichedEvent.parse(event)).toEqual(event);
    expect(event).toMatchObject({
      event_name: 'view_item',
      user_key: 'device-1',
      visitor_id: 'device-1',
      session_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      items: [{ item_id: 'shoe', item_name: 'Shoe', in_catalog: true, in_stock: true }],
      customer: {
        event_count: 1,
        session_count: 1,
        recent_items: [{ item_id: 'shoe', event_name: 'view_item' }],
      },
    });
  });

  test('sets the customer on the newest event of each person only', async () => {
    const { run, enriched } = setUp();
    await run(
      rawEvent({ event_id: 'new' }, -1),
      rawEvent({ event_id: 'old' }, -2),
      rawEvent({ event_id: 'other', anonymous_id: 'device-2' }, -5),
    );
    const withCustomer = enriched().filter((event) => event.customer);
    expect(withCustomer.map((event) => event.event_id).sort()).toEqual(['new', 'other']);
    expect(withCustomer.find((event) => event.event_id === 'new')?.customer?.event_count).toBe(2);
  });

  test('what was shown comes after what was done: recommendations follow from the newest act', async () => {
    const { run, enriched } = setUp();
    await run(
      rawEvent({ event_id: 'clicked' }, -2),
      rawEvent({ event_id: 'shown', event_name: 'view_item_list', recommendation_id: 'r-1' }, -1),
    );
    const [only, ...others] = enriched().filter((event) => event.customer);
    expect([only?.event_id, others]).toEqual(['clicked', []]);
  });

  test('costs one read and one write a person for a batch of 500 events of 250 persons', async () => {
    const { run, calls, enriched } = setUp();
    await run(
      ...Array.from({ length: 500 }, (_, n) => rawEvent({ anonymous_id: `device-${n % 250}` }, -n / 100)),
    );
    expect(enriched()).toHaveLength(500);
    expect(calls).toEqual({ reads: 1, keysRead: 250, writes: 250 });
  });

  test('a redelivered message changes no profile and repeats its events', async () => {
    const { run, calls, enriched } = setUp();
    const events = [rawEvent({}, -50), rawEvent({}, -45), rawEvent({}, 0)];
    await run(...events);
    const writes = calls.writes;
    await run(...events);
    expect(calls.writes).toBe(writes);
    expect(enriched().slice(3)).toEqual(enriched().slice(0, 3));
  });

  test('messages handled at the same time do not conflict over a person', async () => {
    const { run, calls, documents } = setUp();
    await Promise.all(Array.from({ length: 16 }, () => run(rawEvent())));
    expect(documents.get('device-1')?.profile.events).toHaveLength(16);
    expect(calls.writes).toBeLessThanOrEqual(2);
  });

  describe('consent', () => {
    test('denied analytics leaves an id and nothing else', async () => {
      const { run, enriched, outbox, documents } = setUp();
      const result = await run(rawEvent({ event_id: 'e1', consent: { analytics: false } }));
      expect(outbox.on(TOPICS.consentDrops)).toEqual([
        { event_id: 'e1', dropped_at: new Date(NOW).toISOString() },
      ]);
      expect(enriched()).toEqual([]);
      expect(documents.size).toBe(0);
      expect(result).toMatchObject({ out: 0, metrics: { consent_dropped: 1 } });
    });

    test.each([
      { name: 'denied personalization', event: { consent: { personalization: false } } },
      {
        name: 'a bot',
        event: { collector: { user_agent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' } },
      },
    ])('$name: stored, without profile or customer', async ({ event }) => {
      const { run, enriched, calls } = setUp();
      await run(rawEvent(event));
      expect(enriched()).toHaveLength(1);
      expect(enriched()[0]?.customer).toBeUndefined();
      expect(enriched()[0]?.session_id).toMatch(/^[0-9a-f]{32}$/);
      expect(calls).toEqual({ reads: 0, keysRead: 0, writes: 0 });
    });
  });

  describe('anonymous to known', () => {
    test('a login brings the device history to the user, and later events of the device follow', async () => {
      const { run, enriched, documents } = setUp();
      await run(rawEvent({ event_id: 'before' }, -9));
      await run(
        rawEvent(
          { event_id: 'login', event_name: 'login', items: [], anonymous_id: 'device-1', user_id: 'ada' },
          -8,
        ),
      );
      await run(rawEvent({ event_id: 'after' }, -7));
      const [before, login, after] = enriched();
      expect(before?.user_key).toBe('device-1');
      expect(login).toMatchObject({ user_key: USER_KEY, user_id: USER_KEY, visitor_id: 'device-1' });
      expect(login?.customer?.recent_items).toHaveLength(1);
      expect(after).toMatchObject({
        user_key: USER_KEY,
        visitor_id: 'device-1',
        session_id: before?.session_id,
      });
      expect(after?.customer).toMatchObject({ event_count: 2, first_seen: before?.event_time });
      expect(documents.get('device-1')?.profile).toMatchObject({ events: [], link: { user_key: USER_KEY } });
    });

    test('within one batch, in any order', async () => {
      const { run, documents } = setUp();
      await run(
        rawEvent({ event_id: 'after' }, -7),
        rawEvent({ event_id: 'login', anonymous_id: 'device-1', user_id: 'ada' }, -8),
        rawEvent({ event_id: 'before' }, -9),
      );
      expect(documents.get(USER_KEY)?.profile.events.map((event) => event.event_id)).toEqual([
        'after',
        'login',
        'before',
      ]);
    });

    test("a device that changes hands keeps the first one's history out of the second's", async () => {
      const { run, documents } = setUp();
      await run(rawEvent({}, -9));
      await run(rawEvent({ event_id: 'as-ada', anonymous_id: 'device-1', user_id: 'ada' }, -8));
      await run(rawEvent({ event_id: 'as-bob', anonymous_id: 'device-1', user_id: 'bob' }, -7));
      await run(rawEvent({ event_id: 'later' }, -6));
      const bob = documents.get(pseudonym(SETTINGS.pseudonymKey, 'bob'))?.profile;
      expect(bob?.events.map((event) => event.event_id)).toEqual(['later', 'as-bob']);
    });
  });

  test('an event that cannot be used fails alone', async () => {
    const { run, enriched } = setUp();
    const result = await run(
      rawEvent({ event_id: 'ancient', event_time: '1999-01-01T00:00:00Z' }),
      rawEvent(),
    );
    expect(enriched()).toHaveLength(1);
    expect(result.failed).toMatchObject([
      {
        event_id: 'ancient',
        reason: 'event_time_out_of_range',
        path: 'event_time',
        replay_topic: TOPICS.raw,
      },
    ]);
  });

  test('a profile written by a rival meanwhile is read and joined again', async () => {
    const { run, documents, put, onWrite, enriched } = setUp();
    let rivals = 3;
    onWrite(() => {
      rivals -= 1;
      if (rivals < 0) return;
      const rival = { event_id: `rival-${rivals}`, at: NOW - 1000, event_name: 'view_item', items: [] };
      const stored = documents.get('device-1')?.profile ?? { first_seen: NOW, events: [], sessions: [] };
      put('device-1', { ...stored, events: [...stored.events, rival] });
    });
    await run(rawEvent({ event_id: 'mine' }));
    const ids = documents.get('device-1')?.profile.events.map((event) => event.event_id);
    expect(ids?.toSorted()).toEqual(['mine', 'rival-0', 'rival-1', 'rival-2']);
    expect(enriched()[0]?.customer?.event_count).toBe(4);
  });

  test('a profile that never comes to rest is left to redelivery', async () => {
    const { run, put, onWrite, enriched } = setUp();
    onWrite(() => put('device-1', { first_seen: NOW, events: [], sessions: [] }));
    await expect(run(rawEvent())).rejects.toThrow(TransientError);
    expect(enriched()).toEqual([]);
  });

  test('the largest event stays within the bytes downstream takes', async () => {
    const wide = '測'.repeat(512);
    const items = Array.from({ length: 100 }, (_, n) => ({ item_id: `item-${n}-${'x'.repeat(110)}` }));
    const products = items.map(({ item_id }) => ({ item_id, title: wide, category: wide, brand: wide }));
    const { run, enriched } = setUp(products);
    for (let n = 0; n < 3; n += 1) await run(rawEvent({ items, event_name: 'purchase' }, -n));
    const result = await run(rawEvent({ items, properties: { note: wide } }));
    expect(result.failed).toEqual([]);
    for (const event of enriched()) {
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_ENRICHED_BYTES);
      expect(EnrichedEvent.safeParse(event).error).toBeUndefined();
    }
  });
});
