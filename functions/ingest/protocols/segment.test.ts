import { describe, expect, test } from 'vitest';
import { EVENT_NAMES } from '../../../shared/events.ts';
import { Refusal } from '../http.ts';
import type { ProtocolRequest } from './protocol.ts';
import { segment } from './segment.ts';

function request(body: unknown, path = '/v1/batch'): ProtocolRequest {
  return {
    method: 'POST',
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    maxEvents: 3,
    maxBytes: 100_000,
  };
}
const decode = (body: unknown, path?: string) => segment.decode(request(body, path));
const track = (event: string, properties: object = {}) =>
  decode({ batch: [{ type: 'track', event, properties, anonymousId: 'a' }] }).events[0];

describe("Segment's events", () => {
  test.each<readonly [string, string]>([
    ['Products Searched', 'search'],
    ['Product List Viewed', 'view_item_list'],
    ['Product List Filtered', 'view_item_list'],
    ['Promotion Viewed', 'view_promotion'],
    ['Promotion Clicked', 'select_promotion'],
    ['Product Clicked', 'select_item'],
    ['Product Viewed', 'view_item'],
    ['Product Added', 'add_to_cart'],
    ['Product Removed', 'remove_from_cart'],
    ['Cart Viewed', 'view_cart'],
    ['Checkout Started', 'begin_checkout'],
    ['Payment Info Entered', 'add_payment_info'],
    ['Order Completed', 'purchase'],
    ['Order Refunded', 'refund'],
    ['Product Added to Wishlist', 'add_to_wishlist'],
    ['Wishlist Product Added to Cart', 'add_to_cart'],
    ['Signed In', 'login'],
    ['Signed Up', 'sign_up'],
    ['product_viewed', 'view_item'],
    ...EVENT_NAMES.map((name) => [name, name] as const),
  ])('%s is %s', (event, event_name) => {
    expect(track(event)).toMatchObject({ event_name });
  });

  test('an order: numbers as text become numbers, what has no field of its own is kept', () => {
    const products = [{ product_id: 7, sku: 'S', price: '9.50', quantity: '2', position: 1, size: 42 }];
    const properties = { order_id: 'o1', revenue: '19', currency: 'EUR', tax: 3, products };
    expect(track('Order Completed', properties)).toEqual({
      event_name: 'purchase',
      anonymous_id: 'a',
      transaction_id: 'o1',
      value: 19,
      currency: 'EUR',
      items: [{ item_id: '7', price: 9.5, quantity: 2, index: 1, size: 42 }],
      properties: { tax: 3 },
    });
  });

  test('an unknown event keeps name and properties; unknown fields of the message stay on it', () => {
    const message = {
      type: 'track',
      event: 'Newsletter Opened',
      anonymousId: 'a',
      properties: { name: 'May', list: [1] },
      context: { locale: 'de', page: { path: '/' } },
      own: 1,
    };
    expect(decode({ batch: [message] }).events).toEqual([
      {
        event_name: 'Newsletter Opened',
        anonymous_id: 'a',
        own: 1,
        properties: { name: 'May', list: [1], context: { locale: 'de' } },
      },
    ]);
  });

  test('a property called context stays where the message has no context to keep', () => {
    expect(track('Product Viewed', { context: 'modal' })).toMatchObject({ properties: { context: 'modal' } });
  });

  test.each([
    { path: '/v1/track', body: { event: 'x' }, event_name: 'x' },
    { path: '/v1/t', body: { event: 'x' }, event_name: 'x' },
    { path: '/v1/p', body: {}, event_name: 'page_view' },
    { path: '/v1/page', body: {}, event_name: 'page_view' },
    { path: '/v1/s', body: { name: 'Cart' }, event_name: 'page_view' },
    { path: '/v1/i', body: { traits: { plan: 'gold' } }, event_name: 'identify' },
    { path: '/v1/g', body: { groupId: 'c1' }, event_name: 'group' },
    { path: '/v1/a', body: { previousId: 'a' }, event_name: 'alias' },
  ])('$path takes one message', ({ path, body, event_name }) => {
    const sent = { ...body, userId: 'u', writeKey: 'k1', sentAt: '2026-11-21T00:00:00Z' };
    expect(decode(sent, path)).toMatchObject({
      events: [{ event_name, user_id: 'u' }],
      writeKey: 'k1',
      sentAt: '2026-11-21T00:00:00.000Z',
    });
    expect(segment.routes).toContain(`POST ${path}`);
  });

  test.each([
    {
      categories: { Analytics: true, Personalization: false },
      consent: { analytics: true, personalization: false },
    },
    { categories: { Advertising: false }, consent: undefined },
  ])('consent by category: $categories', ({ categories, consent }) => {
    const context = { consent: { categoryPreferences: categories } };
    const [event] = decode({ batch: [{ type: 'track', event: 'x', context }] }).events;
    expect((event as { consent?: unknown }).consent).toEqual(consent);
  });
});

describe('requests', () => {
  test('a message that is no object stays, to be rejected by name', () => {
    expect(decode({ batch: [7, null] }).events).toEqual([7, null]);
  });

  test.each([
    { name: 'no list', body: {}, status: 400 },
    { name: 'a list alone', body: [], status: 400 },
    { name: 'more messages than allowed', body: { batch: [1, 2, 3, 4] }, status: 413 },
  ])('$name is $status', ({ body, status }) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ status }));
  });

  test('what may succeed later is 429, for which clients wait; what cannot keeps its status', () => {
    expect(segment.refuse(new Refusal(503, 'busy', { retryAfterSeconds: 2 }), request({})).status).toBe(429);
    expect(segment.refuse(new Refusal(413, 'large'), request({})).status).toBe(413);
  });

  test("a browser's tracker is told to send here", () => {
    const path = '/v1/projects/k1/settings';
    const headers = { host: 'collect.shop.example', 'x-forwarded-proto': 'https' };
    const answer = segment.document?.({ method: 'GET', path, query: new URLSearchParams(), headers });
    expect(JSON.parse(String(answer?.body))).toEqual({
      integrations: {
        'Segment.io': { apiKey: 'k1', apiHost: 'collect.shop.example/v1', protocol: 'https' },
      },
    });
    expect(segment.document?.(request({}))).toBeUndefined();
  });
});
