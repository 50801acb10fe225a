SELECT *, count(*) AS n FROM (SELECT ns, verb FROM do_events) e GROUP BY ns, verb;
