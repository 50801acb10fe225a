//! What the example Worker sent, through the transform: from `send()` to rows.
//!
//! `tests/cloudflare/run.sh` lets the Worker run and then this test.

use std::collections::BTreeSet;

use serde_json::Value;
use unified_event_engines::stored;

fn sent() -> Vec<Value> {
    let path = std::env::var("WORKER_EVENTS")
        .expect("WORKER_EVENTS names no file: run tests/cloudflare/run.sh, which makes it, and then this test");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect()
}

#[tokio::test]
async fn every_event_of_the_worker_lands_as_a_row() {
    let sent = sent();
    let rows = stored("unified_events", &sent).await;
    assert_eq!(rows.len(), sent.len());
    let types: BTreeSet<&str> = rows.iter().map(|r| r["event_type"].as_str().expect("a type")).collect();
    assert_eq!(types.len(), 10, "{types:?}");
    for (event, row) in sent.iter().zip(&rows) {
        for (column, value) in event.as_object().expect("an event") {
            let found = &row[column.as_str()];
            match column.as_str() {
                "resource_id" => {
                    let (ns, id) = (event["ns"].as_str().expect("a text"), value.as_str().expect("a text"));
                    // An identifier with a slash counts as qualified.
                    let wanted = if id.contains('/') { id.to_owned() } else { format!("{ns}/{id}") };
                    assert_eq!(found, &wanted);
                }
                "timestamp_ns" => assert_eq!(found.to_string(), value.as_str().expect("decimal text")),
                "timestamp" | "started_at" | "ended_at" | "ingested_at" => {
                    assert_eq!(instant(found), instant(value), "{column}");
                }
                _ if value.is_number() => assert_eq!(found.as_f64(), value.as_f64(), "{column}"),
                _ => assert_eq!(found, value, "{column}"),
            }
        }
        for column in ["timestamp", "day", "hour", "visibility", "ingested_at", "schema_version"] {
            assert!(row.get(column).is_some(), "{}: no {column}", row["event_type"]);
        }
        assert_eq!(row["day"], row["timestamp"].as_str().expect("an instant")[..10]);
    }
    let span = rows.iter().find(|r| r["event_type"] == "trace").expect("a span");
    assert_eq!(span["is_root"], true);
    assert_eq!(span["timestamp"], span["started_at"]);
}

fn instant(value: &Value) -> i64 {
    let text = value.as_str().expect("an instant");
    chrono::DateTime::parse_from_rfc3339(text).unwrap_or_else(|e| panic!("{text}: {e}")).timestamp_micros()
}
