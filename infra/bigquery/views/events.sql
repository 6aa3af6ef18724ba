-- Each event once: redelivery and a client's retry append a row again; the row enriched last is shown.
SELECT *
FROM `${project}.${dataset}.events_raw`
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY enriched_at DESC) = 1
