-- Each recommendation once.
SELECT *
FROM `${project}.${dataset}.recommendations_raw`
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY recommendation_id ORDER BY generated_at DESC) = 1
