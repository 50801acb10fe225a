SELECT verb, key FROM do_events NATURAL JOIN (SELECT ns, key FROM do_state) k;
