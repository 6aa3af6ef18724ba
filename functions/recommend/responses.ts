import { IMPRESSIONS } from '../../shared/event-names.ts';
import type { EnrichedEvent } from '../../shared/events.ts';

/** What shoppers did with recommendations, for the share of clicks on a chart; BigQuery has it exactly, by item and version. */
export interface Responses {
  /** Lists that were seen. */
  readonly shown: number;
  /** Clicks on an item of one. */
  readonly clicked: number;
}

const CLICKS: ReadonlySet<string> = new Set(['select_item', 'view_item', 'add_to_wishlist', 'add_to_cart']);

/** Counts events that carry a recommendation's id; bots are left out, as in the view recommendation_performance. */
export function responsesIn(events: readonly EnrichedEvent[]): Responses {
  let shown = 0;
  let clicked = 0;
  for (const { event_name, recommendation_id, device, origin } of events) {
    if (recommendation_id === undefined || device.is_bot || origin !== 'live') continue;
    if (IMPRESSIONS.has(event_name)) shown += 1;
    else if (CLICKS.has(event_name)) clicked += 1;
  }
  return { shown, clicked };
}
