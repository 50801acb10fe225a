SELECT x.a, x.b FROM (SELECT ns, key FROM do_state) AS x (a, b) ORDER BY a;
