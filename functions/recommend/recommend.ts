import type { Prediction } from '../../model/protocol.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import { messageOf } from '../../shared/errors.ts';
import type {
  CurrentModel,
  EnrichedEvent,
  Product,
  Recommendation,
  RecommendationRequest,
} from '../../shared/events.ts';
import { armOf, type Experiment } from '../../shared/experiments.ts';
import { stableId } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { type Model, makeAsk } from './ask.ts';
import type { Assortment } from './firestore-assortment.ts';
import { excludedOf, instanceOf } from './instance.ts';
import { present } from './present.ts';
import { triggersOf } from './requests.ts';
import { responsesIn } from './responses.ts';

/** The part of the catalogue that serving looks at. */
export interface ProductReader {
  products(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>>;
}

export interface RecommendOptions {
  readonly model: Model;
  /** What is served now; undefined before the first model. */
  readonly current: () => Promise<CurrentModel | undefined>;
  readonly catalog: ProductReader;
  readonly assortment: () => Promise<Assortment>;
  readonly publisher: Publisher;
  readonly clock: () => number;
  /** Triggers that waited longer are skipped. Milliseconds. */
  readonly maxTriggerAgeMs: number;
  /** Length of a list. */
  readonly length: number;
  /** How much lists mix categories: from 0, not at all, to 1. */
  readonly diversity: number;
  /** The only categories that may be recommended; undefined: all. */
  readonly categories?: readonly string[] | undefined;
  /** Divides people into arms; undefined: everybody gets the live model. */
  readonly experiment?: Experiment | undefined;
}

/** More are asked for than are shown, because some are sold out or bought already. */
const ASKED_PER_SHOWN = 3;
const MODEL_MAX = 100;

/**
 * Recommends for each visitor of a batch: one request to each model asked, popularity where it does not answer, and never what is
 * sold out, hidden, bought already, in the cart, or being looked at. Lists are short only where the catalogue is.
 */
export function makeRecommend(options: RecommendOptions) {
  const { catalog, publisher, clock, length, diversity, categories, experiment } = options;
  const ask = makeAsk(options.model);
  const limit = Math.min(MODEL_MAX, length * ASKED_PER_SHOWN);

  const assortment = async (context: BatchContext): Promise<Assortment> => {
    try {
      return await options.assortment();
    } catch (error) {
      context.log.warn(`the assortment was not read; new products are left out: ${messageOf(error)}`);
      return { newest: [], some: [] };
    }
  };

  const recommend = async (
    requests: readonly RecommendationRequest[],
    context: BatchContext,
    mayFallBack = true,
  ): Promise<BatchResult> => {
    if (requests.length === 0) return { out: 0 };
    const served = await options.current();
    if (!served) return { out: 0, metrics: { no_model: requests.length } };
    const { newest, some } = await assortment(context);
    const now = clock();
    const questions = requests.map((request) => ({
      instance: instanceOf(request, { limit, diversity, categories, newest, now }),
      arm: experiment && armOf(experiment, request.user_key),
    }));
    const predictions = await ask(questions, { served, context, mayFallBack });
    const vertexMs = clock() - now;
    const products = new Map(await catalog.products(idsIn(predictions)));
    const show = (request: RecommendationRequest, items: Prediction['items'], spare: Iterable<string>) =>
      present(items, spare, { excluded: excludedOf(request, now), categories, products, length });
    let lists = requests.map((request, at) => show(request, predictions[at]?.items ?? [], []));
    if (lists.some((list) => list.length < length)) {
      for (const product of some) products.set(product.item_id, product);
      for (const [id, product] of await catalog.products(served.popular)) products.set(id, product);
      const spare = [...served.popular, ...some.map(({ item_id }) => item_id)];
      lists = requests.map((request, at) => show(request, predictions[at]?.items ?? [], spare));
    }
    const made = requests.flatMap((request, at): Recommendation[] => {
      const prediction = predictions[at];
      const items = lists[at] ?? [];
      const arm = questions[at]?.arm;
      if (!prediction || items.length === 0) return [];
      return [
        {
          recommendation_id: stableId(request.visitor_id, request.trigger.event_id, prediction.model_version),
          user_key: request.user_key,
          visitor_id: request.visitor_id,
          generated_at: new Date(clock()).toISOString(),
          trigger: request.trigger,
          items: [...items],
          source: prediction.source,
          model_version: prediction.model_version,
          ...(experiment && arm ? { experiment: { name: experiment.name, arm: arm.name } } : {}),
        },
      ];
    });
    if (made.length > 0) await publisher.publish(TOPICS.recommendations, made, context.outgoing);
    const { model: byModel = 0, fallback = 0, arm: byArm = 0 } = countBy(made, experiment);
    return {
      out: made.length,
      metrics: {
        vertex_ms: vertexMs,
        by_model: byModel,
        by_popularity: fallback,
        ...(experiment ? { by_arm_of_popularity: byArm } : {}),
        empty: requests.length - made.length,
        ...(made[0] ? { model_version: made[0].model_version } : {}),
      },
    };
  };

  return {
    /**
     * For `recommendation-requests`. Nobody waits for these, and what is shown may be better than what is popular.
     * @throws TransientError where the model does not answer
     */
    onRequests: (requests: readonly RecommendationRequest[], context: BatchContext): Promise<BatchResult> =>
      recommend(requests, context, false),
    /** For `clickstream-enriched`. */
    async onEvents(events: readonly EnrichedEvent[], context: BatchContext): Promise<BatchResult> {
      const { requests, stale } = triggersOf(events, clock(), options.maxTriggerAgeMs);
      const result = await recommend(requests, context);
      const responses = responsesIn(events);
      const any = responses.shown + responses.clicked > 0;
      return {
        ...result,
        metrics: { ...result.metrics, skipped_stale: stale, ...(any ? responses : {}) },
      };
    },
  };
}

/** How many the model made, how many stand in for it, and how many are by popularity because their arm is. */
function countBy(
  made: readonly Recommendation[],
  experiment: Experiment | undefined,
): Readonly<Partial<Record<'model' | 'fallback' | 'arm', number>>> {
  const arms = new Set(experiment?.arms.flatMap(({ name, shows }) => (shows === 'popularity' ? [name] : [])));
  const kinds = Map.groupBy(made, ({ source, experiment: own }) => {
    if (source === 'model') return 'model';
    return own && arms.has(own.arm) ? 'arm' : 'fallback';
  });
  return Object.fromEntries([...kinds].map(([kind, each]) => [kind, each.length]));
}

/** Every item that is listed, or given as a reason. */
function idsIn(predictions: readonly Prediction[]): ReadonlySet<string> {
  const listed = predictions.flatMap(({ items }) => items);
  return new Set(
    listed.flatMap(({ item_id, reason }) => (reason.item_id ? [item_id, reason.item_id] : [item_id])),
  );
}
