import { describe, expect, test } from 'vitest';
import { makeCatalog as makeDemoCatalog } from '../../../emulators/shop/catalog.ts';
import { NativeEvent } from '../../../shared/events.ts';
import { type KeyValues, makeCart } from './cart.ts';
import { makeCatalog } from './catalog.ts';
import { makeConsent } from './consent.ts';
import { about, listOf, orderOf } from './events.ts';
import { pathOf, type Route, routeOf } from './route.ts';

const catalog = makeCatalog(makeDemoCatalog(20_251));
const [product] = catalog.all;
if (!product) throw new Error('the demonstration shop has no products');

function makeMemory(kept: Record<string, string> = {}): KeyValues {
  const values = new Map(Object.entries(kept));
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
const forbidden = (): never => {
  throw new Error('storage is forbidden here');
};

describe('the catalogue', () => {
  test('what is hidden, or has no price or department, is not for sale', () => {
    const sold = makeCatalog([
      { ...product, item_id: 'a' },
      { ...product, item_id: 'b', hidden: true },
      { item_id: 'c', title: 'Without a price', category: 'Lamps' },
      { item_id: 'd', title: 'Without a department', price: 1 },
    ]);
    expect(sold.all.map(({ item_id }) => item_id)).toEqual(['a']);
  });

  test('by price', () => {
    const prices = (order: 'cheapest' | 'dearest') =>
      catalog.inCategory('Lamps', order).map(({ price }) => price);
    expect(prices('cheapest')).toEqual(prices('cheapest').toSorted((a, b) => a - b));
    expect(prices('dearest')).toEqual(prices('cheapest').toReversed());
  });

  test('the shop’s picks are in stock, each once, and of every department', () => {
    const picks = catalog.picks(12);
    expect(new Set(picks.map(({ item_id }) => item_id)).size).toBe(12);
    expect(new Set(picks.map(({ category }) => category)).size).toBe(8);
    expect(picks.every(({ in_stock }) => in_stock !== false)).toBe(true);
    expect(makeCatalog([]).picks(12)).toEqual([]);
  });

  test.each(['', '  ,. ', 'no such thing'])('a search for %j finds nothing', (query) => {
    expect(catalog.search(query)).toEqual([]);
  });

  test('a search finds what has every word, as the beginning of one', () => {
    const found = catalog.search('OAK cha');
    expect(found.length).toBeGreaterThan(0);
    for (const { title, category } of found) expect(`${title} ${category}`).toMatch(/^Oak .*\bCha/);
  });

  test('accents and whole words', () => {
    const shop = makeCatalog([
      { ...product, item_id: 'begins', title: 'Cafetière' },
      { ...product, item_id: 'whole', title: 'Café table' },
    ]);
    expect(shop.search('cafe').map(({ item_id }) => item_id)).toEqual(['whole', 'begins']);
  });
});

describe('the cart', () => {
  test('adds up, and is kept', () => {
    const memory = makeMemory();
    const cart = makeCart(catalog, () => memory);
    let changes = 0;
    cart.watch(() => {
      changes += 1;
    });
    cart.add(product.item_id);
    cart.add(product.item_id);
    expect([cart.count(), cart.total(), changes]).toEqual([2, Math.round(product.price * 200) / 100, 2]);
    expect(makeCart(catalog, () => memory).lines()).toEqual([{ product, quantity: 2 }]);
    cart.set(product.item_id, 1000);
    expect(cart.count()).toBe(99);
    cart.set(product.item_id, 0);
    expect(cart.lines()).toEqual([]);
  });

  test.each(['{', '7', '[["gone",1]]', '[[1,2],["sku-0001","x"],["sku-0001",-1]]'])(
    'what was kept as %s is an empty one',
    (text) => {
      expect(makeCart(catalog, () => makeMemory({ 'shop.cart': text })).lines()).toEqual([]);
    },
  );

  test('what one tab puts in, another keeps', () => {
    const memory = makeMemory();
    const [here, there] = [makeCart(catalog, () => memory), makeCart(catalog, () => memory)];
    let told = 0;
    there.watch(() => {
      told += 1;
    });
    here.add(product.item_id);
    there.refresh();
    there.add(product.item_id);
    expect([here, there].map((cart) => cart.count())).toEqual([1, 2]);
    here.refresh();
    expect(here.count()).toBe(2);
    expect(told).toBe(2);
  });

  test('a browser that keeps nothing has one too', () => {
    const cart = makeCart(catalog, forbidden);
    cart.add(product.item_id);
    expect(cart.count()).toBe(1);
  });
});

describe('consent', () => {
  test.each(['', '{', 'null', '{"analytics":true}', '{"analytics":1,"personalization":1}'])(
    '%j is no answer',
    (text) => {
      expect(makeConsent(() => makeMemory({ 'shop.consent': text })).get()).toBeUndefined();
      expect(makeConsent(forbidden).get()).toBeUndefined();
    },
  );

  test('an answer is kept and told', () => {
    const memory = makeMemory();
    const told: unknown[] = [];
    const consent = makeConsent(() => memory);
    consent.watch((choice) => told.push(choice));
    consent.set({ analytics: true, personalization: false });
    expect(makeConsent(() => memory).get()).toEqual({ analytics: true, personalization: false });
    expect(told).toEqual([{ analytics: true, personalization: false }]);
  });
});

describe('consent in two tabs', () => {
  test('what is answered in one holds in the other, and is told once', () => {
    const memory = makeMemory();
    const [here, there] = [makeConsent(() => memory), makeConsent(() => memory)];
    const told: unknown[] = [];
    there.watch((choice) => told.push(choice));
    there.refresh();
    here.set({ analytics: false, personalization: false });
    there.refresh();
    there.refresh();
    expect(told).toEqual([{ analytics: false, personalization: false }]);
    expect(there.get()).toEqual({ analytics: false, personalization: false });
  });
});

describe('places', () => {
  const places: readonly Route[] = [
    { page: 'home' },
    { page: 'category', category: 'Lamps & <Lights>/100 %' },
    { page: 'search', query: 'oak & ash?' },
    { page: 'product', id: 'sku/1#x' },
    { page: 'cart' },
    { page: 'checkout' },
    { page: 'thanks' },
  ];
  test.each(places)('$page has an address that leads back to it', (route) => {
    expect(routeOf(new URL(pathOf(route), 'https://shop.example'))).toEqual(route);
  });
  test.each(['/nowhere', '/a/b/c', '/missing'])('%s is none', (path) => {
    expect(routeOf(new URL(path, 'https://shop.example'))).toEqual({ page: 'missing' });
  });
  test('an address that is no address', () => {
    expect(routeOf({ pathname: '/product/%E0%A4%A', search: '' })).toEqual({
      page: 'product',
      id: '%E0%A4%A',
    });
  });
});

test.each([
  ['about', about(product, { list: 'for_you', index: 3, recommendationId: 'r-1' })],
  ['listOf', listOf(catalog.all, 'search')],
  ['orderOf', orderOf([{ product, quantity: 2 }], 2 * product.price)],
])('%s gives fields that the collector takes', (_name, fields) => {
  expect(NativeEvent.safeParse({ event_name: 'x', anonymous_id: 'a', ...fields }).error).toBeUndefined();
});
