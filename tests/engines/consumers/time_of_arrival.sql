SELECT id, __ingest_ts FROM unified_events WHERE __ingest_ts >= TIMESTAMP '2026-01-01T00:00:00' ORDER BY __ingest_ts;
