import { DATASET, TABLES } from '../../../shared/pipeline.ts';

/** A query to begin with. */
export interface ReadyQuery {
  readonly name: string;
  readonly sql: string;
}

/** Of the warehouse's own tables and views; every one runs in BigQuery as it is. */
export const READY_QUERIES: readonly ReadyQuery[] = [
  {
    name: 'Funnel',
    sql: `SELECT event_name, COUNT(DISTINCT visitor_id) AS visitors, COUNT(*) AS events
FROM ${DATASET}.${TABLES.events}
WHERE event_name IN ('view_item', 'add_to_cart', 'begin_checkout', 'purchase')
GROUP BY event_name
ORDER BY visitors DESC`,
  },
  {
    name: 'Top items',
    sql: `SELECT item.item_id,
  COUNTIF(event_name = 'view_item') AS views,
  COUNTIF(event_name = 'add_to_cart') AS carts,
  COUNTIF(event_name = 'purchase') AS purchases
FROM ${DATASET}.${TABLES.events}, UNNEST(items) AS item
GROUP BY item.item_id
ORDER BY views DESC
LIMIT 20`,
  },
  {
    name: 'Recommendation performance',
    sql: `SELECT day, model_version, source, experiment, arm, served, seen, clicked,
  ROUND(100 * click_through, 2) AS ctr_percent, orders, revenue
FROM ${DATASET}.recommendation_performance
ORDER BY day DESC, served DESC`,
  },
  {
    name: 'What became of every event',
    sql: `SELECT * FROM ${DATASET}.conservation`,
  },
  {
    name: 'Failures by reason',
    sql: `SELECT \`function\`, reason, COUNT(*) AS failures, MAX(failed_at) AS newest
FROM ${DATASET}.${TABLES.failed}
GROUP BY \`function\`, reason
ORDER BY failures DESC`,
  },
  {
    name: 'Events by minute',
    sql: `SELECT TIMESTAMP_TRUNC(received_at, MINUTE) AS minute, COUNT(*) AS events, COUNT(DISTINCT visitor_id) AS visitors
FROM ${DATASET}.${TABLES.events}
GROUP BY minute
ORDER BY minute DESC
LIMIT 60`,
  },
];
