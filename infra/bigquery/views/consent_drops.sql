-- Each dropped event once.
SELECT *
FROM `${project}.${dataset}.consent_drops_raw`
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY dropped_at DESC) = 1
