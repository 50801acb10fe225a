SELECT status, count(*) AS n
FROM tiny_events
GROUP BY status
