SELECT id, status FROM do_actions WHERE id IN (SELECT action_id FROM do_events WHERE verb = 'made') AND target IS NOT NULL;
