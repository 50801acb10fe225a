-- engine: none
-- dialect: trino
SELECT event_name, http_status FROM unified_events FOR TIMESTAMP AS OF TIMESTAMP '2027-01-01 00:00:00 UTC' WHERE event_type = 'trace'
