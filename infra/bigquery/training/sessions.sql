-- Sessions to learn from, one a row: {clicks: [{item_id, event_name, at_ms, category}, …]}, oldest click first. No row says whose it is.
--   @since, @until      the time that is learned from
--   @interactions       event names that tell what a shopper wants
--   @clicks_per_day     who clicks more on any day is no person
--   @max_clicks         whole days are taken, newest first, until there are so many clicks
--   @sessions_per_item  a session is kept while it is among so many newest of one of its items
WITH
  ${human},
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
    STRUCT(
      r.item_id AS item_id,
      r.event_name AS event_name,
      UNIX_MILLIS(r.event_time) AS at_ms,
      r.category AS category
    )
    ORDER BY r.event_time, r.event_id, r.item_id
  ) AS clicks
FROM recent AS r
JOIN kept AS k ON k.session_key = r.session_key
GROUP BY r.session_key
