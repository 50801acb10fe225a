WITH totals (service, n) AS (SELECT service_name, count(*) FROM unified_events GROUP BY service_name)
SELECT service, n FROM totals ORDER BY n;
