//! The emitted transforms run in DataFusion, on the emitted Arrow schemas and on real events.

use serde_json::Value;
use unified_event_engines::{TABLES, json, ndjson, session, stored, text, to_rows};

/// Returns the events of the fixtures for a table.
fn sent(table: &str) -> Vec<Value> {
    ndjson(&format!("tests/events/valid/{table}.ndjson"))
}

#[tokio::test]
async fn events_become_the_expected_rows() {
    for table in TABLES {
        let found = stored(table, &sent(table)).await;
        let expected = ndjson(&format!("tests/events/expected/{table}.ndjson"));
        assert_eq!(found.len(), expected.len(), "{table}: rows");
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let columns = |v: &Value| v.as_object().expect("a row").keys().cloned().collect::<Vec<_>>();
            for column in columns(found).iter().chain(&columns(expected)) {
                let (found, expected) = (found.get(column), expected.get(column));
                assert!(same(found, expected), "{table}: row {}: {column}: {found:?}, not {expected:?}", i + 1);
            }
        }
    }
}

/// Compares values; JSON writes a whole float without its fraction, everything else is exact.
fn same(found: Option<&Value>, expected: Option<&Value>) -> bool {
    match (found, expected) {
        (Some(Value::Number(found)), Some(Value::Number(expected))) if found.is_f64() => {
            found.as_f64().map(f64::to_bits) == expected.as_f64().map(f64::to_bits)
        }
        _ => found == expected,
    }
}

/// The sink creates its table from the output of the transform: names, types and nullability.
#[tokio::test]
async fn the_output_is_the_managed_schema() {
    for table in TABLES {
        let sql = text(&format!("generated/sql/{table}.sql"));
        let select = &sql[sql.find("SELECT").expect("a SELECT")..];
        let frame = session(table, &sent(table)).sql(select).await.unwrap_or_else(|e| panic!("{table}: {e}"));
        let output: Vec<(String, String, bool)> = frame
            .schema()
            .fields()
            .iter()
            .map(|f| (f.name().clone(), iceberg_type(&f.data_type().to_string()).to_owned(), !f.is_nullable()))
            .collect();
        let managed = json(&format!("generated/iceberg/{table}.managed.schema.json"));
        let fields = managed["fields"].as_array().expect("fields");
        let (ingest, fields) = fields.split_last().expect("fields");
        assert_eq!(ingest["name"], "__ingest_ts");
        let field = |f: &Value| {
            let text = |key: &str| f[key].as_str().expect("text").to_owned();
            (text("name"), text("type"), f["required"].as_bool().expect("a boolean"))
        };
        let managed: Vec<(String, String, bool)> = fields.iter().map(field).collect();
        assert_eq!(output, managed, "{table}");
    }
}

fn iceberg_type(arrow: &str) -> &str {
    match arrow {
        "Utf8" => "string",
        "Boolean" => "boolean",
        "Int32" => "int",
        "Int64" => "long",
        "Float64" => "double",
        "Timestamp(µs)" => "timestamp",
        "Binary" => "binary",
        other => panic!("no column has the type {other}"),
    }
}

#[tokio::test]
async fn a_span_without_timestamp_gets_its_day_and_hour() {
    let rows = stored("unified_events", &sent("unified_events")).await;
    let events = sent("unified_events");
    let without_time = |e: &&Value| e["event_type"] == "trace" && e.get("timestamp").is_none_or(Value::is_null);
    let spans: Vec<&Value> = events.iter().filter(without_time).collect();
    assert!(!spans.is_empty(), "no span without `timestamp` among the events");
    for span in spans {
        let row = rows.iter().find(|r| r["id"] == span["id"]).expect("a row for every event");
        assert!(row.get("day").is_some() && row.get("hour").is_some(), "{}: no day or hour", span["id"]);
    }
}

#[tokio::test]
async fn a_resource_is_qualified_once_and_only_once() {
    let once = stored("unified_events", &sent("unified_events")).await;
    let context = session("unified_events", &sent("unified_events"));
    // What was stored goes through the same rule again, as when rows are replayed.
    let rule = text("generated/sql/unified_events.sql");
    let rule = rule.lines().find(|l| l.ends_with(" AS resource_id,")).expect("a rule for resource_id");
    let rule = rule.trim().trim_end_matches(',');
    let twice = format!(
        "SELECT {rule} FROM (SELECT ns, {rule} FROM unified_events_stream) AS stored WHERE resource_id IS NOT NULL"
    );
    let batches = context.sql(&twice).await.expect("the rule").collect().await.expect("rows");
    let twice: Vec<Value> = batches.iter().flat_map(to_rows).map(|r| r["resource_id"].clone()).collect();
    let once: Vec<Value> = once.iter().filter_map(|r| r.get("resource_id").cloned()).collect();
    assert!(once.len() > 5, "too few resources to prove anything");
    assert_eq!(once, twice);
}

#[tokio::test]
async fn actions_keep_only_terminal_states() {
    let sent = sent("do_actions");
    let rows = stored("do_actions", &sent).await;
    assert!(sent.iter().any(|e| e["status"] == "running") && sent.iter().any(|e| e["status"] == "failed"));
    assert!(rows.iter().all(|r| r["status"] == "completed" || r["status"] == "failed"));
    let terminal = sent.iter().filter(|e| e["status"] == "completed" || e["status"] == "failed").count();
    assert_eq!(rows.len(), terminal);
}
