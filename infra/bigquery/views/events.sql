-- Each event once: redelivery and a client's retry append a row again; the row enriched last is shown. What happened to
-- people until they were forgotten is not shown, though it may take hours to be erased.
SELECT *
FROM `${project}.${dataset}.events_raw` AS e
WHERE NOT EXISTS (
  SELECT 1
  FROM `${project}.${dataset}.forgotten_raw` AS f
  WHERE f.key_hash = TO_HEX(SHA256(e.user_key)) AND LEAST(e.event_time, e.received_at) <= f.forgotten_at
)
QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY enriched_at DESC) = 1
