-- The people of each experiment: their arm, since when, and what they did from then on. Somebody is in an experiment from the first
-- recommendation that carries it, seen or not, and stays in the arm of that one, whatever came later.
WITH
  served AS (
    SELECT
      r.experiment.name AS experiment, r.experiment.arm AS arm,
      r.user_key, r.recommendation_id, r.generated_at
    FROM `${project}.${dataset}.recommendations` AS r
    WHERE r.experiment.name IS NOT NULL
  ),
  people AS (
    SELECT
      experiment,
      user_key,
      ARRAY_AGG(arm ORDER BY generated_at, recommendation_id LIMIT 1)[SAFE_OFFSET(0)] AS arm,
      MIN(generated_at) AS since
    FROM served
    GROUP BY 1, 2
  ),
  seen AS (
    SELECT recommendation_id, MAX(clicked) AS clicked
    FROM (
      SELECT recommendation_id, 0 AS clicked
      FROM `${project}.${dataset}.events`
      WHERE event_name = 'view_item_list' AND recommendation_id IS NOT NULL AND NOT IFNULL(device.is_bot, FALSE)
      UNION ALL
      SELECT recommendation_id, 1 AS clicked
      FROM `${project}.${dataset}.recommendation_clicks`
    )
    GROUP BY 1
  ),
  looked AS (
    SELECT s.experiment, s.user_key, COUNT(*) AS seen, SUM(e.clicked) AS clicked
    FROM served AS s
    JOIN seen AS e ON e.recommendation_id = s.recommendation_id
    GROUP BY 1, 2
  ),
  bought AS (
    SELECT
      p.experiment,
      p.user_key,
      COUNT(*) AS orders,
      SUM(IFNULL(o.revenue, 0)) AS revenue,
      MIN(o.currency) AS first_currency,
      MAX(o.currency) AS last_currency
    FROM people AS p
    JOIN `${project}.${dataset}.orders` AS o ON o.user_key = p.user_key AND o.ordered_at >= p.since
    GROUP BY 1, 2
  )
SELECT
  p.experiment,
  p.arm,
  p.user_key,
  p.since,
  IFNULL(l.seen, 0) AS seen,
  IFNULL(l.clicked, 0) AS clicked,
  IFNULL(b.orders, 0) AS orders,
  IFNULL(b.revenue, 0) AS revenue,
  b.first_currency,
  b.last_currency
FROM people AS p
LEFT JOIN looked AS l ON l.experiment = p.experiment AND l.user_key = p.user_key
LEFT JOIN bought AS b ON b.experiment = p.experiment AND b.user_key = p.user_key
