SELECT coalesce(e.ns, s.ns) AS ns, e.verb, s.op FROM do_events e FULL JOIN do_state s ON s.ns = e.ns AND s.type = e.source_type;
