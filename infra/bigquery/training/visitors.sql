-- Visitors of late and what they did with items, a click a row: newest visitor first, and of each the newest click first.
--   @since            how far back
--   @interactions     event names that tell what a shopper wants
--   ${max_visitors}    visitors at most, the newest
--   @clicks_each      clicks of each at most, the newest
WITH
  clicks AS (
    SELECT visitor_id, user_key, item.item_id AS item_id, event_name, UNIX_MILLIS(event_time) AS at_ms
    FROM (
      SELECT *
      FROM `${project}.${dataset}.events_raw` AS e
      WHERE event_time >= @since AND origin = 'live'
        AND NOT EXISTS (
          SELECT 1
          FROM `${project}.${dataset}.forgotten_raw` AS f
          WHERE f.key_hash = TO_HEX(SHA256(e.user_key)) AND LEAST(e.event_time, e.received_at) <= f.forgotten_at
        )
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY enriched_at DESC) = 1
    ), UNNEST(items) AS item
    WHERE event_name IN UNNEST(@interactions) AND consent.personalization AND NOT device.is_bot
  ),
  visitors AS (
    SELECT visitor_id, MAX(at_ms) AS last_at
    FROM clicks
    GROUP BY visitor_id
    ORDER BY last_at DESC
    LIMIT ${max_visitors}
  ),
  newest AS (
    SELECT c.visitor_id, c.user_key, c.item_id, c.event_name, c.at_ms, v.last_at
    FROM clicks AS c
    JOIN visitors AS v ON v.visitor_id = c.visitor_id
    QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor_id ORDER BY c.at_ms DESC) <= @clicks_each
  )
SELECT visitor_id, user_key, item_id, event_name, at_ms
FROM newest
ORDER BY last_at DESC, visitor_id, at_ms DESC
