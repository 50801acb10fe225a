SELECT e.verb, a.status FROM do_events e JOIN (SELECT ns, status, __ingest_ts AS arrived FROM do_actions) a ON a.ns = e.ns WHERE __ingest_ts > arrived;
