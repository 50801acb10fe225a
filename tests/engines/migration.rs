//! The files of a move in DataFusion: reported, moved once, moved late, shown whole all the while.
//!
//! The same move runs in DuckDB and Spark in `tests/evolution/engines`.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::compute::concat_batches;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use iceberg::arrow::schema_to_arrow_schema;
use serde_json::{Value, json};
use unified_event_engines::{json as document, text, to_batch, to_rows};

const FOLDER: &str = "tests/migrate/expected/migrations/tiny_events_v1_to_v2";
const OLD: &str = "tests/migrate/expected/migrations/tiny_events_v1_to_v2/old/iceberg/tiny_events.create-table.json";

/// Returns the columns of a table, from the request that creates it.
fn columns(path: &str) -> SchemaRef {
    let schema: iceberg::spec::Schema =
        serde_json::from_value(document(path)["schema"].clone()).unwrap_or_else(|e| panic!("{path}: {e}"));
    let derived = schema_to_arrow_schema(&schema).expect("an Arrow schema");
    let fields = derived.fields().iter().map(|field| {
        let ty = match field.data_type() {
            DataType::LargeBinary => DataType::Binary,
            other => other.clone(),
        };
        Field::new(field.name(), ty, field.is_nullable())
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The two tables with their views.
struct Lake {
    context: SessionContext,
    old: SchemaRef,
    new: SchemaRef,
}

impl Lake {
    async fn new() -> Self {
        let context = SessionContext::new();
        let old = columns(OLD);
        let new = columns(&format!("{FOLDER}/tables/iceberg/tiny_events_v2.create-table.json"));
        for (name, schema) in [("tiny_events", &old), ("tiny_events_v2", &new)] {
            let table = MemTable::try_new(Arc::clone(schema), vec![vec![]]).expect("a table");
            context.register_table(name, Arc::new(table)).expect("a table");
        }
        let lake = Self { context, old, new };
        lake.views("datafusion.sql").await;
        lake
    }

    async fn views(&self, file: &str) {
        let script = text(&format!("{FOLDER}/views/{file}"));
        for statement in script.split(";\n").filter(|s| s.contains("CREATE")) {
            self.query(statement).await;
        }
    }

    async fn query(&self, sql: &str) -> Vec<Value> {
        let frame = self.context.sql(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
        rows(frame).await
    }

    /// Runs a file with the parameters that it has.
    async fn run(&self, file: &str, lo: &str, hi: &str, accept_loss: bool) -> Vec<Value> {
        let sql = text(&format!("{FOLDER}/backfill/datafusion/{file}"));
        let all = [
            ("lo", instant(lo)),
            ("hi", instant(hi)),
            ("accept_loss", ScalarValue::from(accept_loss)),
            ("fill_tenant", ScalarValue::from("acme")),
        ];
        let body = sql.lines().filter(|l| !l.starts_with("--")).collect::<Vec<_>>().join("\n");
        let used: Vec<(&str, ScalarValue)> =
            all.into_iter().filter(|(name, _)| body.contains(&format!("${name}"))).collect();
        let frame = self.context.sql(&sql).await.unwrap_or_else(|e| panic!("{file}: {e}"));
        rows(frame.with_param_values(used).unwrap_or_else(|e| panic!("{file}: {e}"))).await
    }

    async fn arrive(&self, table: &str, events: &[Value]) {
        let schema = if table == "tiny_events" { &self.old } else { &self.new };
        // Streams carry instants without a zone, tables with one.
        let bare = schema.fields().iter().map(|field| match field.data_type() {
            DataType::Timestamp(unit, _) => {
                Field::new(field.name(), DataType::Timestamp(*unit, None), field.is_nullable())
            }
            _ => field.as_ref().clone(),
        });
        let batch = to_batch(&Arc::new(Schema::new(bare.collect::<Vec<_>>())), events);
        let cast = schema.fields().iter().zip(batch.columns()).map(|(f, c)| arrow_cast::cast(c, f.data_type()));
        let cast = cast.collect::<Result<Vec<_>, _>>().expect("zones");
        let batch = RecordBatch::try_new(Arc::clone(schema), cast).expect("a batch of the table");
        let frame = self.context.read_batch(batch).expect("a frame");
        frame.write_table(table, datafusion::dataframe::DataFrameWriteOptions::new()).await.expect("written");
    }

    async fn ids(&self, table: &str) -> Vec<String> {
        let rows = self.query(&format!("SELECT id FROM {table} ORDER BY id")).await;
        rows.iter().map(|r| r["id"].as_str().expect("text").to_owned()).collect()
    }
}

async fn rows(frame: datafusion::prelude::DataFrame) -> Vec<Value> {
    let batches = frame.collect().await.expect("the statement runs");
    let Some(first) = batches.first() else { return Vec::new() };
    // What a write returns is the number of its rows, unsigned.
    if first.schema().fields().iter().any(|f| f.name() == "count") {
        return Vec::new();
    }
    to_rows(&concat_batches(&first.schema(), &batches).expect("one batch"))
}

fn instant(text: &str) -> ScalarValue {
    let instant = chrono::DateTime::parse_from_rfc3339(text).expect("an instant");
    ScalarValue::TimestampMicrosecond(Some(instant.timestamp_micros()), Some("+00:00".into()))
}

fn event(id: &str, arrived: Option<&str>, code: Option<&str>) -> Value {
    json!({
        "id": id, "event_type": "ping", "ns": "shop.example", "timestamp": arrived, "status": 200, "ratio": 0.1,
        "labels": "{\"team\":\"a\"}", "body": "AP8=", "schema_version": 1, "ingested_at": arrived, "code": code,
        "legacy": "x",
    })
}

const EPOCH: &str = "1970-01-01T00:00:00Z";
const T1: &str = "2026-11-03T00:00:00Z";
const T2: &str = "2026-11-04T00:00:00Z";

#[tokio::test]
async fn events_move_while_they_arrive() {
    let lake = Lake::new().await;
    let first = [
        event("e-1", Some("2026-11-01T10:00:00Z"), Some("404")),
        event("e-2", None, None),
        event("e-3", Some("2026-11-02T10:00:00Z"), Some("-7")),
    ];
    lake.arrive("tiny_events", &first).await;
    assert_eq!(lake.ids("tiny_events_all").await, ["e-1", "e-2", "e-3"]);
    assert_eq!(lake.run("1-preflight.sql", EPOCH, T1, false).await, Vec::<Value>::new());
    for _ in 0..2 {
        lake.run("2-backfill.sql", EPOCH, T1, false).await;
        assert_eq!(lake.ids("tiny_events_v2").await, ["e-1", "e-2", "e-3"]);
    }
    let moved =
        lake.query("SELECT http_status, code, tenant, schema_version, body FROM tiny_events_v2 WHERE id = 'e-3'").await;
    assert_eq!(
        moved,
        [json!({ "http_status": 200, "code": -7, "tenant": "acme", "schema_version": 2, "body": "AP8=" })]
    );

    let both = json!({ "id": "e-4", "event_type": "ping", "ns": "shop.example", "ingested_at": "2026-11-03T01:00:00Z", "tenant": "globex" });
    lake.arrive(
        "tiny_events",
        &[event("e-4", Some("2026-11-03T01:00:00Z"), None), event("e-5", Some("2026-11-03T02:00:00Z"), None)],
    )
    .await;
    lake.arrive("tiny_events_v2", &[both]).await;
    for view in ["tiny_events_all", "tiny_events_as_v1"] {
        assert_eq!(lake.ids(view).await, ["e-1", "e-2", "e-3", "e-4", "e-5"], "{view}");
    }
    for _ in 0..2 {
        lake.run("2-backfill.sql", T1, T2, false).await;
    }
    assert_eq!(lake.ids("tiny_events_v2").await, ["e-1", "e-2", "e-3", "e-4", "e-5"]);
    let days = lake.run("3-reconcile.sql", EPOCH, T2, false).await;
    let day = |d: &str, n: i64, n_differing: i64| {
        json!({
            "day_of_arrival": d, "n_old": n, "n_new": n, "n_missing": 0, "n_repeated": 0, "n_filtered": 0,
            "n_differing": n_differing, "n_doubled": 0,
        })
    };
    assert_eq!(days, [day("2026-11-01", 1, 0), day("2026-11-02", 1, 0), day("2026-11-03", 2, 1), day("no day", 1, 0)]);
    let differing = lake.run("4-differences.sql", EPOCH, T2, false).await;
    let differs = "differs in timestamp, http_status, ratio, labels, body";
    let expected = json!({ "ns": "shop.example", "id": "e-4", "what": differs, "day_of_arrival": "2026-11-03" });
    assert_eq!(differing, [expected]);

    lake.views("datafusion.retired.sql").await;
    lake.context.deregister_table("tiny_events").expect("dropped");
    for view in ["tiny_events_all", "tiny_events_as_v1"] {
        assert_eq!(lake.ids(view).await.len(), 5, "{view}");
    }
}

#[tokio::test]
async fn a_value_that_does_not_convert_holds_back_all() {
    let lake = Lake::new().await;
    let events = [
        event("e-1", Some("2026-11-01T10:00:00Z"), Some("404")),
        event("e-2", Some("2026-11-01T11:00:00Z"), Some("not a number")),
        event("e-3", Some("2026-11-01T11:00:00Z"), Some("99999999999")),
    ];
    lake.arrive("tiny_events", &events).await;
    let problems = lake.run("1-preflight.sql", EPOCH, T1, false).await;
    let expected = json!({ "column_name": "code", "problem": "has no exact value as int32", "n_rows": 2, "example": "99999999999" });
    assert_eq!(problems, [expected]);
    lake.run("2-backfill.sql", EPOCH, T1, false).await;
    assert_eq!(lake.ids("tiny_events_v2").await, Vec::<String>::new());
    lake.run("2-backfill.sql", EPOCH, T1, true).await;
    let codes = lake.query("SELECT id, code FROM tiny_events_v2 ORDER BY id").await;
    assert_eq!(codes, [json!({ "id": "e-1", "code": 404 }), json!({ "id": "e-2" }), json!({ "id": "e-3" })]);
}
