import type { BatchContext } from '../../shared/batch-function.ts';
import type { RecommendationRequest } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';

/** A visitor of the last days, with what recommend needs to know. */
export type RecentVisitor = Pick<
  RecommendationRequest,
  'user_key' | 'visitor_id' | 'recent_items' | 'purchased_items'
>;

/** Who was in the shop of late. */
export interface Visitors {
  /** Newest visitors first, each with recent items, newest first. */
  visitors(days: number): AsyncIterable<RecentVisitor>;
}

export interface RefreshOptions {
  readonly warehouse: Visitors;
  readonly publisher: Publisher;
  readonly clock: () => number;
}

/** Asks for recommendations anew for the visitors of the last days; answers how many. */
export type Refresh = (version: string, days: number, context: BatchContext) => Promise<number>;

/** Requests for recommendations in one publish. */
const REFRESH_BATCH = 500;

/**
 * Asks recommend for the visitors of the last days, since another model answers now. Ids follow from version,
 * message and visitor: a redelivery asks for the same recommendations, which replace each other.
 */
export function makeRefresh({ warehouse, publisher, clock }: RefreshOptions): Refresh {
  return async (version, days, context) => {
    if (days === 0) return 0;
    let count = 0;
    let batch: RecommendationRequest[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await publisher.publish(TOPICS.recommendationRequests, batch, context.outgoing);
      count += batch.length;
      batch = [];
    };
    for await (const visitor of warehouse.visitors(days)) {
      const [newest] = visitor.recent_items;
      if (!newest) continue;
      const trigger = {
        event_id: stableId('refresh', version, context.messageId, visitor.visitor_id),
        event_name: 'refresh',
        event_time: newest.event_time,
        received_at: new Date(clock()).toISOString(),
      };
      batch.push({ ...visitor, trigger });
      if (batch.length === REFRESH_BATCH) await flush();
    }
    await flush();
    return count;
  };
}
