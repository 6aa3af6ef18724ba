import { afterAll, beforeAll, expect, test } from 'vitest';
import { event, items, line, openTestWarehouse, type TestWarehouse } from './fixtures.ts';

const DAY = 24 * 60;
const bot = { category: 'bot', is_bot: true };

/** Ada looks, fills a cart and orders; Bob looks and searches; Eve orders at once; Dan, a day later, only comes by. A bot runs about. */
const EVENTS = [
  event('1', 'page_view', 0, {
    page: { path: '/' },
    traffic: { channel: 'search', source: 'google' },
    geo: { country: 'DE' },
  }),
  event('2', 'view_item', 1, { page: { path: '/shoe' }, items: items('shoe') }),
  event('2', 'view_item', 1, { page: { path: '/shoe' }, items: items('shoe') }),
  event('3', 'select_item', 2, { items: items('hat'), recommendation_id: 'r1' }),
  event('4', 'view_item', 3, { items: [{ item_id: 'hat', item_name: 'Straw hat', in_catalog: true }] }),
  event('5', 'add_to_cart', 4, { items: items('hat') }),
  event('6', 'purchase', 5, {
    ...{ user_key: 'user-ada', transaction_id: 'T1', currency: 'EUR' },
    ...{ page: { path: '/thanks' }, items: [line('hat', 20, 2)] },
  }),
  event('7', 'purchase', 5.5, { transaction_id: 'T1', currency: 'EUR', items: [line('hat', 20, 2)] }),
  event('8', 'view_item', 0, { visitor_id: 'bob', session_id: 's2', items: items('shoe', 'hat') }),
  event('9', 'search', 10, { visitor_id: 'bob', session_id: 's2' }),
  event('10', 'purchase', 20, {
    ...{ visitor_id: 'eve', transaction_id: 'T2', currency: 'EUR', items: [line('shoe', 50)] },
  }),
  event('11', 'page_view', DAY, { visitor_id: 'dan', page: { path: '/sale' } }),
  event('12', 'view_item', DAY, { visitor_id: 'dan-2', items: items('shoe'), device: bot }),
];

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await openTestWarehouse();
  await warehouse.add({ events: EVENTS });
});
afterAll(() => warehouse?.close());

test('sessions of people, with what came of them', async () => {
  const rows = await warehouse.query(
    `SELECT visitor_id, session_id, user_key, seconds, events, page_views, searches, item_views, add_to_carts, orders,
       recommendation_clicks, landing_path, exit_path, channel, source, device, country
     FROM sessions ORDER BY started_at, visitor_id`,
  );
  expect(rows.map(({ visitor_id }) => visitor_id)).toEqual(['ada', 'bob', 'eve', 'dan']);
  expect(rows[0]).toEqual({
    ...{ visitor_id: 'ada', session_id: 's1', user_key: 'ada', seconds: 330, events: 7 },
    ...{ page_views: 1, searches: 0, item_views: 2, add_to_carts: 1, orders: 1, recommendation_clicks: 1 },
    ...{ landing_path: '/', exit_path: '/thanks', channel: 'search', source: 'google' },
    ...{ device: 'desktop', country: 'DE' },
  });
  expect(rows[1]).toMatchObject({ seconds: 600, item_views: 1, searches: 1, orders: 0, landing_path: null });
});

test('the funnel: each step, of all and of the one before', async () => {
  const rows = await warehouse.query(
    'SELECT FORMAT_DATE("%F", day) AS day, name, sessions, of_previous, of_all FROM funnel ORDER BY day, step',
  );
  const steps = rows.map(({ day, name, sessions, of_previous, of_all }) => [
    ...[day, name, sessions],
    ...[of_previous, of_all],
  ]);
  expect(steps).toEqual([
    ['2026-11-20', 'session', 3, null, 1],
    ['2026-11-20', 'view_item', 3, 1, 1],
    ['2026-11-20', 'add_to_cart', 2, 2 / 3, 2 / 3],
    ['2026-11-20', 'begin_checkout', 2, 1, 2 / 3],
    ['2026-11-20', 'purchase', 2, 1, 2 / 3],
    ['2026-11-21', 'session', 1, null, 1],
    ['2026-11-21', 'view_item', 0, 0, 0],
    // Of nobody there is no share.
    ['2026-11-21', 'add_to_cart', 0, null, 0],
    ['2026-11-21', 'begin_checkout', 0, null, 0],
    ['2026-11-21', 'purchase', 0, null, 0],
  ]);
});

test('items by day, without bots and double orders', async () => {
  expect(await warehouse.query('SELECT * EXCEPT (day) FROM item_popularity ORDER BY item_id')).toEqual([
    {
      ...{ item_id: 'hat', item_name: 'Straw hat', visitors: 2, clicks: 1, views: 2, add_to_wishlists: 0 },
      ...{ add_to_carts: 1, orders: 1, units: 2, revenue: 40 },
    },
    {
      ...{ item_id: 'shoe', item_name: null, visitors: 3, clicks: 0, views: 2, add_to_wishlists: 0 },
      ...{ add_to_carts: 0, orders: 1, units: 1, revenue: 50 },
    },
  ]);
});
