SELECT s.day, s.n FROM (SELECT date_trunc('day', timestamp) AS day, count(*) AS n FROM do_events GROUP BY 1) AS s WHERE s.n > 1;
