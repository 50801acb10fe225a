-- dialect: trino
CREATE VIEW days AS SELECT id, day, size AS bytes FROM tiny_events FOR TIMESTAMP AS OF TIMESTAMP '2027-01-01 00:00:00';
CREATE VIEW large AS SELECT * FROM days WHERE bytes > 1000000;
SELECT id FROM large;
SELECT ratio, sampled FROM tiny_events;
