SELECT e.id FROM unified_events e JOIN do_things t ON t.ns = e.ns ORDER BY duration_ms, e.id;
