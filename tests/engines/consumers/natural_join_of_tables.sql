SELECT e.source, s.key, s.op FROM do_events e NATURAL JOIN do_state s;
