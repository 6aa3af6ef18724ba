import type { InstanceInput, Prediction, PredictionAnswer } from '../../model/protocol.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type {
  CurrentModel,
  EnrichedEvent,
  Product,
  Recommendation,
  RecommendationRequest,
} from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import type { Assortment } from './firestore-assortment.ts';
import { excludedOf, instanceOf } from './instance.ts';
import { present } from './present.ts';
import { triggersOf } from './requests.ts';

/** The model behind its endpoint. */
export interface Model {
  /**
   * One answer per instance, in order.
   * @throws Error when it does not answer in time
   */
  predict(endpoint: string, instances: readonly InstanceInput[]): Promise<readonly PredictionAnswer[]>;
}

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
}

/** More are asked for than are shown, because some are sold out or bought already. */
const ASKED_PER_SHOWN = 3;
const MODEL_MAX = 100;

/**
 * Recommends for each visitor of a batch: one request to the model, popularity where it does not answer, and never what is
 * sold out, hidden, bought already, in the cart, or being looked at. Lists are short only where the catalogue is.
 */
export function makeRecommend(options: RecommendOptions) {
  const { model, catalog, publisher, clock, length, diversity, categories } = options;
  const limit = Math.min(MODEL_MAX, length * ASKED_PER_SHOWN);

  const assortment = async (context: BatchContext): Promise<Assortment> => {
    try {
      return await options.assortment();
    } catch (error) {
      context.log.warn(`the assortment was not read; new products are left out: ${messageOf(error)}`);
      return { newest: [], some: [] };
    }
  };

  const predict = async (
    served: CurrentModel,
    instances: readonly InstanceInput[],
    context: BatchContext,
    mayFallBack: boolean,
  ): Promise<readonly Prediction[]> => {
    const popular: Prediction = {
      model_version: served.model_version,
      source: 'popularity',
      items: served.popular.map((item_id, rank) => ({
        item_id,
        score: 1 / (rank + 1),
        reason: { kind: 'popular' },
      })),
    };
    try {
      const answers = await model.predict(served.endpoint, instances);
      return answers.map((answer) => {
        if (!('error' in answer)) return answer;
        context.log.warn(`the model refused an instance; falling back to popularity: ${answer.error}`);
        return popular;
      });
    } catch (cause) {
      const error = messageOf(cause);
      if (!mayFallBack) throw new TransientError(`the model did not answer: ${error}`, { cause });
      context.log.warn(`the model did not answer; falling back to popularity: ${error}`);
      return instances.map(() => popular);
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
    const instances = requests.map((request) =>
      instanceOf(request, { limit, diversity, categories, newest, now }),
    );
    const predictions = await predict(served, instances, context, mayFallBack);
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
        },
      ];
    });
    if (made.length > 0) await publisher.publish(TOPICS.recommendations, made, context.outgoing);
    const fallback = made.filter(({ source }) => source === 'popularity').length;
    return {
      out: made.length,
      metrics: {
        vertex_ms: vertexMs,
        by_model: made.length - fallback,
        by_popularity: fallback,
        empty: requests.length - made.length,
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
      return { ...result, metrics: { ...result.metrics, skipped_stale: stale } };
    },
  };
}

/** Every item that is listed, or given as a reason. */
function idsIn(predictions: readonly Prediction[]): ReadonlySet<string> {
  const listed = predictions.flatMap(({ items }) => items);
  return new Set(
    listed.flatMap(({ item_id, reason }) => (reason.item_id ? [item_id, reason.item_id] : [item_id])),
  );
}
