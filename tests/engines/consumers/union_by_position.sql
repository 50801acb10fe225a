SELECT ns, verb AS what, timestamp FROM do_events
UNION ALL
SELECT ns, status, completed_at FROM do_actions
ORDER BY what, timestamp;
