SELECT * EXCEPT (__ingest_ts) FROM do_state;
