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
    sql: `SELECT day, step, name, sessions, ROUND(100 * of_previous, 1) AS percent_of_previous, ROUND(100 * of_all, 1) AS percent_of_all
FROM ${DATASET}.funnel
ORDER BY day DESC, step`,
  },
  {
    name: 'Top items',
    sql: `SELECT item_id, MAX(item_name) AS item_name, SUM(views) AS views, SUM(add_to_carts) AS carts, SUM(orders) AS orders, ROUND(SUM(revenue), 2) AS revenue
FROM ${DATASET}.item_popularity
GROUP BY item_id
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
    name: 'Uplift of experiments',
    sql: `SELECT * FROM ${DATASET}.uplift`,
  },
  {
    name: 'Sessions',
    sql: `SELECT * FROM ${DATASET}.sessions ORDER BY started_at DESC LIMIT 50`,
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
