SELECT e.*, s.seq FROM do_events e CROSS JOIN do_state s WHERE e.ns = s.ns AND source_type = 'x';
