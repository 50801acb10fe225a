SELECT ns, count(*) AS total FROM do_events GROUP BY ns HAVING count(*) > 3 ORDER BY total DESC;
