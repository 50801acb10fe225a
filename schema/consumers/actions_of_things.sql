-- Audit: which action made which version of a thing.
SELECT t.id, t.version, a.verb, a.actor, a.completed_at
FROM do_things t
JOIN do_actions a ON a.ns = t.ns AND a.id = t.action_id
WHERE a.status = 'completed'
ORDER BY t.id, t.version;
