/** Functions of GoogleSQL in DuckDB's terms; the mends give calls these names. */
export const MACROS: readonly string[] = [
  // Numbers.
  'bq_safe_divide(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a / b END',
  // A float's half is rounded away from zero.
  "bq_int64(value) AS CASE WHEN typeof(value) = 'DOUBLE' THEN CAST(round(CAST(value AS DOUBLE)) AS BIGINT) ELSE CAST(value AS BIGINT) END",
  'bq_ieee_divide(a, b) AS CAST(a AS DOUBLE) / CAST(b AS DOUBLE)',
  'bq_range_bucket(x, bounds) AS len(list_filter(bounds, lambda bound: bound <= x))',
  'bq_generate_uuid() AS CAST(uuid() AS VARCHAR)',
  // Text.
  "bq_has_group(pattern) AS regexp_matches(pattern, '(^|[^\\\\])\\((\\?P?<|[^?])')",
  `bq_regexp_extract(value, pattern) AS CASE WHEN NOT regexp_matches(value, pattern) THEN NULL
    WHEN bq_has_group(pattern) THEN regexp_extract(value, pattern, 1) ELSE regexp_extract(value, pattern) END`,
  `bq_regexp_extract_all(value, pattern) AS CASE WHEN bq_has_group(pattern)
    THEN regexp_extract_all(value, pattern, 1) ELSE regexp_extract_all(value, pattern) END`,
  "bq_regexp_replace(value, pattern, put) AS regexp_replace(value, pattern, put, 'g')",
  "bq_initcap(value) AS array_to_string(list_transform(string_split(lower(value), ' '), lambda word: upper(word[1]) || word[2:]), ' ')",
  "bq_net_host(url) AS nullif(regexp_extract(url, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)', 1), '')",
  // Arrays.
  "bq_at(list, i) AS CASE WHEN i < 0 OR i >= len(list) THEN error('Array index ' || i || ' is out of bounds') ELSE list[i + 1] END",
  'bq_safe_at(list, i) AS CASE WHEN i < 0 THEN NULL ELSE list[i + 1] END',
  'bq_offsets(list) AS unnest(range(len(list)))',
  'bq_first(list, n) AS list[1:n]',
  'bq_array_first(list) AS bq_at(list, 0)',
  'bq_array_last(list) AS bq_at(list, len(list) - 1)',
  `bq_top_count(x, n) AS list_transform(
    list_reverse_sort(list_transform(map_entries(histogram(x)), lambda entry: {'count': entry.value, 'value': entry.key}))[1:n],
    lambda entry: {'value': entry.value, 'count': CAST(entry.count AS BIGINT)})`,
  // JSON.
  "bq_json_value(json, path) AS CASE WHEN json_type(json, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json ->> path END",
  "bq_json_array(json, path := '$') AS CAST(json_extract(json, path || '[*]') AS JSON[])",
  "bq_json_value_array(json, path := '$') AS json_extract_string(json, path || '[*]')",
  `bq_json_type(json) AS CASE json_type(json) WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'ARRAY' THEN 'array'
    WHEN 'OBJECT' THEN 'object' WHEN 'NULL' THEN 'null' ELSE 'number' END`,
  'bq_to_json(value) AS CAST(to_json(value) AS JSON)',
  "bq_string(value) AS CASE WHEN typeof(value) = 'JSON' THEN CAST(to_json(value) AS JSON) ->> '$' ELSE CAST(value AS VARCHAR) END",
  "bq_lax_int64(json) AS TRY_CAST((json ->> '$') AS BIGINT)",
  "bq_lax_float64(json) AS TRY_CAST((json ->> '$') AS DOUBLE)",
  "bq_lax_bool(json) AS TRY_CAST((json ->> '$') AS BOOLEAN)",
  // Dates and times.
  'bq_now() AS now()',
  'bq_plus(value, span) AS value + span',
  'bq_minus(value, span) AS value - span',
  'bq_timestamp_diff(unit, earlier, later) AS date_sub(unit, earlier, later)',
  'bq_trunc(unit, value) AS date_trunc(unit, value)',
  "bq_time_trunc(unit, value) AS CAST(date_trunc(unit, DATE '1970-01-01' + value) AS TIME)",
  "bq_week_trunc(value, days) AS date_trunc('week', value + to_days(CAST(days AS INTEGER))) - to_days(CAST(days AS INTEGER))",
  "bq_bucket(value, width) AS time_bucket(width, CAST(value AS TIMESTAMPTZ), TIMESTAMPTZ '1950-01-01 00:00:00+00')",
  'bq_day_of_week(value) AS 1 + dayofweek(value)',
  "bq_week(value) AS CAST(strftime(value, '%U') AS BIGINT)",
  'bq_millisecond(value) AS millisecond(value) % 1000',
  'bq_microsecond(value) AS microsecond(value) % 1000000',
  'bq_unix_seconds(value) AS CAST(floor(epoch(value)) AS BIGINT)',
  'bq_timestamp_seconds(seconds) AS make_timestamptz(CAST(seconds AS BIGINT) * 1000000)',
  'bq_timestamp_millis(millis) AS make_timestamptz(CAST(millis AS BIGINT) * 1000)',
  "bq_date_from_unix_date(days) AS DATE '1970-01-01' + CAST(days AS INTEGER)",
  'bq_format_time(format, value) AS strftime(value, format)',
];
