-- Each order once: one that was told of twice, as by browser and server, is known by its transaction id, and the first
-- event that told of it stands. Revenue is what the event says, else its items' prices times their quantities.
SELECT
  IFNULL(transaction_id, event_id) AS order_id,
  event_time AS ordered_at,
  user_key,
  visitor_id,
  session_id,
  currency,
  IFNULL(value, (SELECT SUM(item.price * IFNULL(item.quantity, 1)) FROM UNNEST(items) AS item)) AS revenue,
  items
FROM `${project}.${dataset}.events`
WHERE event_name = 'purchase'
QUALIFY ROW_NUMBER() OVER (PARTITION BY IFNULL(transaction_id, event_id) ORDER BY event_time, event_id) = 1
