SELECT * FROM (SELECT ns, verb FROM do_events) e UNION SELECT * FROM (SELECT ns, verb FROM do_actions) a;
