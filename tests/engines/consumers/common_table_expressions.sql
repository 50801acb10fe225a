WITH slow AS (
  SELECT trace_id, duration_ms AS ms, service_name FROM unified_events WHERE duration_ms > 1000
), counted AS (
  SELECT service_name, count(*) AS n, max(ms) AS worst FROM slow GROUP BY service_name
)
SELECT c.service_name, c.n, c.worst, s.trace_id
FROM counted c JOIN slow s ON s.service_name = c.service_name AND s.ms = c.worst
ORDER BY n DESC, worst;
