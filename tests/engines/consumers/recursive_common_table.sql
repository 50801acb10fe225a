WITH RECURSIVE path AS (
  SELECT span_id AS id, parent_id AS above, 1 AS hops FROM unified_events WHERE is_root
  UNION ALL
  SELECT e.span_id, e.parent_id, p.hops + 1 FROM unified_events e JOIN path p ON p.id = e.parent_id
)
SELECT id, max(hops) AS hops FROM path GROUP BY id;
