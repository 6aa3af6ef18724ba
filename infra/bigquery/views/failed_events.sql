-- Each failure once, equal failures having equal ids, and when it was last published again.
SELECT f.*, r.replayed_at, r.replayed_in
FROM (
  SELECT *
  FROM `${project}.${dataset}.failed_events_raw`
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY failed_id ORDER BY failed_at DESC) = 1
) AS f
LEFT JOIN (
  SELECT failed_id, MAX(replayed_at) AS replayed_at, MAX_BY(replay_id, replayed_at) AS replayed_in
  FROM `${project}.${dataset}.replays_raw`
  GROUP BY failed_id
) AS r ON r.failed_id = f.failed_id
