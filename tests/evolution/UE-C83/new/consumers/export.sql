SELECT *
FROM tiny_events
