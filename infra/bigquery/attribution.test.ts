import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { event, items, line, openTestWarehouse, recommendation, type TestWarehouse } from './fixtures.ts';

const DAYS = 24 * 60;
const recommended = (recommendation_id: string, ...ids: readonly string[]) => ({
  recommendation_id,
  items: items(...ids),
});

/** Ada sees r1 and r2, clicks in both, signs in, and orders; Bob only looks at r3; Eve's r4 is never shown. */
const RECOMMENDATIONS = [
  recommendation('r1', 0, ['shoe', 'hat', 'belt'], { experiment: { name: 'e', arm: 'treatment' } }),
  recommendation('r1', 0, ['shoe', 'hat', 'belt'], { experiment: { name: 'e', arm: 'treatment' } }),
  recommendation('r2', 10, ['hat', 'scarf']),
  recommendation('r3', 20, ['shoe'], { visitor_id: 'bob', source: 'popularity' }),
  recommendation('r4', 30, ['shoe'], { visitor_id: 'eve', source: 'popularity' }),
];
const EVENTS = [
  event('1', 'view_item_list', 1, recommended('r1', 'shoe', 'hat', 'belt')),
  event('2', 'select_item', 2, recommended('r1', 'hat')),
  // The product's page tells of the click again, and the collector's retry of all of it.
  event('3', 'view_item', 3, recommended('r1', 'hat')),
  event('3', 'view_item', 3, recommended('r1', 'hat')),
  event('4', 'select_item', 4, recommended('r1', 'shoe')),
  // No click: an item that the recommendation has not, a recommendation that nobody made, and a bot.
  event('5', 'select_item', 5, recommended('r1', 'coat')),
  event('6', 'select_item', 6, recommended('r9', 'hat')),
  event('7', 'select_item', 7, {
    ...recommended('r1', 'belt'),
    device: { category: 'bot', is_bot: true },
  }),
  // The hat once more, in r2, which is seen by no more than this click.
  event('8', 'select_item', 12, recommended('r2', 'hat')),
  event('9', 'view_item_list', 21, { ...recommended('r3', 'shoe'), visitor_id: 'bob' }),
  // Ada has signed in: another user key, the same device. Browser and server both tell of the order.
  event('10', 'purchase', 60, {
    user_key: 'user-ada',
    transaction_id: 'T1',
    currency: 'EUR',
    value: 100,
    items: [line('hat', 20, 2), line('shoe', 50), line('coat', 10)],
  }),
  event('11', 'purchase', 61, {
    user_key: 'user-ada',
    visitor_id: 'server',
    transaction_id: 'T1',
    currency: 'EUR',
    items: [line('hat', 20, 2)],
  }),
  // On her phone, where her user key is the same as in a click of r2 there.
  event('12', 'select_item', 90, {
    ...recommended('r2', 'scarf'),
    user_key: 'user-ada',
    visitor_id: 'phone',
  }),
  event('13', 'purchase', 100, {
    user_key: 'user-ada',
    visitor_id: 'tablet',
    currency: 'EUR',
    items: [{ item_id: 'scarf', in_catalog: true }],
  }),
  // The click on the shoe is seven days old to the minute, then older.
  event('14', 'purchase', 4 + 7 * DAYS, { transaction_id: 'T2', currency: 'EUR', items: [line('shoe', 50)] }),
  event('15', 'purchase', 5 + 7 * DAYS, { transaction_id: 'T3', currency: 'EUR', items: [line('shoe', 50)] }),
  // Bought before the click, and clicked by another.
  event('16', 'purchase', 1, { transaction_id: 'T4', items: [line('hat', 20)] }),
  event('17', 'purchase', 70, { transaction_id: 'T5', visitor_id: 'bob', items: [line('hat', 20)] }),
];

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await openTestWarehouse();
  await warehouse.add({ events: EVENTS, recommendations: RECOMMENDATIONS });
});
afterAll(() => warehouse?.close());

test('an order that was told of twice is one, with the first word', async () => {
  expect(
    await warehouse.query(
      'SELECT order_id, user_key, revenue, ARRAY_LENGTH(items) AS n FROM orders ORDER BY ordered_at',
    ),
  ).toEqual([
    { order_id: 'T4', user_key: 'ada', revenue: 20, n: 1 },
    { order_id: 'T1', user_key: 'user-ada', revenue: 100, n: 3 },
    { order_id: 'T5', user_key: 'bob', revenue: 20, n: 1 },
    { order_id: '13', user_key: 'user-ada', revenue: null, n: 1 },
    { order_id: 'T2', user_key: 'ada', revenue: 50, n: 1 },
    { order_id: 'T3', user_key: 'ada', revenue: 50, n: 1 },
  ]);
});

test('clicks: each item of each recommendation once, where it was served', async () => {
  expect(
    await warehouse.query(
      'SELECT recommendation_id, item_id, position, arm FROM recommendation_clicks ORDER BY clicked_at',
    ),
  ).toEqual([
    { recommendation_id: 'r1', item_id: 'hat', position: 1, arm: 'treatment' },
    { recommendation_id: 'r1', item_id: 'shoe', position: 0, arm: 'treatment' },
    { recommendation_id: 'r2', item_id: 'hat', position: 0, arm: null },
    { recommendation_id: 'r2', item_id: 'scarf', position: 1, arm: null },
  ]);
});

test('an ordered item is credited to the last click on it within 7 days, by device or user', async () => {
  expect(
    await warehouse.query(
      'SELECT order_id, line, item_id, units, revenue, recommendation_id FROM attribution ORDER BY ordered_at, line',
    ),
  ).toEqual([
    { order_id: 'T1', line: 0, item_id: 'hat', units: 2, revenue: 40, recommendation_id: 'r2' },
    { order_id: 'T1', line: 1, item_id: 'shoe', units: 1, revenue: 50, recommendation_id: 'r1' },
    { order_id: '13', line: 0, item_id: 'scarf', units: 1, revenue: 0, recommendation_id: 'r2' },
    { order_id: 'T2', line: 0, item_id: 'shoe', units: 1, revenue: 50, recommendation_id: 'r1' },
  ]);
});

describe('performance', () => {
  test('by model, source and arm', async () => {
    const rows = await warehouse.query(
      'SELECT * EXCEPT (day, model_version) FROM recommendation_performance ORDER BY source, arm',
    );
    expect(rows).toEqual([
      {
        ...{ source: 'model', experiment: null, arm: null, served: 1, seen: 1, clicked: 1, clicks: 2 },
        ...{ click_through: 1, orders: 2, units: 3, revenue: 40 },
      },
      {
        ...{ source: 'model', experiment: 'e', arm: 'treatment', served: 1, seen: 1, clicked: 1, clicks: 2 },
        ...{ click_through: 1, orders: 2, units: 2, revenue: 100 },
      },
      {
        ...{ source: 'popularity', experiment: null, arm: null, served: 2, seen: 1, clicked: 0, clicks: 0 },
        ...{ click_through: 0, orders: 0, units: 0, revenue: 0 },
      },
    ]);
  });

  test('revenue in several currencies is no sum', async () => {
    await warehouse.add({
      events: [
        event('18', 'purchase', 2000, { transaction_id: 'T6', currency: 'USD', items: [line('shoe', 70)] }),
      ],
    });
    expect(
      await warehouse.query("SELECT orders, revenue FROM recommendation_performance WHERE arm = 'treatment'"),
    ).toEqual([{ orders: 3, revenue: null }]);
  });
});
