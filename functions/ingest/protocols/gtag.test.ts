import { describe, expect, test } from 'vitest';
import { gtag } from './gtag.ts';
import type { ProtocolRequest } from './protocol.ts';

const SHARED = 'v=2&tid=G-1&cid=c.1&sid=7&dl=https%3A%2F%2Fs.example%2F&dt=Shop&_p=123&sr=1x1';

function request(query: string, body = '', maxEvents = 20): ProtocolRequest {
  return {
    method: 'POST',
    path: '/g/collect',
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.from(body),
    maxEvents,
    maxBytes: 100_000,
  };
}
const decode = (query: string, body?: string) => gtag.decode(request(query, body));

const visitor = {
  anonymous_id: 'c.1',
  session_id: '7',
  page: { url: 'https://s.example/', title: 'Shop' },
};
const context = { _p: '123', sr: '1x1' };

describe("gtag.js's /g/collect", () => {
  test('one event in the query, items and parameters by their letters', () => {
    const item = 'idsku-1~nmA%20%26%20B~~C~brAcme~caShoes~vared~pr89.9~qt2~lp3~liL~c2Trail~k0size~v042~zz1';
    const { events, writeKey } = decode(
      `${SHARED}&en=add_to_cart&cu=EUR&epn.value=179.8&ep.coupon=MAY&up.plan=gold&upn.age=7&uid=u1&_et=9&pr1=${item}`,
    );
    expect(writeKey).toBe('G-1');
    expect(events).toEqual([
      {
        ...visitor,
        event_name: 'add_to_cart',
        user_id: 'u1',
        currency: 'EUR',
        value: 179.8,
        items: [
          {
            item_id: 'sku-1',
            item_name: 'A & B~C',
            item_brand: 'Acme',
            item_category: 'Shoes',
            item_variant: 'red',
            price: 89.9,
            quantity: 2,
            index: 3,
            item_list_id: 'L',
            item_category2: 'Trail',
            size: '42',
            zz: '1',
          },
        ],
        traits: { plan: 'gold', age: 7 },
        properties: { coupon: 'MAY', engagement_time_msec: 9, context },
      },
    ]);
  });

  test('several events in the body, a line each; what they share is in the query', () => {
    const { events } = decode(SHARED, 'en=page_view&dt=Other\r\nen=scroll&epn.percent_scrolled=90\r\n');
    expect(events).toEqual([
      {
        ...visitor,
        page: { url: 'https://s.example/', title: 'Other' },
        event_name: 'page_view',
        properties: { context },
      },
      { ...visitor, event_name: 'scroll', properties: { percent_scrolled: 90, context } },
    ]);
  });

  test('a purchase has the id that the Measurement Protocol gives it', () => {
    const [event] = decode(`${SHARED}&en=purchase&ep.transaction_id=o1`).events;
    expect(event).toMatchObject({ event_id: expect.stringMatching(/^[0-9a-f]{32}$/), transaction_id: 'o1' });
  });

  test.each([
    { said: 'gcs=G111', consent: { analytics: true } },
    { said: 'gcs=G110', consent: { analytics: false } },
    { said: 'gcs=G1--', consent: undefined },
    { said: 'gcs=G101&npa=1', consent: { analytics: true, personalization: false } },
    { said: 'npa=0', consent: undefined },
  ])('$said is the consent $consent', ({ said, consent }) => {
    const [event] = decode(`${SHARED}&en=x&${said}`).events as readonly { readonly consent?: unknown }[];
    expect(event?.consent).toEqual(consent);
  });

  test('names of prototypes are names like others, or left out', () => {
    const hostile = 'ep.__proto__=1&up.__proto__=1&__proto__=1&pr1=id1~k0__proto__~v01&ep.constructor=2';
    const [event] = decode(`${SHARED}&en=x&${hostile}`).events as readonly object[];
    expect(event).toMatchObject({ items: [{ item_id: '1' }], properties: { constructor: '2' } });
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  test('more lines than events are allowed are 413, and what is no text is 400', () => {
    expect(() => gtag.decode(request(SHARED, 'en=x\nen=y\nen=z', 2))).toThrow(
      expect.objectContaining({ status: 413 }),
    );
    const bytes = { ...request(SHARED), body: Buffer.of(0xff) };
    expect(() => gtag.decode(bytes)).toThrow(expect.objectContaining({ status: 400 }));
  });
});
