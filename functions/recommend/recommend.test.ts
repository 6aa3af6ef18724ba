import { describe, expect, test } from 'vitest';
import type { Instance, Prediction } from '../../model/protocol.ts';
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
  readonly predict?: (instance: Instance) => Prediction;
  readonly products?: readonly Product[];
  readonly length?: number;
}

/** Personal predictions: scores fall along the list. */
function ranked(...ids: readonly string[]): Prediction {
  const items = ids.map((item_id, rank) => ({ item_id, score: 1 - rank / 10 }));
  return { model_version: 'm1', source: 'model', items };
}

function setUp(setup: Setup = {}) {
  const asked: { readonly endpoint: string; readonly instances: readonly Instance[] }[] = [];
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
    publisher: {
      async publish(topic, events, attributes) {
        published.push({ topic, made: events.map((event) => Recommendation.parse(event)), attributes });
      },
    },
    clock: () => NOW,
    maxTriggerAgeMs: 600_000,
    length: setup.length ?? 3,
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
      { items: [{ item_id: 'shoe' }, { item_id: 'hat' }], exclude: ['coat'], limit: 9 },
      { exclude: [] },
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
    const because = (item_id: string, why?: string) => ({ item_id, score: 1, ...(why && { because: why }) });
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

  test('nothing left to show is counted, not published', async () => {
    const { onEvents, published } = setUp({ predict: () => ranked('shoe') });
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

  test('requests after a deploy are answered as they are', async () => {
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
    expect(shown()).toEqual([['scarf']]);
  });
});
