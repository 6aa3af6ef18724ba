-- The clicks that may be learned from, as table expressions for other queries: the last is `human`.
--   @since, @until      the time that is learned from
--   @interactions       event names that tell what a shopper wants
--   @clicks_per_day     who clicks more on any day is no person
-- begin
-- Each event once. The filter on the partitioned column comes before the window, so that other days are not read.
  events AS (
    SELECT
      event_id, event_name, event_time, user_key, session_id, items, geo.country AS country,
      IFNULL(device.is_bot, FALSE) AS is_bot,
      IFNULL(consent.personalization, FALSE) AS allowed
    FROM `${project}.${dataset}.events_raw` AS e
    WHERE event_time >= @since AND event_time < @until
      AND NOT EXISTS (
        SELECT 1
        FROM `${project}.${dataset}.forgotten_raw` AS f
        WHERE f.key_hash = TO_HEX(SHA256(e.user_key)) AND LEAST(e.event_time, e.received_at) <= f.forgotten_at
      )
    QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY enriched_at DESC) = 1
  ),
  -- People who may be learned from: none of their events is a bot's, and their latest word is yes.
  people AS (
    SELECT user_key
    FROM events
    GROUP BY user_key
    HAVING NOT LOGICAL_OR(is_bot) AND MAX_BY(allowed, event_time)
  ),
  clicks AS (
    SELECT
      e.user_key,
      CONCAT(e.user_key, '/', IFNULL(e.session_id, '')) AS session_key,
      item.item_id AS item_id,
      item.item_category AS category,
      item.item_brand AS brand,
      item.price AS price,
      e.country,
      e.event_name,
      e.event_id,
      e.event_time
    FROM events AS e
    JOIN people AS p ON p.user_key = e.user_key
    CROSS JOIN UNNEST(e.items) AS item
    WHERE e.allowed AND e.event_name IN UNNEST(@interactions) AND item.item_id IS NOT NULL
  ),
  tireless AS (
    SELECT DISTINCT user_key
    FROM (
      SELECT user_key, DATE(event_time) AS day, COUNT(*) AS clicks
      FROM clicks
      GROUP BY user_key, day
    )
    WHERE clicks > @clicks_per_day
  ),
  human AS (
    SELECT c.*
    FROM clicks AS c
    LEFT JOIN tireless AS t ON t.user_key = c.user_key
    WHERE t.user_key IS NULL
  )
