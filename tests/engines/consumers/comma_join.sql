SELECT a.id, verb, completed_at FROM do_things t, do_actions a WHERE a.id = t.action_id AND t.ns = a.ns AND branch = 'main';
