import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnrichedEvent, Recommendation } from '../../shared/events.ts';
import { event, items, openTestWarehouse, recommendation, type TestWarehouse } from './fixtures.ts';

interface Person {
  /** Recommendations seen, and how many of them clicked. */
  readonly seen?: number;
  readonly clicked?: number;
  /** Value of an order; none where absent. */
  readonly order?: number;
}

/** People of an arm, and the rows that they leave. */
function rowsOf(experiment: string, arm: string, people: readonly Person[], currency = 'EUR') {
  const recommendations: Recommendation[] = [];
  const events: EnrichedEvent[] = [];
  people.forEach(({ seen = 0, clicked = 0, order }, index) => {
    const visitor_id = `${experiment}-${arm}-${index}`;
    for (let at = 0; at < Math.max(1, seen); at += 1) {
      const recommendation_id = `${visitor_id}-${at}`;
      const asked = { visitor_id, recommendation_id, items: items('shoe') };
      recommendations.push(
        recommendation(recommendation_id, at, ['shoe'], {
          visitor_id,
          experiment: { name: experiment, arm },
        }),
      );
      if (at < seen) events.push(event(`seen-${recommendation_id}`, 'view_item_list', at, asked));
      if (at < clicked) events.push(event(`clicked-${recommendation_id}`, 'select_item', at, asked));
    }
    if (order !== undefined)
      events.push(event(`order-${visitor_id}`, 'purchase', 60, { visitor_id, value: order, currency }));
  });
  return { recommendations, events };
}

const times = (count: number, person: Person): Person[] => Array.from({ length: count }, () => person);
const orders = (...values: readonly number[]): Person[] => values.map((order) => ({ order }));

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await openTestWarehouse();
  const all = [
    // Newcombe 1998, table II, column (a): 56 of 70 and 48 of 80.
    rowsOf('newcombe', 'treatment', [...times(56, { order: 10 }), ...times(14, {})]),
    rowsOf('newcombe', 'control', [...times(48, { order: 10 }), ...times(32, {})]),
    rowsOf('revenue', 'treatment', orders(10, 20, 30, 40, 50)),
    rowsOf('revenue', 'control', orders(0, 0, 10, 20, 20)),
    rowsOf('clicks', 'treatment', [
      { seen: 2, clicked: 1 },
      { seen: 3 },
      { seen: 1, clicked: 1 },
      { seen: 4, clicked: 2 },
    ]),
    rowsOf('clicks', 'control', times(4, { seen: 2 })),
    rowsOf('few', 'control', orders(10, 20)),
    rowsOf('few', 'treatment', [{ seen: 1, clicked: 1, order: 10 }]),
    rowsOf('currencies', 'control', orders(10, 20)),
    rowsOf('currencies', 'treatment', orders(10, 20), 'USD'),
    rowsOf('alone', 'treatment', orders(10, 20)),
  ];
  await warehouse.add({
    events: all.flatMap(({ events }) => events),
    recommendations: all.flatMap(({ recommendations }) => recommendations),
  });
});
afterAll(() => warehouse?.close());

/** One figure of an experiment, arm by arm. */
async function figures(experiment: string, metric: string) {
  const rows = await warehouse.query(
    `SELECT * EXCEPT (experiment, metric) FROM uplift WHERE experiment = '${experiment}' AND metric = '${metric}'`,
  );
  return new Map(rows.map((row) => [row.arm, row as Readonly<Record<string, number | null>>]));
}

test('conversion: Wilson’s intervals, and Newcombe’s of their difference', async () => {
  const arms = await figures('newcombe', 'conversion');
  const treatment = arms.get('treatment');
  expect(treatment).toMatchObject({ users: 70, value: 0.8 });
  expect(treatment?.low).toBeCloseTo(0.6918, 4);
  expect(treatment?.high).toBeCloseTo(0.877, 4);
  expect(treatment?.difference).toBeCloseTo(0.2, 10);
  // As printed there for method 10.
  expect(treatment?.difference_low).toBeCloseTo(0.0524, 4);
  expect(treatment?.difference_high).toBeCloseTo(0.3339, 4);
  expect(treatment?.relative).toBeCloseTo(1 / 3, 10);
  expect(arms.get('control')).toMatchObject({ users: 80, value: 0.6, difference: null, relative: null });
});

test('revenue per user: Student’s t', async () => {
  const arms = await figures('revenue', 'revenue_per_user');
  const treatment = arms.get('treatment');
  // Means 30 and 10, variances 250 and 100, of 5 each; t at 4 degrees of freedom is 2.7764, by tables.
  const [own, others] = [2.7764 * Math.sqrt(250 / 5), 2.7764 * Math.sqrt(100 / 5)];
  expect(treatment).toMatchObject({ users: 5, value: 30, difference: 20, relative: 2 });
  expect((treatment?.high ?? 0) / (30 + own)).toBeCloseTo(1, 2);
  expect((20 - (treatment?.difference_low ?? 0)) / Math.hypot(own, others)).toBeCloseTo(1, 2);
  expect(treatment?.difference_high).toBeCloseTo(40 - (treatment?.difference_low ?? 0), 9);
});

test('click-through: the delta method over people', async () => {
  const arms = await figures('clicks', 'click_through');
  // Seen 2, 3, 1, 4, of these clicked 1, 0, 1, 2: means 2.5 and 1, variances 5/3 and 2/3, covariance 1/3.
  const half = (1.959964 * Math.sqrt((2 / 3 - (2 * 0.4) / 3 + (0.4 * 0.4 * 5) / 3) / 4)) / 2.5;
  const treatment = arms.get('treatment');
  expect(treatment?.value).toBeCloseTo(0.4, 10);
  expect(treatment?.low).toBeCloseTo(0.4 - half, 6);
  expect(treatment?.high).toBeCloseTo(0.4 + half, 6);
  expect(arms.get('control')).toMatchObject({ value: 0, low: 0, high: 0 });
  expect(treatment?.difference_low).toBeCloseTo(0.4 - half, 6);
  expect(treatment?.relative).toBeNull();
});

describe('where a figure cannot be had it is NULL', () => {
  test('clicks of what nobody saw', async () => {
    expect((await figures('revenue', 'click_through')).get('treatment')).toMatchObject({
      value: null,
      difference: null,
    });
  });

  test('the spread of one', async () => {
    const arm = (await figures('few', 'revenue_per_user')).get('treatment');
    expect(arm).toMatchObject({ users: 1, value: 10, low: null, difference: -5, difference_low: null });
    const clicks = (await figures('few', 'click_through')).get('treatment');
    expect(clicks).toMatchObject({ value: 1, low: null, high: null });
  });

  test('revenue in several currencies', async () => {
    for (const arm of (await figures('currencies', 'revenue_per_user')).values()) {
      expect(arm).toMatchObject({ users: 2, value: null, low: null, difference: null });
    }
    expect((await figures('currencies', 'conversion')).get('treatment')).toMatchObject({ difference: 0 });
  });

  test('a difference from a control that is not there', async () => {
    const arm = (await figures('alone', 'conversion')).get('treatment');
    expect(arm).toMatchObject({ users: 2, value: 1, difference: null });
  });
});

test('somebody stays in the first arm, and what was ordered before does not count', async () => {
  const experiment = (arm: string) => ({ visitor_id: 'ada', experiment: { name: 'moved', arm } });
  await warehouse.add({
    recommendations: [
      recommendation('m2', 20, ['shoe'], experiment('treatment')),
      recommendation('m1', 10, ['shoe'], experiment('control')),
    ],
    events: [
      event('m3', 'purchase', 5, { value: 70 }),
      event('m4', 'purchase', 30, { value: 7 }),
      event('m5', 'select_item', 25, { recommendation_id: 'm2', items: items('shoe') }),
    ],
  });
  expect(
    await warehouse.query(
      "SELECT arm, user_key, seen, clicked, orders, revenue FROM experiment_users WHERE experiment = 'moved'",
    ),
  ).toEqual([{ arm: 'control', user_key: 'ada', seen: 1, clicked: 1, orders: 1, revenue: 7 }]);
});
