SELECT ns, action_id FROM do_events EXCEPT SELECT ns, action_id FROM do_things INTERSECT SELECT ns, id FROM do_actions;
