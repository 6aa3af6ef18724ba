import type { Instance, Prediction } from '../../model/protocol.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import { messageOf } from '../../shared/errors.ts';
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
import { triggersOf } from './requests.ts';

/** The model behind its endpoint. */
export interface Model {
  /**
   * One prediction per instance, in order.
   * @throws Error when it does not answer in time
   */
  predict(endpoint: string, instances: readonly Instance[]): Promise<readonly Prediction[]>;
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
  readonly publisher: Publisher;
  readonly clock: () => number;
  /** Triggers that waited longer are skipped. Milliseconds. */
  readonly maxTriggerAgeMs: number;
  /** Length of a list. */
  readonly length: number;
}

/** More are asked for than are shown, because some are sold out or bought already. */
const ASKED_PER_SHOWN = 3;
const MODEL_MAX = 100;

/**
 * Recommends for each visitor of a batch: one request to the model, popularity where it does not answer, and never
 * what is sold out, bought already, or being looked at.
 */
export function makeRecommend(options: RecommendOptions) {
  const { model, catalog, publisher, clock } = options;
  const asked = Math.min(MODEL_MAX, options.length * ASKED_PER_SHOWN);

  const predict = async (
    served: CurrentModel,
    requests: readonly RecommendationRequest[],
    context: BatchContext,
  ): Promise<readonly Prediction[]> => {
    const instances = requests.map(
      ({ recent_items, purchased_items }): Instance => ({
        items: [...recent_items],
        exclude: [...purchased_items],
        limit: asked,
      }),
    );
    try {
      return await model.predict(served.endpoint, instances);
    } catch (error) {
      context.log.warn(`the model did not answer; falling back to popularity: ${messageOf(error)}`);
      const items = served.popular.map((item_id, rank) => ({ item_id, score: 1 / (rank + 1) }));
      return requests.map(() => ({ model_version: served.model_version, source: 'popularity', items }));
    }
  };

  const recommend = async (
    requests: readonly RecommendationRequest[],
    context: BatchContext,
  ): Promise<BatchResult> => {
    if (requests.length === 0) return { out: 0 };
    const served = await options.current();
    if (!served) return { out: 0, metrics: { no_model: requests.length } };
    const began = clock();
    const predictions = await predict(served, requests, context);
    const vertexMs = clock() - began;
    const ids = new Set(
      predictions.flatMap(({ items }) =>
        items.flatMap(({ item_id, because }) => (because ? [item_id, because] : [item_id])),
      ),
    );
    const products = await catalog.products(ids);
    const made = requests.flatMap((request, index): Recommendation[] => {
      const prediction = predictions[index];
      const items = prediction ? present(request, prediction, products, options.length) : [];
      if (!prediction || items.length === 0) return [];
      return [
        {
          recommendation_id: stableId(request.visitor_id, request.trigger.event_id, prediction.model_version),
          user_key: request.user_key,
          visitor_id: request.visitor_id,
          generated_at: new Date(clock()).toISOString(),
          trigger: request.trigger,
          items,
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
    /** For `recommendation-requests`. */
    onRequests: recommend,
    /** For `clickstream-enriched`. */
    async onEvents(events: readonly EnrichedEvent[], context: BatchContext): Promise<BatchResult> {
      const { requests, stale } = triggersOf(events, clock(), options.maxTriggerAgeMs);
      const result = await recommend(requests, context);
      return { ...result, metrics: { ...result.metrics, skipped_stale: stale } };
    },
  };
}

/** What of a prediction may be shown, with a reason to read. An item the catalogue does not know may be. */
function present(
  { recent_items, purchased_items }: RecommendationRequest,
  { items, source }: Prediction,
  products: ReadonlyMap<string, Product>,
  length: number,
): Recommendation['items'] {
  const hidden = new Set([...purchased_items, ...recent_items.slice(0, 1).map(({ item_id }) => item_id)]);
  return items
    .filter(({ item_id }) => !hidden.has(item_id) && products.get(item_id)?.in_stock !== false)
    .slice(0, length)
    .map(({ item_id, score, because }) => {
      const title = because === undefined ? undefined : products.get(because)?.title;
      const otherwise = source === 'popularity' ? 'Popular right now' : 'Picked for you';
      return { item_id, score, reason: title ? `Because you looked at ${title}` : otherwise };
    });
}
