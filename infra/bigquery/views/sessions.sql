-- Sessions of people, one a row: who, when, from where, on what, and what came of it. `orders` counts each order once.
SELECT
  visitor_id,
  session_id,
  ARRAY_AGG(user_key ORDER BY event_time DESC, event_id LIMIT 1)[SAFE_OFFSET(0)] AS user_key,
  MIN(event_time) AS started_at,
  MAX(event_time) AS ended_at,
  TIMESTAMP_DIFF(MAX(event_time), MIN(event_time), SECOND) AS seconds,
  COUNT(*) AS events,
  COUNTIF(event_name = 'page_view') AS page_views,
  COUNTIF(event_name = 'search') AS searches,
  COUNTIF(event_name = 'view_item') AS item_views,
  COUNTIF(event_name = 'add_to_cart') AS add_to_carts,
  COUNTIF(event_name = 'begin_checkout') AS checkouts,
  COUNT(DISTINCT IF(event_name = 'purchase', IFNULL(transaction_id, event_id), NULL)) AS orders,
  COUNTIF(event_name = 'select_item' AND recommendation_id IS NOT NULL) AS recommendation_clicks,
  ARRAY_AGG(page.path IGNORE NULLS ORDER BY event_time, event_id LIMIT 1)[SAFE_OFFSET(0)] AS landing_path,
  ARRAY_AGG(page.path IGNORE NULLS ORDER BY event_time DESC, event_id DESC LIMIT 1)[SAFE_OFFSET(0)] AS exit_path,
  ARRAY_AGG(traffic.channel IGNORE NULLS ORDER BY event_time, event_id LIMIT 1)[SAFE_OFFSET(0)] AS channel,
  ARRAY_AGG(traffic.source IGNORE NULLS ORDER BY event_time, event_id LIMIT 1)[SAFE_OFFSET(0)] AS source,
  ARRAY_AGG(device.category IGNORE NULLS ORDER BY event_time, event_id LIMIT 1)[SAFE_OFFSET(0)] AS device,
  ARRAY_AGG(geo.country IGNORE NULLS ORDER BY event_time, event_id LIMIT 1)[SAFE_OFFSET(0)] AS country
FROM `${project}.${dataset}.events`
WHERE NOT IFNULL(device.is_bot, FALSE)
GROUP BY 1, 2
