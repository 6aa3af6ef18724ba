import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { trainingQuery } from '../../infra/bigquery/training-queries.ts';
import { ITEM_INTERACTIONS } from '../../shared/events.ts';
import type { RecentVisitor, Visitors } from './refresh.ts';

export interface BigQueryVisitorsOptions {
  readonly bigquery: BigQuery;
  readonly project: string;
  readonly dataset: string;
  /** Visitors to recommend for anew, at most; the newest are taken. */
  readonly maxVisitors: number;
  readonly clock: () => number;
}

/** Newest interactions of a visitor that a request for recommendations carries. */
const RECENT_ITEMS = 50;
const DAY_MS = 86_400_000;

const VisitorClick = z.object({
  visitor_id: z.string(),
  user_key: z.string(),
  item_id: z.string(),
  event_name: z.string(),
  at_ms: z.coerce.number(),
});

/** Visitors of the last days, by `infra/bigquery/training/visitors.sql`. */
export function makeBigQueryVisitors(options: BigQueryVisitorsOptions): Visitors {
  const { bigquery, project, dataset, maxVisitors, clock } = options;
  return {
    async *visitors(days) {
      const query = await trainingQuery('visitors', { project, dataset, max_visitors: maxVisitors });
      const params = {
        interactions: [...ITEM_INTERACTIONS],
        since: bigquery.timestamp(new Date(clock() - days * DAY_MS)),
        clicks_each: RECENT_ITEMS,
      };
      yield* groupVisitors(bigquery.createQueryStream({ query, params }));
    },
  };
}

/** Rows in order of visitor, newest first → visitors. */
export async function* groupVisitors(rows: AsyncIterable<unknown>): AsyncGenerator<RecentVisitor> {
  let visitor:
    | {
        user_key: string;
        visitor_id: string;
        recent_items: RecentVisitor['recent_items'][number][];
        purchased_items: string[];
      }
    | undefined;
  for await (const row of rows) {
    const { visitor_id, user_key, item_id, event_name, at_ms } = VisitorClick.parse(row);
    if (visitor?.visitor_id !== visitor_id) {
      if (visitor) yield visitor;
      visitor = { user_key, visitor_id, recent_items: [], purchased_items: [] };
    }
    visitor.recent_items.push({ item_id, event_name, event_time: new Date(at_ms).toISOString() });
    if (event_name === 'purchase' && !visitor.purchased_items.includes(item_id))
      visitor.purchased_items.push(item_id);
  }
  if (visitor) yield visitor;
}
