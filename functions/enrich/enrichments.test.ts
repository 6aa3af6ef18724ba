import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import type { EnrichedEvent, Product } from '../../shared/events.ts';
import { pseudonym } from '../../shared/ids.ts';
import { applyEnrichments, ENRICHMENTS } from './enrichments.ts';
import { canonicalEventName } from './event-names.ts';
import { NOW, rawEvent, SETTINGS } from './fixtures.ts';
import { cleanUrl } from './urls.ts';

type Fields = Parameters<typeof rawEvent>[0];

function enrich(fields: Fields, products: readonly Product[] = []): EnrichedEvent {
  const source = {
    raw: rawEvent(fields),
    products: new Map(products.map((p) => [p.item_id, p])),
    settings: SETTINGS,
  };
  return applyEnrichments(source, new Date(NOW).toISOString());
}

const at = (ms: number) => new Date(NOW + ms).toISOString();
const MINUTE = 60_000;

test('each enrichment has a name of its own', () => {
  expect(new Set(ENRICHMENTS.map(({ name }) => name)).size).toBe(ENRICHMENTS.length);
});

test.each([
  ['Product Viewed', 'view_item'],
  ['addToCart', 'add_to_cart'],
  ['add-to-cart', 'add_to_cart'],
  ['ADD_TO_CART', 'add_to_cart'],
  ['Order Completed', 'purchase'],
  ['view', 'view_item'],
  ['transaction', 'purchase'],
  ['detail-page-view', 'view_item'],
  ['Newsletter Opened!', 'newsletter_opened'],
  ['HTMLLoaded', 'html_loaded'],
  ['Käufe', 'käufe'],
  ['***', 'unnamed'],
])('the event name %s becomes %s', (name, canonical) => {
  expect(canonicalEventName(name)).toBe(canonical);
});

test('fields are cleaned', () => {
  const event = enrich({
    currency: 'eur',
    value: 19.900000000000002,
    search_term: ' red\u0000 shoe\ud800 ',
    items: [
      { item_id: 'a', item_name: '  ', price: -1, quantity: 0 },
      { item_id: 'b', price: 0.1 + 0.2, quantity: 2 },
    ],
  });
  expect(event).toMatchObject({ currency: 'EUR', value: 19.9, search_term: 'red shoe\ufffd' });
  expect(event.items).toEqual([
    { item_id: 'a', in_catalog: false },
    { item_id: 'b', price: 0.3, quantity: 2, in_catalog: false },
  ]);
});

describe('event time', () => {
  test.each([
    { name: 'a right clock', event: 0, sent: -200, expected: 0 },
    { name: 'no sent_at', event: -5 * MINUTE, sent: undefined, expected: -5 * MINUTE },
    { name: 'an hour fast', event: 60 * MINUTE - 10_000, sent: 60 * MINUTE, expected: -10_000 },
    { name: 'an hour slow', event: -65 * MINUTE, sent: -60 * MINUTE, expected: -5 * MINUTE },
    { name: '20 s on the way', event: -20_000, sent: -20_000, expected: -20_000 },
    { name: 'the future, unexplained', event: 90 * MINUTE, sent: undefined, expected: 0 },
  ])('$name', ({ event, sent, expected }) => {
    const collector = sent === undefined ? {} : { sent_at: at(sent) };
    expect(enrich({ event_time: at(event), collector }).event_time).toBe(at(expected));
  });

  test('older than five years is refused', () => {
    const act = () => enrich({ event_time: '2021-01-01T00:00:00Z' });
    expect(act).toThrow(PermanentError);
    expect(act).toThrow(/event_time 2021-01-01T00:00:00Z is more than 1826 days before/);
  });
});

describe('urls', () => {
  test.each([
    {
      name: 'secrets, people and tracking go',
      url: 'https://u:p@www.shop.example/a?size=9&access_token=x&resetToken=y&email=a%40b.de&utm_source=z&gclid=1&sessionId=2#top',
      expected: { url: 'https://www.shop.example/a?size=9#top', host: 'shop.example', path: '/a' },
    },
    {
      name: 'addresses anywhere are redacted',
      url: 'https://shop.example/u/ada@example.com?ref=ada%40example.com',
      expected: {
        url: 'https://shop.example/u/[email]?ref=[email]',
        host: 'shop.example',
        path: '/u/[email]',
      },
    },
    {
      name: 'a fragment with parameters goes',
      url: 'https://shop.example/#access_token=x',
      expected: { url: 'https://shop.example/', host: 'shop.example', path: '/' },
    },
    {
      name: 'a path stays a path',
      url: '/shoes?size=9&token=1',
      expected: { url: '/shoes?size=9', path: '/shoes' },
    },
    {
      name: 'a deep link',
      url: 'myshop://item/9',
      expected: { url: 'myshop://item/9', host: 'item', path: '/9' },
    },
    { name: 'no URL', url: 'about us', expected: undefined },
    { name: 'content in the scheme', url: 'data:text/html,x', expected: undefined },
  ])('$name', ({ url, expected }) => {
    const found = cleanUrl(url);
    const { parameters: _parameters, ...rest } = found ?? { parameters: undefined };
    expect(found ? rest : undefined).toEqual(expected);
  });
});

describe('traffic', () => {
  const shop = 'https://www.shop.example/';
  test.each([
    { name: 'nothing known', page: { url: shop }, expected: { channel: 'direct' } },
    {
      name: 'within the shop',
      page: { url: shop, referrer: 'https://m.shop.example/x' },
      expected: { channel: 'internal' },
    },
    {
      name: 'a search engine of any country',
      page: { url: shop, referrer: 'https://www.google.co.uk/search?q=x' },
      expected: { channel: 'search', source: 'google.co.uk' },
    },
    {
      name: 'a short link',
      page: { url: shop, referrer: 'https://t.co/abc' },
      expected: { channel: 'social', source: 't.co' },
    },
    {
      name: 'a mailbox',
      page: { url: shop, referrer: 'https://mail.google.com/' },
      expected: { channel: 'email', source: 'mail.google.com' },
    },
    {
      name: 'another site',
      page: { url: shop, referrer: 'https://blog.example.org/post' },
      expected: { channel: 'referral', source: 'blog.example.org' },
    },
    {
      name: 'a campaign, before the referrer',
      page: {
        url: `${shop}?utm_source=news&utm_medium=email&utm_campaign=fall`,
        referrer: 'https://www.google.com/',
      },
      expected: { channel: 'email', source: 'news', medium: 'email', campaign: 'fall' },
    },
    {
      name: 'a campaign of no known medium',
      page: { url: `${shop}?utm_source=poster` },
      expected: { channel: 'campaign', source: 'poster' },
    },
    {
      name: 'a paid click',
      page: { url: `${shop}?gclid=abc`, referrer: 'https://www.google.com/' },
      expected: { channel: 'paid', source: 'google', medium: 'cpc' },
    },
  ])('$name', ({ page, expected }) => {
    expect(enrich({ page }).traffic).toEqual(expected);
  });
});

describe('device', () => {
  test.each([
    {
      agent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
      expected: { category: 'mobile', os: 'iOS', browser: 'Safari', is_bot: false },
    },
    {
      agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      expected: { category: 'desktop', os: 'Windows', browser: 'Chrome', is_bot: false },
    },
    {
      agent: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
      expected: { category: 'bot', is_bot: true },
    },
    { agent: 'Googlebot/2.1 (+http://www.google.com/bot.html)', expected: { category: 'bot', is_bot: true } },
    { agent: 'okhttp/4.12.0', expected: { category: 'unknown', is_bot: false } },
    { agent: undefined, expected: { category: 'unknown', is_bot: false } },
  ])('$agent', ({ agent, expected }) => {
    expect(enrich({ collector: agent === undefined ? {} : { user_agent: agent } }).device).toMatchObject(
      expected,
    );
  });
});

test('the place is coarse and the address goes no further', () => {
  const event = enrich({ collector: { ip: '203.0.113.9', country: 'de', region: 'BE', city: '?' } });
  expect(event.geo).toEqual({ country: 'DE', region: 'BE' });
  expect(JSON.stringify(event)).not.toContain('203.0.113');
  expect(enrich({ collector: { country: 'ZZ' } }).geo).toEqual({});
});

describe('direct identifiers', () => {
  test('leave traits, properties, search term, title and user id', () => {
    const event = enrich({
      user_id: 'Ada.Lovelace@example.com',
      search_term: 'mail ada@example.com',
      page: { title: 'Hello ada@example.com' },
      traits: {
        email: 'ada@example.com',
        firstName: 'Ada',
        phone: '+491701234567',
        plan: 'gold',
        address: { city: 'London' },
      },
      properties: {
        note: 'write to ada@example.com',
        contact: { 'E-Mail': ['Ada@Example.com'], lastName: 'Lovelace', loyal: true },
        'ada@example.com': 1,
        password: 'hunter2',
      },
    });
    const text = JSON.stringify(event).toLowerCase();
    for (const secret of ['ada@', 'lovelace', '"ada"', '49170', 'hunter2', 'london'])
      expect(text).not.toContain(secret);
    const email = pseudonym(SETTINGS.pseudonymKey, 'ada@example.com');
    expect(event.user_id).toBe(pseudonym(SETTINGS.pseudonymKey, 'ada.lovelace@example.com'));
    expect(event.user_key).toBe(event.user_id);
    expect(event.traits).toEqual({ email, phone: expect.stringMatching(/^[0-9a-f]{32}$/), plan: 'gold' });
    expect(event.properties).toEqual({
      note: 'write to [email]',
      contact: { 'E-Mail': [email], loyal: true },
      '[email]': 1,
    });
  });

  test.each(['colour', 'mobile', 'product_id', 'username_length', 'hotel', 'description', 'campaign_name'])(
    'the property %s stays',
    (name) => {
      expect(enrich({ properties: { [name]: 'x' } }).properties).toEqual({ [name]: 'x' });
    },
  );
});

describe('catalogue', () => {
  const product: Product = {
    item_id: 'shoe',
    title: 'Shoe',
    category: 'Shoes',
    price: 50,
    currency: 'EUR',
    in_stock: false,
  };

  test('fills what was not sent', () => {
    const event = enrich(
      { currency: 'eur', items: [{ item_id: 'shoe', item_name: 'Sale shoe' }, { item_id: 'hat' }] },
      [product],
    );
    expect(event.items).toEqual([
      {
        item_id: 'shoe',
        item_name: 'Sale shoe',
        item_category: 'Shoes',
        price: 50,
        in_catalog: true,
        in_stock: false,
      },
      { item_id: 'hat', in_catalog: false },
    ]);
  });

  test('gives no price in another currency', () => {
    expect(enrich({ currency: 'USD' }, [product]).items[0]).not.toHaveProperty('price');
  });
});
