SELECT * FROM do_events e JOIN do_state s ON s.ns = e.ns WHERE e.verb = 'x' AND seq > 3;
