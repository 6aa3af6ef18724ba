import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { customer, enrichedEvent, secondsAgo, viewed } from './fixtures.ts';
import { CURRENT, ranked, setUp } from './recommend-fixtures.ts';

describe('recommend', () => {
  test('asks the model once for all visitors of a batch, and publishes a list for each', async () => {
    const { onEvents, asked, published } = setUp();
    const result = await onEvents([
      enrichedEvent({ customer: customer({ purchased_items: ['coat'] }) }),
      enrichedEvent({ event_id: 'event-2', visitor_id: 'visitor-2' }),
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.endpoint).toBe(CURRENT.endpoint);
    expect(asked[0]?.instances).toMatchObject([
      {
        items: [{ item_id: 'shoe' }, { item_id: 'hat' }],
        exclude: ['shoe', 'coat'],
        limit: 9,
        diversity: 0.2,
      },
      { exclude: ['shoe'] },
    ]);
    expect(published).toMatchObject([
      {
        topic: TOPICS.recommendations,
        attributes: { traceparent: 'trace' },
        made: [
          { visitor_id: 'visitor-1', source: 'model', model_version: 'm1', trigger: { event_id: 'event-1' } },
          { visitor_id: 'visitor-2', generated_at: secondsAgo(0), trigger: { event_id: 'event-2' } },
        ],
      },
    ]);
    expect(result).toMatchObject({
      out: 2,
      metrics: { by_model: 2, by_popularity: 0, empty: 0, skipped_stale: 0 },
    });
  });

  test('a redelivery repeats the ids; another trigger has another', async () => {
    const { onEvents, published } = setUp();
    await onEvents([enrichedEvent()]);
    await onEvents([enrichedEvent()]);
    await onEvents([enrichedEvent({ event_id: 'event-2' })]);
    const [first, again, other] = published.map(({ made }) => made[0]?.recommendation_id);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('never what is looked at, bought or sold out; what the catalogue does not know may be', async () => {
    const { onEvents, shown } = setUp({
      predict: () => ranked('shoe', 'coat', 'gone', 'hat', 'unknown', 'belt', 'scarf'),
      products: [
        { item_id: 'gone', title: 'Gone', in_stock: false },
        { item_id: 'belt', title: 'Belt', in_stock: true },
      ],
    });
    await onEvents([enrichedEvent({ customer: customer({ purchased_items: ['coat'] }) })]);
    expect(shown()).toEqual([['hat', 'unknown', 'belt']]);
  });

  test('the reason names what was looked at where the catalogue has a title for it', async () => {
    const because = (item_id: string, why?: string) => ({
      item_id,
      score: 1,
      reason: { kind: 'viewed' as const, ...(why && { item_id: why }) },
    });
    const { onEvents, published } = setUp({
      predict: () => ({
        ...ranked(),
        items: [because('belt', 'hat'), because('scarf', 'untitled'), because('glove')],
      }),
      products: [{ item_id: 'hat', title: 'Straw hat' }],
    });
    await onEvents([enrichedEvent()]);
    expect(published[0]?.made[0]?.items.map(({ reason }) => reason)).toEqual([
      'Because you looked at Straw hat',
      'Picked for you',
      'Picked for you',
    ]);
  });

  test('a model that does not answer is stood in for by popularity, and the log says so', async () => {
    const { onEvents, published, lines } = setUp({
      predict: () => {
        throw new Error('deadline exceeded');
      },
    });
    const result = await onEvents([enrichedEvent()]);
    expect(published[0]?.made[0]).toMatchObject({
      source: 'popularity',
      model_version: 'm1',
      items: [{ item_id: 'belt', reason: 'Popular right now' }, { item_id: 'scarf' }, { item_id: 'glove' }],
    });
    expect(result.metrics).toMatchObject({ by_model: 0, by_popularity: 1 });
    expect(lines.join()).toContain('deadline exceeded');
  });

  test('before the first model there is nothing to show', async () => {
    const { onEvents, asked, published } = setUp({ current: undefined });
    const result = await onEvents([enrichedEvent()]);
    expect(result).toMatchObject({ out: 0, metrics: { no_model: 1 } });
    expect([asked, published]).toEqual([[], []]);
  });

  test('an instance the model refuses is answered by popularity; the others are not', async () => {
    const { onEvents, published, lines } = setUp({
      predict: ({ exclude }) =>
        exclude?.includes('coat') ? { error: 'instances[0].items: too many' } : ranked('belt', 'scarf'),
    });
    const result = await onEvents([
      enrichedEvent({ customer: customer({ purchased_items: ['coat'] }) }),
      enrichedEvent({ event_id: 'event-2', visitor_id: 'visitor-2' }),
    ]);
    expect(published[0]?.made.map(({ source }) => source)).toEqual(['popularity', 'model']);
    expect(result.metrics).toMatchObject({ by_model: 1, by_popularity: 1 });
    expect(lines.join()).toContain('instances[0].items: too many');
  });

  test('nothing to show at all is counted, not published', async () => {
    const { onEvents, published } = setUp({
      predict: () => ranked('shoe'),
      current: { ...CURRENT, popular: ['shoe'] },
    });
    expect(await onEvents([enrichedEvent()])).toMatchObject({ out: 0, metrics: { empty: 1 } });
    expect(published).toEqual([]);
  });

  test('stale triggers and history call no model', async () => {
    const { onEvents, asked } = setUp();
    const result = await onEvents([
      enrichedEvent({ received_at: secondsAgo(601) }),
      enrichedEvent({ origin: 'history' }),
    ]);
    expect(result).toEqual({ out: 0, metrics: { skipped_stale: 1 } });
    expect(asked).toEqual([]);
  });

  test('requests after a deploy are answered as they are, and come again where the model does not answer', async () => {
    const { onRequests, shown } = setUp();
    const trigger = {
      event_id: 'refresh',
      event_name: 'model_deployed',
      event_time: secondsAgo(0),
      received_at: secondsAgo(0),
    };
    const request = {
      user_key: 'u',
      visitor_id: 'v',
      recent_items: [viewed('belt')],
      purchased_items: [],
      trigger,
    };
    expect(await onRequests([request])).toMatchObject({ out: 1 });
    expect(shown()).toEqual([['scarf', 'shoe', 'glove']]);

    const away = setUp({
      predict: () => {
        throw new Error('deadline exceeded');
      },
    });
    await expect(away.onRequests([request])).rejects.toThrow(TransientError);
    expect(away.published).toEqual([]);
  });
});
