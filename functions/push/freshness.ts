import type { Recommendation } from '../../shared/events.ts';

/** What decides which of two recommendations for a visitor is newer: the shopper's step, then the answer's time. */
export interface Freshness {
  /** Of the trigger, epoch milliseconds. */
  readonly eventTime: number;
  /** Of the answer, epoch milliseconds. */
  readonly generatedAt: number;
}

export function freshnessOf(recommendation: Pick<Recommendation, 'trigger' | 'generated_at'>): Freshness {
  return {
    eventTime: Date.parse(recommendation.trigger.event_time),
    generatedAt: Date.parse(recommendation.generated_at),
  };
}

/** Whether `a` belongs on the screen in place of `b`; equals do not, so that a redelivery changes nothing. */
export function isNewer(a: Freshness, b: Freshness): boolean {
  return a.eventTime > b.eventTime || (a.eventTime === b.eventTime && a.generatedAt > b.generatedAt);
}

/** The newest recommendation of each visitor. */
export function newestPerVisitor(
  recommendations: readonly Recommendation[],
): ReadonlyMap<string, Recommendation> {
  const newest = new Map<string, Recommendation>();
  for (const candidate of recommendations) {
    const known = newest.get(candidate.visitor_id);
    if (!known || isNewer(freshnessOf(candidate), freshnessOf(known)))
      newest.set(candidate.visitor_id, candidate);
  }
  return newest;
}
