SELECT ns, verb, key, seq FROM do_events JOIN do_state USING (ns) WHERE op = 'put' ORDER BY seq;
