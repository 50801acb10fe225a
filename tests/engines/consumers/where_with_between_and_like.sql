SELECT trace_id FROM unified_events WHERE http_status BETWEEN 500 AND 599 AND http_path LIKE '/api/%' AND http_method IN ('GET', 'PUT') LIMIT 10;
