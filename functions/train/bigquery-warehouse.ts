import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import type { TrainingSession } from '../../model/session.ts';
import { ITEM_INTERACTIONS } from '../../shared/events.ts';
import type { RecentVisitor, Visitors } from './refresh.ts';
import type { TrainingWarehouse } from './train.ts';

export interface BigQueryWarehouseOptions {
  readonly bigquery: BigQuery;
  readonly dataset: string;
  /** Days of clicks to learn from. */
  readonly days: number;
  /** Clicks to learn from, at most; the newest are taken. */
  readonly maxClicks: number;
  /** Visitors to recommend for anew, at most; the newest are taken. */
  readonly maxVisitors: number;
}

/** Newest interactions of a visitor that a request for recommendations carries. */
const RECENT_ITEMS = 50;

const Click = z.object({
  session_key: z.string(),
  item_id: z.string(),
  event_name: z.string(),
  at_ms: z.coerce.number(),
});

const VisitorClick = Click.omit({ session_key: true }).extend({
  visitor_id: z.string(),
  user_key: z.string(),
});

/** What may be learned from: interactions with items, by people, with their consent. */
const LEARNABLE = `
  event_name IN UNNEST(@interactions)
  AND consent.personalization
  AND NOT device.is_bot`;

/** Sessions and visitors by GoogleSQL on the view `events`: BigQuery sorts, this streams. */
export function makeBigQueryWarehouse(options: BigQueryWarehouseOptions): TrainingWarehouse & Visitors {
  const { bigquery, dataset, days, maxClicks, maxVisitors } = options;
  const interactions = [...ITEM_INTERACTIONS];
  return {
    async *sessions() {
      const query = `
        WITH clicks AS (
          SELECT
            CONCAT(user_key, '/', session_id) AS session_key,
            item.item_id AS item_id,
            event_name,
            event_id,
            UNIX_MILLIS(event_time) AS at_ms
          FROM \`${dataset}.events\`, UNNEST(items) AS item
          WHERE ${LEARNABLE}
            AND event_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${days} DAY)
          ORDER BY event_time DESC
          LIMIT ${maxClicks}
        )
        SELECT session_key, item_id, event_name, at_ms
        FROM clicks
        ORDER BY session_key, at_ms, event_id`;
      const rows = bigquery.createQueryStream({ query, params: { interactions } });
      yield* groupSessions(rows);
    },
    async *visitors(recentDays) {
      const since = `event_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${Math.trunc(recentDays)} DAY)`;
      const query = `
        WITH
          clicks AS (
            SELECT visitor_id, user_key, item.item_id AS item_id, event_name, UNIX_MILLIS(event_time) AS at_ms
            FROM \`${dataset}.events\`, UNNEST(items) AS item
            WHERE ${LEARNABLE} AND origin = 'live' AND ${since}
          ),
          visitors AS (
            SELECT visitor_id, MAX(at_ms) AS last_at
            FROM clicks
            GROUP BY visitor_id
            ORDER BY last_at DESC
            LIMIT ${maxVisitors}
          ),
          newest AS (
            SELECT c.visitor_id, c.user_key, c.item_id, c.event_name, c.at_ms, v.last_at
            FROM clicks AS c
            JOIN visitors AS v ON v.visitor_id = c.visitor_id
            QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor_id ORDER BY c.at_ms DESC) <= ${RECENT_ITEMS}
          )
        SELECT visitor_id, user_key, item_id, event_name, at_ms
        FROM newest
        ORDER BY last_at DESC, visitor_id, at_ms DESC`;
      const rows = bigquery.createQueryStream({ query, params: { interactions } });
      yield* groupVisitors(rows);
    },
  };
}

/** Rows in order of session and time → sessions. */
export async function* groupSessions(rows: AsyncIterable<unknown>): AsyncGenerator<TrainingSession> {
  let key: string | undefined;
  let session = { items: [] as string[], events: [] as string[], times: [] as number[] };
  for await (const row of rows) {
    const { session_key, item_id, event_name, at_ms } = Click.parse(row);
    if (session_key !== key) {
      if (session.items.length > 0) yield session;
      session = { items: [], events: [], times: [] };
      key = session_key;
    }
    session.items.push(item_id);
    session.events.push(event_name);
    session.times.push(at_ms);
  }
  if (session.items.length > 0) yield session;
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
