SELECT sum(CASE WHEN http_status >= 500 THEN 1 ELSE 0 END) AS errors, count(*) FILTER (WHERE http_status = 200) AS fine FROM unified_events
