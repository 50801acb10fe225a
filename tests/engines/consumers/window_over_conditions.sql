SELECT max(event_name) OVER (PARTITION BY http_status ORDER BY event_type) AS last_name FROM unified_events
