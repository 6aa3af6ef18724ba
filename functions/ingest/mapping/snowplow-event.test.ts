import { describe, expect, test } from 'vitest';
import { snowplowEvent } from './snowplow-event.ts';

const ECOMMERCE = 'iglu:com.snowplowanalytics.snowplow.ecommerce';

const eventOf = (payload: object) => snowplowEvent({ duid: 'd', ...payload });

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
