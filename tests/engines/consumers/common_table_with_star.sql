WITH all_things AS (SELECT * FROM do_things), latest AS (SELECT ns, id, max(version) AS newest FROM do_things GROUP BY ns, id)
SELECT t.id, t.name, l.newest FROM all_things t JOIN latest l ON l.id = t.id AND l.ns = t.ns;
