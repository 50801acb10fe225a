-- engine: none
-- dialect: spark
SELECT event_name, http_status FROM unified_events FOR VERSION AS OF 7 AS e WHERE event_type = "trace"
