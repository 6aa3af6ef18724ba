-- What became of the accepted events, each counted once: accepted = stored + failed + consent_dropped.
-- An event that is stored counts as stored even where a later stage failed on it as well. Failures without an event
-- id (text that was no event) count where they happened on the way in, one each, until they are published again and come
-- to another end; failures to deliver what was derived from events, such as recommendations, are no events and do not count.
WITH
  stored AS (SELECT DISTINCT event_id FROM `${project}.${dataset}.events_raw`),
  dropped AS (
    SELECT DISTINCT d.event_id
    FROM `${project}.${dataset}.consent_drops_raw` AS d
    LEFT JOIN stored AS s ON s.event_id = d.event_id
    WHERE s.event_id IS NULL
  ),
  failed AS (
    SELECT DISTINCT f.event_id
    FROM `${project}.${dataset}.failed_events_raw` AS f
    LEFT JOIN stored AS s ON s.event_id = f.event_id
    LEFT JOIN dropped AS d ON d.event_id = f.event_id
    WHERE f.event_id IS NOT NULL AND s.event_id IS NULL AND d.event_id IS NULL
  ),
  failed_without_id AS (
    SELECT DISTINCT f.failed_id
    FROM `${project}.${dataset}.failed_events_raw` AS f
    LEFT JOIN `${project}.${dataset}.replays_raw` AS r ON r.failed_id = f.failed_id
    WHERE r.failed_id IS NULL
      AND f.event_id IS NULL
      AND f.replay_topic IN ('clickstream-inbox', 'clickstream-raw', 'clickstream-enriched')
  ),
  counts AS (
    SELECT
      (SELECT COUNT(*) FROM `${project}.${dataset}.events_raw`) AS event_rows,
      (SELECT COUNT(*) FROM stored) AS stored,
      (SELECT COUNT(*) FROM failed) + (SELECT COUNT(*) FROM failed_without_id) AS failed,
      (SELECT COUNT(*) FROM dropped) AS consent_dropped
  )
SELECT event_rows, stored, failed, consent_dropped, stored + failed + consent_dropped AS accepted
FROM counts
