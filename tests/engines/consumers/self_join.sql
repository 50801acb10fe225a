SELECT c.span_id, p.span_id AS parent, p.service_name FROM unified_events c JOIN unified_events p ON p.span_id = c.parent_id AND p.trace_id = c.trace_id;
