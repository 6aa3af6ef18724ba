import { describe, expect, test } from 'vitest';
import { Refusal } from '../http.ts';
import { ga4 } from './ga4.ts';
import type { Decoded, ProtocolRequest } from './protocol.ts';

const request = (body: unknown, query = 'measurement_id=G-1&api_secret=k1', path = '/mp/collect') =>
  ({
    method: 'POST',
    path,
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    maxEvents: 25,
    maxBytes: 100_000,
  }) satisfies ProtocolRequest;
const decode = (body: unknown, query?: string, path?: string): Decoded =>
  ga4.decode(request(body, query, path));

const item = { item_id: 'sku-1', item_name: 'Shoe', price: 9.5, quantity: 2 };

describe('the Measurement Protocol', () => {
  test('maps the documented form, and keeps the rest', () => {
    const decoded = decode({
      client_id: 'c.1',
      user_id: 'u1',
      timestamp_micros: '1700000000000123',
      user_properties: { plan: { value: 'gold' } },
      consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
      user_agent: 'UA',
      ip_override: '192.0.2.1',
      user_location: { city: 'Berlin' },
      events: [
        {
          name: 'add_to_cart',
          params: {
            session_id: 7,
            page_location: 'https://s.example/',
            page_title: 'Shop',
            currency: 'EUR',
            value: '19',
            engagement_time_msec: 100,
            items: [{ ...item, item_category2: 'Trail' }],
          },
        },
      ],
    });
    expect(decoded).toEqual({
      events: [
        {
          event_name: 'add_to_cart',
          event_time: '2023-11-14T22:13:20.000Z',
          anonymous_id: 'c.1',
          user_id: 'u1',
          session_id: '7',
          page: { url: 'https://s.example/', title: 'Shop' },
          value: 19,
          currency: 'EUR',
          items: [{ ...item, item_category2: 'Trail' }],
          traits: { plan: 'gold' },
          consent: { personalization: false },
          properties: {
            engagement_time_msec: 100,
            context: { user_location: { city: 'Berlin' } },
          },
        },
      ],
      writeKey: 'k1',
      validateOnly: false,
      userAgents: ['UA'],
    });
  });

  test('a purchase is one by its transaction id within its stream; no other event has an id', () => {
    const idOf = (name: string, transaction_id?: string, query?: string) =>
      (
        decode({ client_id: 'c', events: [{ name, params: { transaction_id } }] }, query).events[0] as {
          event_id?: string;
        }
      ).event_id;
    const id = idOf('purchase', 'o1');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf('purchase', 'o1')).toBe(id);
    expect(idOf('purchase', 'o2')).not.toBe(id);
    expect(idOf('purchase', 'o1', 'measurement_id=G-2&api_secret=k1')).not.toBe(id);
    expect(idOf('purchase')).toBeUndefined();
    expect(idOf('refund', 'o1')).toBeUndefined();
  });

  test.each([
    { said: { consent: { ad_personalization: 'GRANTED' } }, consent: { personalization: true } },
    { said: { non_personalized_ads: true }, consent: { personalization: false } },
    { said: {}, consent: undefined },
  ])('$said is the consent $consent', ({ said, consent }) => {
    const { events } = decode({ client_id: 'c', ...said, events: [{ name: 'x' }] });
    expect((events[0] as { consent?: unknown }).consent).toEqual(consent);
  });

  test.each([
    {
      name: 'view_search_results',
      params: { search_term: 'a' },
      is: { event_name: 'search', search_term: 'a' },
    },
    { name: 'screen_view', params: {}, is: { event_name: 'page_view' } },
    { name: 'level_up', params: { level: 3 }, is: { event_name: 'level_up', properties: { level: 3 } } },
    { name: 'view_item', params: { items: [{ item_name: 'Shoe' }] }, is: { items: [{ item_id: 'Shoe' }] } },
  ])('$name', ({ name, params, is }) => {
    expect(decode({ client_id: 'c', events: [{ name, params }] }).events).toMatchObject([is]);
  });

  test('an app is known by its instance; its own time goes before that of the request', () => {
    const { events } = decode(
      { app_instance_id: 'a1', timestamp_micros: 1, events: [{ name: 'x', timestamp_micros: 1.7e15 }, 7] },
      'firebase_app_id=f&api_secret=k1',
    );
    expect(events).toMatchObject([{ anonymous_id: 'a1', event_time: '2023-11-14T22:13:20.000Z' }, 7]);
  });

  test('answers 204, and the path of validation what is wrong', () => {
    expect(ga4.answer([{ status: 'accepted', event_id: 'e' }], request({}))).toMatchObject({
      status: 204,
      body: '',
    });
    const debug = request({ events: [{ name: 'x' }] }, '', '/debug/mp/collect');
    expect(ga4.decode(debug).validateOnly).toBe(true);
    const rejected = (path: string) => ({ status: 'rejected', path, message: 'm' }) as const;
    const answer = ga4.answer(
      [
        { status: 'accepted', event_id: 'e' },
        rejected('items.0.price'),
        rejected('event_name'),
        rejected('anonymous_id'),
        rejected(''),
      ],
      debug,
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(String(answer.body))).toEqual({
      validationMessages: [
        { fieldPath: 'events[1].params.items.0.price', description: 'm', validationCode: 'VALUE_INVALID' },
        { fieldPath: 'events[2].name', description: 'm', validationCode: 'NAME_INVALID' },
        { fieldPath: 'client_id', description: 'm', validationCode: 'VALUE_REQUIRED' },
        { fieldPath: 'events[4]', description: 'm', validationCode: 'VALUE_INVALID' },
      ],
    });
  });

  test.each([
    { name: 'no JSON', body: '{', status: 400 },
    { name: 'no events', body: {}, status: 400 },
    { name: 'a list', body: [], status: 400 },
    { name: 'too many', body: { events: Array.from({ length: 26 }, () => ({})) }, status: 413 },
  ])('$name is $status', ({ body, status }) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ status }));
    const debug = request('', '', '/debug/mp/collect');
    expect(JSON.parse(String(ga4.refuse(new Refusal(status, 'no'), debug).body))).toMatchObject({
      validationMessages: [{ description: 'no' }],
    });
  });
});
