SELECT event_name FROM unified_events ORDER BY event_name LIMIT 10 OFFSET 2
