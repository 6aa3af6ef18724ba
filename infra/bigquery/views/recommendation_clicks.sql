-- Clicks on recommendations: each item of each recommendation at most once, when it was first clicked. A click is an event
-- about an item that carries the recommendation's id; it counts where that recommendation was served and has that item.
WITH
  clicks AS (
    SELECT e.recommendation_id, item.item_id AS item_id, e.event_id, e.event_time, e.user_key, e.visitor_id
    FROM `${project}.${dataset}.events` AS e
    CROSS JOIN UNNEST(e.items) AS item
    WHERE
      e.recommendation_id IS NOT NULL
      AND e.event_name IN ('select_item', 'view_item', 'add_to_wishlist', 'add_to_cart')
      AND NOT IFNULL(e.device.is_bot, FALSE)
    QUALIFY
      ROW_NUMBER() OVER (PARTITION BY e.recommendation_id, item.item_id ORDER BY e.event_time, e.event_id) = 1
  ),
  served AS (
    SELECT
      r.recommendation_id, r.generated_at, r.source, r.model_version,
      r.experiment.name AS experiment, r.experiment.arm AS arm,
      item.item_id AS item_id, position
    FROM `${project}.${dataset}.recommendations` AS r
    CROSS JOIN UNNEST(r.items) AS item WITH OFFSET AS position
  )
SELECT
  c.recommendation_id,
  c.item_id,
  s.position,
  c.event_time AS clicked_at,
  c.user_key,
  c.visitor_id,
  s.generated_at,
  s.source,
  s.model_version,
  s.experiment,
  s.arm
FROM clicks AS c
JOIN served AS s ON s.recommendation_id = c.recommendation_id AND s.item_id = c.item_id
