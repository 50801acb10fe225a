-- Dashboard "error rate": the share of failed requests by service and day.
SELECT
  e.day,
  e.service_name,
  count(*) AS requests,
  sum(CASE WHEN e.http_status >= 500 THEN 1 ELSE 0 END) AS failed
FROM unified_events e
WHERE e.event_type = 'trace' AND e.http_status IS NOT NULL
GROUP BY e.day, e.service_name
ORDER BY e.day, requests DESC;
