SELECT DISTINCT ns, verb AS what FROM do_events ORDER BY what, ns;
