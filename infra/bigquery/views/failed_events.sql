-- Each failure once: equal failures have equal ids.
SELECT *
FROM `${project}.${dataset}.failed_events_raw`
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY failed_id ORDER BY failed_at DESC) = 1
