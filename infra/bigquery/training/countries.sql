-- The most popular items of each country, best first; a click counts half after a week.
--   parameters of human.sql
--   @items_each         items of a country, at most
WITH
  ${human},
  scores AS (
    SELECT
      country,
      item_id,
      SUM(POW(0.5, TIMESTAMP_DIFF(@until, event_time, HOUR) / 168)) AS score
    FROM human
    WHERE country IS NOT NULL
    GROUP BY country, item_id
  )
SELECT country, item_id
FROM scores
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY country ORDER BY score DESC, item_id) <= @items_each
ORDER BY country, score DESC, item_id
