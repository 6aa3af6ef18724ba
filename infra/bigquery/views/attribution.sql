-- Ordered items that a recommendation led to: the person, known by user or by device, clicked that item in a recommendation at
-- most 7 days before. Where several were clicked, the last one has the credit, whole. Items without a price bring no revenue.
WITH
  ordered AS (
    SELECT
      o.order_id, o.ordered_at, o.user_key, o.visitor_id, o.currency, line, item.item_id AS item_id,
      IFNULL(item.quantity, 1) AS units,
      IFNULL(item.price, 0) * IFNULL(item.quantity, 1) AS revenue
    FROM `${project}.${dataset}.orders` AS o
    CROSS JOIN UNNEST(o.items) AS item WITH OFFSET AS line
  )
SELECT
  o.order_id,
  o.line,
  o.item_id,
  o.ordered_at,
  o.units,
  o.revenue,
  o.currency,
  o.user_key,
  c.recommendation_id,
  c.position,
  c.clicked_at,
  c.generated_at,
  c.source,
  c.model_version,
  c.experiment,
  c.arm
FROM ordered AS o
JOIN `${project}.${dataset}.recommendation_clicks` AS c
  ON c.item_id = o.item_id
  AND (c.user_key = o.user_key OR c.visitor_id = o.visitor_id)
  AND c.clicked_at <= o.ordered_at
  AND c.clicked_at >= TIMESTAMP_SUB(o.ordered_at, INTERVAL 7 DAY)
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY o.order_id, o.line ORDER BY c.clicked_at DESC, c.recommendation_id) = 1
