-- Each publication of a failed event once.
SELECT *
FROM `${project}.${dataset}.replays_raw`
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY failed_id, replay_id ORDER BY replayed_at DESC) = 1
