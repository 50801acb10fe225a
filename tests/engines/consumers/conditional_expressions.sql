SELECT
  CASE WHEN http_status >= 500 THEN 'failed' WHEN http_status IS NULL THEN 'none' ELSE 'fine' END AS result,
  coalesce(http_host, 'unknown') AS host,
  sum(CASE WHEN is_root THEN 1 ELSE 0 END) AS roots
FROM unified_events GROUP BY 1, 2;
