WITH do_events AS (SELECT ns, verb AS what FROM do_actions)
SELECT what, count(*) AS n FROM do_events GROUP BY what;
