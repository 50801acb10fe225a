SELECT t.id, (SELECT max(a.completed_at) FROM do_actions a WHERE a.id = action_id AND a.ns = t.ns) AS done FROM do_things t;
