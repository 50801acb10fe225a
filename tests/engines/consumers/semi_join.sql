SELECT id, name FROM do_things t LEFT SEMI JOIN do_actions a ON a.id = t.action_id AND a.status = 'completed' ORDER BY version;
