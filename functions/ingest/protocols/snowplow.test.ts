import { describe, expect, test } from 'vitest';
import { Refusal } from '../http.ts';
import type { ProtocolRequest } from './protocol.ts';
import { snowplow } from './snowplow.ts';

const ECOMMERCE = 'iglu:com.snowplowanalytics.snowplow.ecommerce';
const UUID = '6f1cd1a8-3e0c-4f0f-9a50-2f1c3b1d7e11';

const head = (request: Partial<ProtocolRequest> = {}): ProtocolRequest => ({
  method: 'POST',
  path: '/com.snowplowanalytics.snowplow/tp2',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  maxEvents: 100,
  maxBytes: 100_000,
  ...request,
});
const decode = (data: unknown, headers: ProtocolRequest['headers'] = {}) =>
  snowplow.decode(head({ headers, body: Buffer.from(JSON.stringify({ schema: 'iglu:x', data })) }));
const eventOf = (payload: object) => decode([{ duid: 'd', ...payload }]).events[0];

const entity = (schema: string, data: unknown) => ({ schema: `${schema}/jsonschema/1-0-0`, data });
const selfDescribing = (schema: string, data: unknown, entities: readonly unknown[] = []) => ({
  e: 'ue',
  ue_pr: JSON.stringify({ schema: 'iglu:x', data: entity(schema, data) }),
  co: JSON.stringify({ schema: 'iglu:x', data: entities }),
});
const action = (type: string, ...entities: readonly unknown[]) =>
  selfDescribing(`${ECOMMERCE}/snowplow_ecommerce_action`, { type }, entities);

const product = entity(`${ECOMMERCE}/product`, {
  id: 'sku-1',
  name: 'Shoe',
  category: 'Shoes',
  price: 9.5,
  currency: 'EUR',
  quantity: 2,
  size: '42',
});
const item = {
  item_id: 'sku-1',
  item_name: 'Shoe',
  item_category: 'Shoes',
  price: 9.5,
  quantity: 2,
  size: '42',
};

describe('kinds of event', () => {
  test.each([
    {
      name: 'a page view',
      payload: { e: 'pv', url: 'https://s.example/', page: 'Home', refr: 'https://r.example/', res: '1x1' },
      event: {
        event_name: 'page_view',
        page: { url: 'https://s.example/', title: 'Home', referrer: 'https://r.example/' },
        properties: { context: { res: '1x1' } },
      },
    },
    {
      name: 'a page ping',
      payload: { e: 'pp', pp_mix: '0', pp_max: '7' },
      event: { event_name: 'page_ping', properties: { min_x: 0, max_x: 7 } },
    },
    {
      name: 'a structured event',
      payload: { e: 'se', se_ca: 'video', se_ac: 'play', se_la: 'intro', se_va: '1.5' },
      event: { event_name: 'play', properties: { category: 'video', label: 'intro', value: 1.5 } },
    },
    {
      name: 'a transaction',
      payload: { e: 'tr', tr_id: 'o1', tr_tt: '20', tr_cu: 'EUR', tr_tx: '3' },
      event: {
        event_name: 'purchase',
        transaction_id: 'o1',
        value: 20,
        currency: 'EUR',
        properties: { tax: 3 },
      },
    },
    {
      name: "a transaction's item",
      payload: { e: 'ti', ti_id: 'o1', ti_sk: 'sku-1', ti_nm: 'Shoe', ti_pr: '9.5', ti_qu: '2' },
      event: {
        event_name: 'purchase',
        transaction_id: 'o1',
        items: [{ item_id: 'sku-1', item_name: 'Shoe', price: 9.5, quantity: 2 }],
      },
    },
    {
      name: 'a search',
      payload: selfDescribing('iglu:com.snowplowanalytics.snowplow/site_search', { terms: ['a', 'b'] }),
      event: { event_name: 'search', search_term: 'a b' },
    },
    {
      name: 'a screen',
      payload: selfDescribing('iglu:com.snowplowanalytics.snowplow/screen_view', { name: 'Cart', id: '1' }),
      event: { event_name: 'page_view', page: { title: 'Cart' }, properties: { name: 'Cart', id: '1' } },
    },
    {
      name: 'an addition to the cart of the older kind',
      payload: selfDescribing('iglu:com.snowplowanalytics.snowplow/add_to_cart', {
        sku: 'sku-1',
        unitPrice: 9.5,
        quantity: 2,
        currency: 'EUR',
      }),
      event: {
        event_name: 'add_to_cart',
        items: [{ item_id: 'sku-1', price: 9.5, quantity: 2 }],
        currency: 'EUR',
      },
    },
    {
      name: 'any other, with its data and its entities',
      payload: selfDescribing('iglu:com.acme/newsletter_opened', { campaign: 'may' }, [
        entity('iglu:com.acme/place', { row: 1 }),
        'no entity',
      ]),
      event: {
        event_name: 'newsletter_opened',
        properties: {
          campaign: 'may',
          schema: 'iglu:com.acme/newsletter_opened/jsonschema/1-0-0',
          entities: [{ schema: 'iglu:com.acme/place/jsonschema/1-0-0', data: { row: 1 } }, 'no entity'],
        },
      },
    },
  ])('$name', ({ payload, event }) => {
    expect(eventOf(payload)).toEqual({ anonymous_id: 'd', ...event });
  });

  test.each([
    ['product_view', 'view_item'],
    ['list_view', 'view_item_list'],
    ['list_click', 'select_item'],
    ['add_to_cart', 'add_to_cart'],
    ['remove_from_cart', 'remove_from_cart'],
    ['transaction', 'purchase'],
    ['refund', 'refund'],
    ['promo_view', 'view_promotion'],
    ['promo_click', 'select_promotion'],
    ['checkout_step', 'begin_checkout'],
    ['trns_error', 'trns_error'],
  ])('the e-commerce action %s is %s', (type, event_name) => {
    expect(eventOf(action(type, product))).toEqual({
      anonymous_id: 'd',
      event_name,
      items: [item],
      currency: 'EUR',
    });
  });

  test.each([
    [{ step: 2, delivery_method: 'air' }, 'add_shipping_info'],
    [{ step: 3, payment_method: 'card' }, 'add_payment_info'],
    [{ step: 4 }, 'checkout_step'],
  ])('the checkout step %j is %s', (step, event_name) => {
    expect(eventOf(action('checkout_step', entity(`${ECOMMERCE}/checkout_step`, step)))).toMatchObject({
      event_name,
    });
  });

  test('orders, carts and the person come as entities; what they tell beyond the fields is kept', () => {
    const order = { transaction_id: 'o1', revenue: 19, currency: 'EUR', tax: 3 };
    const entities = [
      product,
      entity(`${ECOMMERCE}/transaction`, order),
      entity(`${ECOMMERCE}/user`, { id: 'u1', email: 'a@s.example' }),
    ];
    expect(eventOf(action('transaction', ...entities))).toMatchObject({
      event_name: 'purchase',
      user_id: 'u1',
      traits: { email: 'a@s.example' },
      transaction_id: 'o1',
      value: 19,
      currency: 'EUR',
      items: [item],
      properties: { entities: [{ schema: `${ECOMMERCE}/transaction/jsonschema/1-0-0`, data: order }] },
    });
    const refund = entity(`${ECOMMERCE}/refund`, { transaction_id: 'o1', refund_amount: 5, currency: 'EUR' });
    expect(eventOf(action('refund', refund))).toMatchObject({
      transaction_id: 'o1',
      value: 5,
      currency: 'EUR',
    });
    const cart = entity(`${ECOMMERCE}/cart`, { total_value: 40, currency: 'USD' });
    expect(eventOf(action('checkout_step', cart))).toMatchObject({ value: 40, currency: 'USD' });
    expect(eventOf(action('add_to_cart', cart))).not.toHaveProperty('value');
  });

  test("Google's enhanced e-commerce, as the older plugin sends it", () => {
    const entities = [
      entity('iglu:com.google.analytics.enhanced-ecommerce/actionFieldObject', { id: 'o1', revenue: '19' }),
      entity('iglu:com.google.analytics.enhanced-ecommerce/productFieldObject', {
        id: 'sku-1',
        price: '9.5',
      }),
    ];
    const payload = selfDescribing(
      'iglu:com.google.analytics.enhanced-ecommerce/action',
      { action: 'purchase' },
      entities,
    );
    expect(eventOf(payload)).toMatchObject({
      event_name: 'purchase',
      transaction_id: 'o1',
      value: 19,
      items: [{ item_id: 'sku-1', price: 9.5 }],
    });
  });
});

describe('requests', () => {
  test('ids, times, the user agent and the key', () => {
    const payload = { e: 'pv', eid: 'e1', dtm: '1700000000000', stm: '1700000005000', ua: 'UA', aid: 'shop' };
    expect(decode([{ ...payload, uid: 'u', duid: 'd', sid: 's' }])).toMatchObject({
      events: [
        {
          event_id: 'e1',
          event_time: '2023-11-14T22:13:20.000Z',
          user_id: 'u',
          anonymous_id: 'd',
          session_id: 's',
        },
      ],
      sentAt: '2023-11-14T22:13:25.000Z',
      userAgents: ['UA'],
      writeKey: 'shop',
    });
    const trueTime = decode([{ ...payload, uid: 'u', ttm: '1600000000000' }]);
    expect(trueTime).toMatchObject({
      events: [{ event_time: '2020-09-13T12:26:40.000Z' }],
      sentAt: undefined,
    });
  });

  test('GET /i', () => {
    const request = head({
      method: 'GET',
      path: '/i',
      query: new URLSearchParams('e=pv&duid=d&url=https://s/'),
    });
    expect(snowplow.decode(request).events).toEqual([
      { event_name: 'page_view', anonymous_id: 'd', page: { url: 'https://s/' } },
    ]);
    const pixel = snowplow.answer([], request);
    expect(pixel).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/gif', 'cache-control': 'no-cache, no-store, must-revalidate' },
    });
    expect(Buffer.from(pixel.body).subarray(0, 6).toString()).toBe('GIF89a');
    expect(snowplow.answer([], head())).toMatchObject({ status: 200, body: 'ok' });
  });

  test('an event that names nobody gets the id of a cookie, which is set only then', () => {
    const fresh = decode([{ e: 'pv' }]);
    const [event] = fresh.events as readonly { readonly anonymous_id: string }[];
    expect(event?.anonymous_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(fresh.answerHeaders).toEqual({
      'set-cookie': `sp=${event?.anonymous_id}; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=None`,
    });
    const again = decode([{ e: 'pv' }], { cookie: `a=b; sp=${UUID}; c=d` });
    expect(again.events).toMatchObject([{ anonymous_id: UUID }]);
    expect(decode([{ e: 'pv', duid: 'd' }]).answerHeaders).toBeUndefined();
  });

  test('SP-Anonymous: no address, no cookie, no id of the network, no profile', () => {
    const payloads = [
      { e: 'pv', eid: 'e1', nuid: 'n' },
      { e: 'pv', eid: 'e2', sid: 's', tnuid: 'n' },
    ];
    const decoded = decode(payloads, { 'sp-anonymous': '*', cookie: `sp=${UUID}` });
    expect(decoded.withoutAddress).toBe(true);
    expect(decoded.answerHeaders).toBeUndefined();
    expect(decoded.events).toEqual([
      { event_name: 'page_view', event_id: 'e1', anonymous_id: 'e1', consent: { personalization: false } },
      {
        event_name: 'page_view',
        event_id: 'e2',
        session_id: 's',
        anonymous_id: 's',
        consent: { personalization: false },
      },
    ]);
  });

  test.each([
    { payload: { e: 'ue', ue_px: 'bm8ganNvbg' }, path: 'ue_px' },
    { payload: { e: 'ue', ue_pr: '{' }, path: 'ue_pr' },
    { payload: { e: 'ue', ue_pr: '{"data":{"schema":"nope"}}' }, path: 'ue_pr' },
    { payload: { e: 'ue', ue_px: '_-8' }, path: 'ue_px' },
    { payload: { e: 'pv', cx: 'AAAA' }, path: 'cx' },
    { payload: { e: 'zz' }, path: 'e' },
    { payload: { e: 'toString' }, path: 'e' },
    { payload: JSON.parse('{"e":"__proto__"}') as object, path: 'e' },
    { payload: {}, path: 'e' },
  ])('what cannot be read is one failed event: $payload', ({ payload, path }) => {
    const { events, faults } = decode([payload, { e: 'pv', duid: 'd' }]);
    expect(events).toMatchObject([payload, { event_name: 'page_view' }]);
    expect([...(faults ?? [])]).toEqual([[0, { path, message: expect.stringContaining(`${path}: `) }]]);
  });

  test.each([{ body: '' }, { body: '[]' }, { body: '{"data":{}}' }])('$body is 400', ({ body }) => {
    expect(() => snowplow.decode(head({ body: Buffer.from(body) }))).toThrow(Refusal);
  });

  test.each([
    { status: 413, retryAfterSeconds: undefined, answered: 400 },
    { status: 415, retryAfterSeconds: undefined, answered: 400 },
    { status: 401, retryAfterSeconds: undefined, answered: 401 },
    { status: 408, retryAfterSeconds: undefined, answered: 408 },
    { status: 503, retryAfterSeconds: 2, answered: 503 },
  ])('a refusal $status reads $answered to trackers', ({ status, retryAfterSeconds, answered }) => {
    const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    expect(snowplow.refuse(new Refusal(status, 'no', retry), head())).toMatchObject({ status: answered });
  });
});
