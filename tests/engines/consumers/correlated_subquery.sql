SELECT t.id FROM do_things t
WHERE EXISTS (SELECT 1 FROM do_actions a WHERE a.id = t.action_id AND visibility = 'public' AND a.status = 'completed');
