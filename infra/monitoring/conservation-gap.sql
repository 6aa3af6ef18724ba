-- Fails, and by its failure alerts, where events are missing from the warehouse that other functions have seen: an event
-- that a recommendation was made for is an enriched event, and every enriched event is stored, has failed, or was dropped for
-- consent within the hour. Looks at the day up to an hour ago, and at events of the eight days before: those that a client kept for
-- longer would have it read older partitions.
WITH
  seen AS (
    SELECT DISTINCT r.trigger.event_id AS event_id
    FROM `${project}.${dataset}.recommendations_raw` AS r
    WHERE
      r.generated_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 25 HOUR)
      AND r.generated_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
      AND r.trigger.event_name <> 'refresh'
      AND r.trigger.event_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 8 DAY)
  ),
  accounted AS (
    SELECT e.event_id
    FROM `${project}.${dataset}.events_raw` AS e
    WHERE e.event_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 9 DAY)
    UNION ALL
    SELECT f.event_id
    FROM `${project}.${dataset}.failed_events_raw` AS f
    WHERE f.event_id IS NOT NULL AND f.failed_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)
    UNION ALL
    SELECT d.event_id
    FROM `${project}.${dataset}.consent_drops_raw` AS d
    WHERE d.dropped_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)
  ),
  gap AS (
    SELECT COUNT(*) AS missing
    FROM seen AS s
    LEFT JOIN (SELECT DISTINCT event_id FROM accounted) AS a ON a.event_id = s.event_id
    WHERE a.event_id IS NULL
  )
SELECT IF(missing > 0, ERROR(CONCAT('nextclick conservation gap: ', CAST(missing AS STRING), ' events')), missing) AS missing
FROM gap
