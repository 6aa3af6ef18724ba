-- What people did with each item on each day. Revenue is in the shop's currency: NULL where there is more than one.
WITH
  actions AS (
    SELECT
      DATE(e.event_time) AS day, item.item_id AS item_id, item.item_name AS item_name, e.visitor_id, e.event_name,
      CAST(NULL AS STRING) AS order_id, 0 AS units, 0.0 AS revenue, CAST(NULL AS STRING) AS currency
    FROM `${project}.${dataset}.events` AS e
    CROSS JOIN UNNEST(e.items) AS item
    WHERE
      e.event_name IN ('select_item', 'view_item', 'add_to_wishlist', 'add_to_cart')
      AND NOT IFNULL(e.device.is_bot, FALSE)
    UNION ALL
    SELECT
      DATE(o.ordered_at) AS day, item.item_id AS item_id, item.item_name AS item_name, o.visitor_id,
      'purchase' AS event_name, o.order_id,
      IFNULL(item.quantity, 1) AS units,
      IFNULL(item.price, 0.0) * IFNULL(item.quantity, 1) AS revenue,
      o.currency
    FROM `${project}.${dataset}.orders` AS o
    CROSS JOIN UNNEST(o.items) AS item
  )
SELECT
  day,
  item_id,
  MAX(item_name) AS item_name,
  COUNT(DISTINCT visitor_id) AS visitors,
  COUNTIF(event_name = 'select_item') AS clicks,
  COUNTIF(event_name = 'view_item') AS views,
  COUNTIF(event_name = 'add_to_wishlist') AS add_to_wishlists,
  COUNTIF(event_name = 'add_to_cart') AS add_to_carts,
  COUNT(DISTINCT order_id) AS orders,
  SUM(units) AS units,
  IF(MIN(currency) < MAX(currency), NULL, SUM(revenue)) AS revenue
FROM actions
WHERE item_id IS NOT NULL
GROUP BY 1, 2
