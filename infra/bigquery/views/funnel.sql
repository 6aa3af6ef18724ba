-- How far sessions came, by the day they began: a row for each step. A session that took a step took those before it, also
-- where their events are missing (a cart that another page filled, a checkout elsewhere), so that no step has more than the one before.
WITH
  steps AS (
    SELECT step, name
    FROM UNNEST([
      STRUCT(1 AS step, 'session' AS name),
      STRUCT(2 AS step, 'view_item' AS name),
      STRUCT(3 AS step, 'add_to_cart' AS name),
      STRUCT(4 AS step, 'begin_checkout' AS name),
      STRUCT(5 AS step, 'purchase' AS name)
    ])
  ),
  depths AS (
    SELECT
      DATE(started_at) AS day,
      CASE
        WHEN orders > 0 THEN 5
        WHEN checkouts > 0 THEN 4
        WHEN add_to_carts > 0 THEN 3
        WHEN item_views > 0 THEN 2
        ELSE 1
      END AS depth
    FROM `${project}.${dataset}.sessions`
  ),
  counts AS (
    SELECT d.day, s.step, s.name, COUNTIF(d.depth >= s.step) AS sessions
    FROM depths AS d
    CROSS JOIN steps AS s
    GROUP BY 1, 2, 3
  )
SELECT
  day,
  step,
  name,
  sessions,
  SAFE_DIVIDE(sessions, LAG(sessions) OVER (PARTITION BY day ORDER BY step)) AS of_previous,
  SAFE_DIVIDE(sessions, FIRST_VALUE(sessions) OVER (PARTITION BY day ORDER BY step)) AS of_all
FROM counts
