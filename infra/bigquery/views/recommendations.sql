-- Each recommendation once, of people who were not forgotten since.
SELECT *
FROM `${project}.${dataset}.recommendations_raw` AS r
WHERE NOT EXISTS (
  SELECT 1
  FROM `${project}.${dataset}.forgotten_raw` AS f
  WHERE f.key_hash = TO_HEX(SHA256(r.user_key)) AND r.generated_at <= f.forgotten_at
)
QUALIFY ROW_NUMBER() OVER (PARTITION BY recommendation_id ORDER BY generated_at DESC) = 1
