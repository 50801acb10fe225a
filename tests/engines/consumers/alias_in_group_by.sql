SELECT lower(e.http_method) AS label, count(*) AS n FROM unified_events e GROUP BY label;
