-- What clicks say of items: the latest category, brand and price of each.
--   parameters of human.sql
WITH
  ${human}
SELECT
  item_id,
  MAX_BY(category, IF(category IS NULL, NULL, event_time)) AS category,
  MAX_BY(brand, IF(brand IS NULL, NULL, event_time)) AS brand,
  MAX_BY(price, IF(price IS NULL, NULL, event_time)) AS price
FROM human
GROUP BY item_id
