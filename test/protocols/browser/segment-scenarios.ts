import { AnalyticsBrowser } from '@segment/analytics-next';
import { SHOPPER } from '../journey.ts';
import { SEGMENT_TRACKS } from '../segment-journey.ts';
import type { Place, Scenario } from './page.ts';

/** The tracker from npm, with another endpoint and nothing else; in batches where its settings are to say so. */
function load({ url, writeKey }: Place, batching: boolean): AnalyticsBrowser {
  const deliveryStrategy = { strategy: 'batching' as const, config: { size: 5, timeout: 200 } };
  return AnalyticsBrowser.load(
    { writeKey, cdnURL: url },
    batching ? { integrations: { 'Segment.io': { deliveryStrategy } } } : {},
  );
}

async function walk(place: Place, batching: boolean): Promise<void> {
  const analytics = load(place, batching);
  await analytics.setAnonymousId(SHOPPER.anonymous_id);
  await analytics.identify(SHOPPER.user_id, { plan: 'gold' });
  await analytics.page('Home');
  for (const { event, properties } of SEGMENT_TRACKS) await analytics.track(event, properties);
}

/** Journeys with @segment/analytics-next. */
export const segment: Readonly<Record<string, Scenario>> = {
  segmentOneByOne: (place) => walk(place, false),
  segmentInBatches: (place) => walk(place, true),
  async segmentOneEvent(place) {
    await load(place, false).track('Product Viewed', { product_id: 'sku-1' });
  },
};
