-- Every way to compare a column with a literal.
SELECT count(*) FROM tiny_events WHERE rating = 'good';
SELECT count(*) FROM tiny_events WHERE 'good' <> rating;
SELECT count(*) FROM tiny_events WHERE rating NOT IN ('other', 'good');
SELECT count(*) FROM tiny_events WHERE status BETWEEN 500 AND 599;
SELECT sum(CASE event_type WHEN 'pong' THEN 1 ELSE 0 END) FROM tiny_events;
SELECT sum(CASE WHEN (event_type, sampled) = ('pong', true) THEN 1 ELSE 0 END) FROM tiny_events;
SELECT count(*) FILTER (WHERE lower(event_type) = 'pong') FROM tiny_events;
SELECT count(*) FROM tiny_events WHERE event_type LIKE 'pong';
SELECT count(*) FROM tiny_events WHERE event_type LIKE 'po%';
SELECT count(*) FROM tiny_events WHERE event_type IS NOT DISTINCT FROM 'pong';
SELECT count(*) FROM tiny_events WHERE starts_with(event_type, 'pong');
SELECT e.id FROM (SELECT id, event_type AS kind FROM tiny_events) AS e JOIN notes AS n ON n.ns = e.id AND e.kind = 'pong';
-- These go on: the value stays, is another column's, or its successor is known too.
SELECT count(*) FROM tiny_events WHERE event_type = 'ping' AND rating = 'needs-improvement';
SELECT count(*) FROM notes WHERE note_text = 'good';
SELECT count(*) FROM tiny_events WHERE rating IN ('good', 'fine') OR event_type IN ('pong', 'echo');
