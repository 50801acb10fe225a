SELECT *, count(*) AS n FROM (SELECT * FROM do_state) s GROUP BY do_id, ns, type, key, value, op, timestamp, seq, __ingest_ts;
