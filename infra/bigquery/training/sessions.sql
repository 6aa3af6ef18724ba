-- Sessions to learn from, one a row: {clicks: [{item_id, event_name, at_ms}, …]}, oldest click first. No row says whose it is.
--   @since, @until      the time that is learned from
--   @interactions       event names that tell what a shopper wants
--   @clicks_per_day     who clicks more on any day is no person
--   @max_clicks         whole days are taken, newest first, until there are so many clicks
--   @sessions_per_item  a session is kept while it is among so many newest of one of its items
WITH
  -- Each event once. The filter on the partitioned column comes before the window, so that other days are not read.
  events AS (
    SELECT
      event_id, event_name, event_time, user_key, session_id, items,
      IFNULL(device.is_bot, FALSE) AS is_bot,
      IFNULL(consent.personalization, FALSE) AS allowed
    FROM `${project}.${dataset}.events_raw`
    WHERE event_time >= @since AND event_time < @until
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
  ),
  days AS (SELECT DATE(event_time) AS day, COUNT(*) AS clicks FROM human GROUP BY day),
  newest_days AS (
    SELECT day
    FROM (SELECT day, SUM(clicks) OVER (ORDER BY day DESC) - clicks AS newer FROM days)
    WHERE newer < @max_clicks
  ),
  recent AS (SELECT h.* FROM human AS h JOIN newest_days AS d ON d.day = DATE(h.event_time)),
  sessions AS (SELECT session_key, MAX(event_time) AS ended_at FROM recent GROUP BY session_key),
  kept AS (
    SELECT DISTINCT session_key
    FROM (
      SELECT
        s.session_key,
        ROW_NUMBER() OVER (PARTITION BY i.item_id ORDER BY s.ended_at DESC, s.session_key) AS place
      FROM sessions AS s
      JOIN (SELECT DISTINCT session_key, item_id FROM recent) AS i ON i.session_key = s.session_key
    )
    WHERE place <= @sessions_per_item
  )
SELECT
  ARRAY_AGG(
    STRUCT(r.item_id AS item_id, r.event_name AS event_name, UNIX_MILLIS(r.event_time) AS at_ms)
    ORDER BY r.event_time, r.event_id, r.item_id
  ) AS clicks
FROM recent AS r
JOIN kept AS k ON k.session_key = r.session_key
GROUP BY r.session_key
