-- Each forgotten person once, and until when.
SELECT key_hash, MAX(forgotten_at) AS forgotten_at
FROM `${project}.${dataset}.forgotten_raw`
GROUP BY key_hash
