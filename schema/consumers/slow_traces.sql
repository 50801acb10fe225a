-- Alert "slow traces": the slowest root spans of a namespace.
SELECT trace_id, event_name, duration_ms, service_name
FROM unified_events
WHERE is_root AND ns = 'https://shop.example' AND duration_ms > 1000
ORDER BY duration_ms DESC, trace_id
LIMIT 100;
