import { status } from '@grpc/grpc-js';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accept, closeFakePubSubs, refuse } from '../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../helpers/serve-function.ts';
import { startCollector, type TestCollector, WRITE_KEY } from './collector.ts';
import { CUSTOM, JOURNEY, journeyOf, SHOPPER } from './journey.ts';
import { SEGMENT_CUSTOM, SEGMENT_TRACKS } from './segment-journey.ts';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector();
});
afterEach(() => {
  collector.answer(accept);
  collector.clear();
});
afterAll(() => {
  endServedFunctions();
  closeFakePubSubs();
});

const who = { anonymousId: SHOPPER.anonymous_id, userId: SHOPPER.user_id };
const where = {
  page: { url: 'https://shop.example/?utm_source=news', referrer: 'https://news.example/', title: 'Shop' },
};

function segmentClient(options: Partial<ConstructorParameters<typeof Analytics>[0]> = {}) {
  const client = new Analytics({ writeKey: WRITE_KEY, host: collector.url, ...options });
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));
  return { client, errors };
}

describe('@segment/analytics-node, unmodified', () => {
  test('a shopping journey arrives in canonical terms', async () => {
    const { client, errors } = segmentClient();
    client.page({ ...who, name: 'Home', context: where });
    for (const track of SEGMENT_TRACKS) client.track({ ...who, ...track, context: where });
    client.track({ ...who, ...SEGMENT_CUSTOM, messageId: 'custom-1' });
    await client.closeAndFlush();

    const events = collector.acknowledged();
    expect(errors).toEqual([]);
    expect(journeyOf(events.slice(0, -1))).toEqual(JOURNEY);
    for (const event of events) {
      expect(event).toMatchObject({
        ...SHOPPER,
        collector: {
          protocol: 'segment',
          sent_at: expect.any(String),
          user_agent: 'analytics-node-next/latest',
        },
      });
    }
    expect(events[0]).toMatchObject({ page: where.page, properties: { name: 'Home' } });
    expect(events.at(-3)?.properties).toMatchObject({ coupon: 'SPRING' });
    expect(events.at(-1)).toMatchObject({
      event_id: 'custom-1',
      event_name: CUSTOM.name,
      properties: CUSTOM.properties,
    });
    expect(new Set(events.map((event) => event.event_id)).size).toBe(events.length);
  });

  test('identify, group, alias and screen carry who is who', async () => {
    const { client } = segmentClient();
    const context = {
      userAgent: 'Mozilla/5.0 (Macintosh)',
      consent: { categoryPreferences: { analytics: true } },
    };
    client.identify({ ...who, traits: { plan: 'gold', email: 'a@shop.example' }, context });
    client.group({ ...who, groupId: 'company-1', traits: { seats: 7 } });
    client.alias({ userId: 'customer-42', previousId: 'browser-7' });
    client.screen({ ...who, name: 'Basket', properties: { depth: 2 } });
    await client.closeAndFlush();

    const events = collector.acknowledged();
    expect(events).toMatchObject([
      {
        event_name: 'identify',
        ...SHOPPER,
        traits: { plan: 'gold', email: 'a@shop.example' },
        consent: { analytics: true },
        collector: { user_agent: 'Mozilla/5.0 (Macintosh)' },
      },
      { event_name: 'group', properties: { group_id: 'company-1', group_traits: { seats: 7 } } },
      { event_name: 'alias', anonymous_id: 'browser-7', user_id: 'customer-42' },
      { event_name: 'page_view', page: { title: 'Basket' }, properties: { name: 'Basket', depth: 2 } },
    ]);
  });

  test('waits out an outage of Pub/Sub without losing or doubling an event', async () => {
    const { client, errors } = segmentClient({ maxRetries: 0 });
    collector.answer(refuse(status.PERMISSION_DENIED), 1);
    client.track({ ...who, event: 'Product Viewed', properties: { product_id: 'sku-1' } });
    await client.closeAndFlush({ timeout: 15_000 });
    expect(errors).toEqual([]);
    expect(collector.publishes()).toBe(2);
    expect(journeyOf(collector.acknowledged())).toEqual([
      { event_name: 'view_item', items: [{ item_id: 'sku-1' }] },
    ]);
  });

  test('is told of a wrong key, and does not try again', async () => {
    const { client, errors } = segmentClient({ writeKey: 'wrong' });
    client.track({ ...who, event: 'Product Viewed' });
    await client.closeAndFlush({ timeout: 10_000 });
    expect(errors).toMatchObject([
      { reason: expect.objectContaining({ message: expect.stringContaining('401') }) },
    ]);
    expect(collector.publishes()).toBe(0);
  });
});

describe('@rudderstack/rudder-sdk-node, unmodified, with its gzip', () => {
  const client = () => {
    const failures: unknown[] = [];
    const analytics = new RudderAnalytics(WRITE_KEY, {
      dataPlaneUrl: collector.url,
      flushAt: 50,
      logLevel: 'none',
      errorHandler: (error: unknown) => failures.push(error),
    });
    return { analytics, failures };
  };

  test('a shopping journey arrives in canonical terms', async () => {
    const { analytics, failures } = client();
    analytics.page({ ...who, name: 'Home', context: where });
    for (const track of SEGMENT_TRACKS) analytics.track({ ...who, ...track });
    await analytics.flush();
    await expect.poll(() => journeyOf(collector.acknowledged())).toEqual(JOURNEY);
    expect(failures).toEqual([]);
    expect(collector.acknowledged()[0]).toMatchObject({
      ...SHOPPER,
      event_time: expect.stringMatching(/Z$/),
    });
  });

  test('tries again after 429, with the same ids', async () => {
    const { analytics, failures } = client();
    collector.answer(refuse(status.PERMISSION_DENIED), 1);
    analytics.track({ ...who, event: 'Product Viewed', properties: { product_id: 'sku-1' } });
    await expect.poll(() => collector.acknowledged().length, { timeout: 15_000 }).toBe(1);
    expect(failures).toEqual([]);
    expect(collector.publishes()).toBe(2);
  });
});
