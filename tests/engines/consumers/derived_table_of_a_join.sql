SELECT s.verb, s.name FROM (SELECT e.verb, t.name, t.id FROM do_events e JOIN do_things t ON t.action_id = e.action_id) s;
