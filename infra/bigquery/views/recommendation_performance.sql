-- What recommendations did, by the day they were made, model version, source, and arm of an experiment. A recommendation is
-- seen where a view_item_list carries its id, or a click does. Revenue is that of `attribution`, in the shop's
-- currency: NULL where there is more than one.
WITH
  seen AS (
    SELECT DISTINCT recommendation_id
    FROM `${project}.${dataset}.events`
    WHERE event_name = 'view_item_list' AND recommendation_id IS NOT NULL AND NOT IFNULL(device.is_bot, FALSE)
  ),
  clicked AS (
    SELECT recommendation_id, COUNT(*) AS clicks
    FROM `${project}.${dataset}.recommendation_clicks`
    GROUP BY recommendation_id
  ),
  sold AS (
    SELECT
      recommendation_id,
      COUNT(DISTINCT order_id) AS orders,
      SUM(units) AS units,
      SUM(revenue) AS revenue,
      MIN(currency) AS first_currency,
      MAX(currency) AS last_currency
    FROM `${project}.${dataset}.attribution`
    GROUP BY recommendation_id
  )
SELECT
  DATE(r.generated_at) AS day,
  r.model_version,
  r.source,
  r.experiment.name AS experiment,
  r.experiment.arm AS arm,
  COUNT(*) AS served,
  COUNTIF(s.recommendation_id IS NOT NULL OR c.recommendation_id IS NOT NULL) AS seen,
  COUNTIF(c.recommendation_id IS NOT NULL) AS clicked,
  IFNULL(SUM(c.clicks), 0) AS clicks,
  SAFE_DIVIDE(
    COUNTIF(c.recommendation_id IS NOT NULL),
    COUNTIF(s.recommendation_id IS NOT NULL OR c.recommendation_id IS NOT NULL)
  ) AS click_through,
  IFNULL(SUM(o.orders), 0) AS orders,
  IFNULL(SUM(o.units), 0) AS units,
  IF(MIN(o.first_currency) < MAX(o.last_currency), NULL, IFNULL(SUM(o.revenue), 0)) AS revenue
FROM `${project}.${dataset}.recommendations` AS r
LEFT JOIN seen AS s ON s.recommendation_id = r.recommendation_id
LEFT JOIN clicked AS c ON c.recommendation_id = r.recommendation_id
LEFT JOIN sold AS o ON o.recommendation_id = r.recommendation_id
GROUP BY 1, 2, 3, 4, 5
