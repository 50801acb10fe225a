SELECT a.id, a.verb FROM do_actions a LEFT JOIN do_events e ON e.action_id = a.id AND e.ns = a.ns WHERE e.action_id IS NULL ORDER BY started_at;
