SELECT event_type, event_name, count(*) AS n FROM unified_events GROUP BY GROUPING SETS ((event_type), (event_name), ())
