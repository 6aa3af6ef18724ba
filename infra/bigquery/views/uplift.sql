-- Each arm of each experiment by three figures, with 95 % intervals, and its difference from the arm `control`:
--   click_through     recommendations clicked, of those seen. Interval by the delta method over people, who see several: Deng, Knoblich
--                     & Lu 2018, https://arxiv.org/abs/1803.06336
--   conversion        share of people who ordered. Wilson's score interval.
--   revenue_per_user  mean, over all people. Student's t, its quantile by Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5),
--                     0.3 % off at five people and less beyond. NULL where there are several currencies in an experiment.
-- The interval of a difference follows from those of both arms (MOVER: Zou & Donner 2008, https://doi.org/10.1002/sim.3095); for
-- conversion that is Newcombe's hybrid score interval (1998, method 10).
WITH
  arms AS (
    SELECT
      experiment,
      arm,
      1.959963984540054 AS z,
      COUNT(*) AS n,
      COUNTIF(orders > 0) AS buyers,
      AVG(seen) AS seen,
      AVG(clicked) AS clicked,
      VAR_SAMP(seen) AS seen_variance,
      VAR_SAMP(clicked) AS clicked_variance,
      COVAR_SAMP(clicked, seen) AS covariance,
      AVG(revenue) AS mean_revenue,
      VAR_SAMP(revenue) AS revenue_variance,
      MIN(first_currency) AS first_currency,
      MAX(last_currency) AS last_currency
    FROM `${project}.${dataset}.experiment_users`
    GROUP BY 1, 2
  ),
  half_widths AS (
    SELECT
      *,
      IF(
        MIN(first_currency) OVER (PARTITION BY experiment) < MAX(last_currency) OVER (PARTITION BY experiment),
        NULL,
        mean_revenue
      ) AS revenue,
      SAFE_DIVIDE(clicked, seen) AS ratio,
      SAFE_DIVIDE(
        z * SQRT(
          -- Rounding may leave less than nothing of it.
          ABS(
            clicked_variance
              - 2 * SAFE_DIVIDE(clicked, seen) * covariance
              + POW(SAFE_DIVIDE(clicked, seen), 2) * seen_variance
          ) / n
        ),
        seen
      ) AS ratio_half,
      z / (n + z * z) * SQRT(buyers * (n - buyers) / n + z * z / 4) AS wilson_half,
      (
        z
        + SAFE_DIVIDE(POW(z, 3) + z, 4 * (n - 1))
        + SAFE_DIVIDE(5 * POW(z, 5) + 16 * POW(z, 3) + 3 * z, 96 * POW(n - 1, 2))
        + SAFE_DIVIDE(3 * POW(z, 7) + 19 * POW(z, 5) + 17 * POW(z, 3) - 15 * z, 384 * POW(n - 1, 3))
      ) * SQRT(revenue_variance / n) AS revenue_half
    FROM arms
  ),
  estimates AS (
    SELECT
      experiment, arm, n AS users, 'click_through' AS metric, ratio AS value,
      ratio - ratio_half AS low, ratio + ratio_half AS high
    FROM half_widths
    UNION ALL
    SELECT
      experiment, arm, n AS users, 'conversion' AS metric, buyers / n AS value,
      (buyers + z * z / 2) / (n + z * z) - wilson_half AS low,
      (buyers + z * z / 2) / (n + z * z) + wilson_half AS high
    FROM half_widths
    UNION ALL
    SELECT
      experiment, arm, n AS users, 'revenue_per_user' AS metric, revenue AS value,
      revenue - revenue_half AS low, revenue + revenue_half AS high
    FROM half_widths
  )
SELECT
  e.experiment,
  e.metric,
  e.arm,
  e.users,
  e.value,
  e.low,
  e.high,
  e.value - c.value AS difference,
  e.value - c.value - SQRT(POW(e.value - e.low, 2) + POW(c.high - c.value, 2)) AS difference_low,
  e.value - c.value + SQRT(POW(e.high - e.value, 2) + POW(c.value - c.low, 2)) AS difference_high,
  SAFE_DIVIDE(e.value - c.value, c.value) AS relative
FROM estimates AS e
LEFT JOIN estimates AS c
  ON c.experiment = e.experiment AND c.metric = e.metric AND c.arm = 'control' AND e.arm != 'control'
