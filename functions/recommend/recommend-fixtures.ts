import type { InstanceInput, Prediction, PredictionAnswer, Reason } from '../../model/protocol.ts';
import { type CurrentModel, type Product, Recommendation } from '../../shared/events.ts';
import type { Experiment } from '../../shared/experiments.ts';
import type { Attributes } from '../../shared/message.ts';
import type { Topic } from '../../shared/pipeline.ts';
import { batchContext, NOW, secondsAgo } from './fixtures.ts';
import { makeRecommend } from './recommend.ts';

/** For tests: what is served. */
export const CURRENT: CurrentModel = {
  model_version: 'm1',
  artifact_uri: 'gs://models/m1',
  endpoint: 'projects/p/locations/l/endpoints/1',
  deployed_at: secondsAgo(3600),
  popular: ['shoe', 'belt', 'scarf', 'glove'],
};

/** What a test gives recommend. */
export interface Setup {
  readonly current?: CurrentModel | undefined;
  readonly predict?: (instance: InstanceInput, endpoint: string) => PredictionAnswer;
  /** All the catalogue has to fill lists with; the newest first. */
  readonly assortment?: readonly Product[] | Error;
  readonly categories?: readonly string[];
  readonly products?: readonly Product[];
  readonly length?: number;
  readonly experiment?: Experiment;
}

const VIEWED: Reason = { kind: 'viewed' };

/** For tests: personal predictions, whose scores fall along the list. */
export function ranked(...ids: readonly string[]): Prediction {
  const items = ids.map((item_id, rank) => ({ item_id, score: 1 - rank / 10, reason: VIEWED }));
  return { model_version: 'm1', source: 'model', items };
}

/** For tests: recommend between collaborators in memory, what it asked, published and logged. */
export function setUp(setup: Setup = {}) {
  const asked: { readonly endpoint: string; readonly instances: readonly InstanceInput[] }[] = [];
  const published: { topic: Topic; made: readonly Recommendation[]; attributes: Attributes | undefined }[] =
    [];
  const products = new Map((setup.products ?? []).map((product) => [product.item_id, product]));
  const recommend = makeRecommend({
    model: {
      async predict(endpoint, instances) {
        asked.push({ endpoint, instances });
        const predict = setup.predict ?? (() => ranked('belt', 'scarf'));
        return instances.map((instance) => predict(instance, endpoint));
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
    experiment: setup.experiment,
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
