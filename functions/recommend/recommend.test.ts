import { describe, expect, test } from 'vitest';
import type { InstanceInput, Prediction, PredictionAnswer, Reason } from '../../model/protocol.ts';
import { TransientError } from '../../shared/errors.ts';
import { type CurrentModel, type Product, Recommendation } from '../../shared/events.ts';
import type { Attributes } from '../../shared/message.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import { batchContext, customer, enrichedEvent, NOW, secondsAgo, viewed } from './fixtures.ts';
import { makeRecommend } from './recommend.ts';

const CURRENT: CurrentModel = {
  model_version: 'm1',
  artifact_uri: 'gs://models/m1',
  endpoint: 'projects/p/locations/l/endpoints/1',
  deployed_at: secondsAgo(3600),
  popular: ['shoe', 'belt', 'scarf', 'glove'],
};

interface Setup {
  readonly current?: CurrentModel | undefined;
  readonly predict?: (instance: InstanceInput) => PredictionAnswer;
  /** All the catalogue has to fill lists with; the newest first. */
  readonly assortment?: readonly Product[] | Error;
  readonly categories?: readonly string[];
  readonly products?: readonly Product[];
  readonly length?: number;
}

const VIEWED: Reason = { kind: 'viewed' };

/** Personal predictions: scores fall along the list. */
function ranked(...ids: readonly string[]): Prediction {
  const items = ids.map((item_id, rank) => ({ item_id, score: 1 - rank / 10, reason: VIEWED }));
  return { model_version: 'm1', source: 'model', items };
}

function setUp(setup: Setup = {}) {
  const asked: { readonly endpoint: string; readonly instances: readonly InstanceInput[] }[] = [];
  const published: { topic: Topic; made: readonly Recommendation[]; attributes: Attributes | undefined }[] =
    [];
  const products = new Map((setup.products ?? []).map((product) => [product.item_id, product]));
  const recommend = makeRecommend({
    model: {
      async predict(endpoint, instances) {
        asked.push({ endpoint, instances });
        return instances.map(setup.predict ?? (() => ranked('belt', 'scarf')));
      },
    },
    current: async () => ('current' in setup ? setup.current : CURRENT),
    catalog: {
      async products(ids) {
        return new Map([...ids].flatMap((id) => [products.get(id) ?? []].flat().map((found) => [id, found])));
      },
    },
    assortment: async () => {
      if (setup.assortment instanceof Error) throw setup.assortment;
      const all = setup.assortment ?? [];
      return { newest: all, some: all };
    },
    publisher: {
      async publish(topic, events, attributes) {
        published.push({ topic, made: events.map((event) => Recommendation.parse(event)), attributes });
      },
    },
    clock: () => NOW,
    maxTriggerAgeMs: 600_000,
    length: setup.length ?? 3,
    diversity: 0.2,
    categories: setup.categories,
  });
  const { context, lines } = batchContext();
  return {
    asked,
    published,
    lines,
    onEvents: (events: Parameters<typeof recommend.onEvents>[0]) => recommend.onEvents(events, context),
    onRequests: (requests: Parameters<typeof recommend.onRequests>[0]) =>
      recommend.onRequests(requests, context),
    shown: () =>
      published.flatMap(({ made }) => made.map(({ items }) => items.map(({ item_id }) => item_id))),
  };
}

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

  test('a list that filters leave short is filled up from what is popular, then from the catalogue', async () => {
    const { onEvents, published } = setUp({
      predict: () => ranked('shoe', 'gone', 'secret', 'belt'),
      length: 5,
      products: [
        { item_id: 'gone', title: 'Gone', in_stock: false },
        { item_id: 'secret', title: 'Secret', hidden: true },
        { item_id: 'scarf', title: 'Scarf', in_stock: false },
      ],
      assortment: [
        { item_id: 'glove', title: 'Glove' },
        { item_id: 'sock', title: 'Sock' },
        { item_id: 'shirt', title: 'Shirt' },
        { item_id: 'tie', title: 'Tie' },
      ],
    });
    const carted = { ...viewed('sock', 30), event_name: 'add_to_cart' };
    await onEvents([enrichedEvent({ customer: customer({ recent_items: [viewed('shoe'), carted] }) })]);
    expect(published[0]?.made[0]?.items).toMatchObject([
      { item_id: 'belt', why: { kind: 'viewed' } },
      { item_id: 'glove', reason: 'Popular right now', why: { kind: 'popular' } },
      { item_id: 'shirt' },
      { item_id: 'tie' },
    ]);
  });

  test('only allowed categories are shown, in the fill as well', async () => {
    const { onEvents, asked, shown } = setUp({
      predict: () => ranked('belt', 'scarf'),
      categories: ['Wool'],
      products: [
        { item_id: 'belt', title: 'Belt', category: 'Leather' },
        { item_id: 'scarf', title: 'Scarf', category: 'Wool' },
      ],
      assortment: [
        { item_id: 'boot', title: 'Boot', category: 'Leather' },
        { item_id: 'sock', title: 'Sock', category: 'Wool' },
      ],
    });
    await onEvents([enrichedEvent()]);
    expect(asked[0]?.instances[0]?.categories).toEqual(['Wool']);
    expect(shown()).toEqual([['scarf', 'sock']]);
  });

  test('the model is told of tastes, the place, and new products that suit', async () => {
    const { onEvents, asked } = setUp({
      assortment: [
        { item_id: 'new-hat', title: 'Hat', category: 'Hats', brand: 'Own', price: 9 },
        { item_id: 'new-pan', title: 'Pan', category: 'Kitchen' },
      ],
    });
    const affinities = [{ category: 'Hats', score: 3 }];
    await onEvents([enrichedEvent({ customer: customer({ affinities }), geo: { country: 'DE' } })]);
    expect(asked[0]?.instances[0]).toMatchObject({
      interests: ['Hats'],
      country: 'DE',
      fresh: [{ item_id: 'new-hat', category: 'Hats', brand: 'Own', price: 9 }],
    });
  });

  test('an assortment that cannot be read is done without', async () => {
    const { onEvents, shown, lines } = setUp({ assortment: new Error('Firestore is away') });
    await onEvents([enrichedEvent()]);
    expect(shown()).toEqual([['belt', 'scarf', 'glove']]);
    expect(lines.join()).toContain('Firestore is away');
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
