SELECT upper(substr(trim(coalesce(service_name, http_host, 'none')), 1, 8)) AS service,
  round(abs(max(duration_ms) - min(duration_ms)), 2) AS spread,
  count(DISTINCT concat(ns, '/', trace_id)) AS traces
FROM unified_events GROUP BY upper(substr(trim(coalesce(service_name, http_host, 'none')), 1, 8));
