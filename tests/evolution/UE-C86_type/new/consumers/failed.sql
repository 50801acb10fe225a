-- dialect: trino
SELECT count(*) AS failed FROM tiny_events WHERE status >= 400;
SELECT count(*) AS ended FROM tiny_events
WHERE sampled;
