//! The query library in DataFusion: the emitted text with its parameters filled in, on rows of the
//! managed layout, against results that were worked out by hand.

use std::sync::Arc;

use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider};
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;
use unified_event_engines::{TABLES, arrow_schema, json, ndjson, text, to_batch, to_rows};

const MICROS: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// Returns the schema of a table as the platform's sink makes it: instants without a zone, and when
/// the row arrived.
fn managed(table: &str) -> SchemaRef {
    let schema = arrow_schema(&format!("generated/arrow/{table}.arrow"));
    let plain = |f: &Field| match f.data_type() {
        DataType::Timestamp(..) => f.clone().with_data_type(MICROS),
        _ => f.clone(),
    };
    // Only rows that a pipeline wrote have all that is required; these have what the queries read.
    let mut fields: Vec<Field> = schema.fields().iter().map(|f| plain(f).with_nullable(true)).collect();
    fields.push(Field::new("__ingest_ts", MICROS, false));
    Arc::new(Schema::new(fields))
}

/// Returns a session with the fixture rows of all tables in the namespace `default`.
fn session() -> SessionContext {
    let config = SessionConfig::new().with_information_schema(false);
    let context = SessionContext::new_with_config(config);
    let namespace = Arc::new(MemorySchemaProvider::new());
    for table in TABLES {
        let schema = managed(table);
        let rows = ndjson(&format!("tests/engines/queries/{table}.ndjson"));
        let batch = to_batch(&schema, &rows);
        let rows = MemTable::try_new(schema, vec![vec![batch]]).expect("rows");
        namespace.register_table(table.to_owned(), Arc::new(rows)).expect("a table");
    }
    let catalog = context.catalog("datafusion").expect("the catalog of every session");
    catalog.register_schema("default", namespace).expect("a namespace");
    context.register_udf(create_udf(
        "json_get_str",
        vec![DataType::Utf8, DataType::Utf8],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(json_get_str),
    ));
    context
}

/// The platform's function, which DataFusion does not have: it refuses long arguments, and yields
/// empty text for what is missing.
fn json_get_str(args: &[ColumnarValue]) -> datafusion::error::Result<ColumnarValue> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    let (documents, keys) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
    let found = documents.iter().zip(keys).map(|(document, key)| {
        let document = document.unwrap_or_default();
        assert!(document.len() <= 2000, "argument 1 exceeds the maximum byte length of 2000");
        let value: Value = serde_json::from_str(document).unwrap_or_default();
        Some(value[key.unwrap_or_default()].as_str().unwrap_or_default().to_owned())
    });
    let found: ArrayRef = Arc::new(found.collect::<StringArray>());
    Ok(ColumnarValue::Array(found))
}

/// Returns the text of a query with the examples of its parameters filled in.
fn filled_in(query: &Value) -> String {
    let sql = text(&format!("generated/sql/queries/{}", query["file"].as_str().expect("a file")));
    let sql: Vec<&str> = sql.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    let mut out = String::new();
    let sql = sql.join("\n");
    let mut parts = sql.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let parameters = query["parameters"].as_array().expect("parameters");
        let parameter = parameters.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("no parameter {name}"));
        match &parameter["example"] {
            Value::String(text) => out.push_str(&format!("'{}'", text.replace('\'', "''"))),
            other => out.push_str(&other.to_string()),
        }
        out.push_str(rest);
    }
    out
}

/// Gives instants the zone that `to_rows` expects.
fn in_utc(batch: &RecordBatch) -> RecordBatch {
    let zoned = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| match field.data_type() {
        DataType::Timestamp(..) => {
            let column = cast(column, &zoned).expect("an instant");
            (field.as_ref().clone().with_data_type(zoned.clone()), column)
        }
        _ => (field.as_ref().clone(), Arc::clone(column)),
    });
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch")
}

#[tokio::test]
async fn queries_find_what_was_worked_out_by_hand() {
    let context = session();
    let queries = json("generated/sql/queries/queries.json");
    let expected = json("tests/engines/queries/expected.json");
    let queries = queries.as_array().expect("queries");
    assert_eq!(queries.len(), expected.as_object().expect("results").len());
    for query in queries {
        let name = query["name"].as_str().expect("a name");
        let sql = filled_in(query);
        let frame = context.sql(&sql).await.unwrap_or_else(|e| panic!("{name}: {e}\n{sql}"));
        let batches = frame.collect().await.unwrap_or_else(|e| panic!("{name}: {e}"));
        let found: Vec<Value> = batches.iter().flat_map(|b| to_rows(&in_utc(b))).collect();
        let expected = expected[name].as_array().unwrap_or_else(|| panic!("no result for {name}"));
        assert!(!expected.is_empty(), "{name}: a query that finds nothing proves nothing");
        assert_eq!(&found, expected, "{name}");
    }
}

/// The bounds of arrival are what lets the platform skip files: without them a query reads all.
#[tokio::test]
async fn queries_read_only_what_arrived_in_their_window() {
    let context = session();
    let queries = json("generated/sql/queries/queries.json");
    for query in queries.as_array().expect("queries") {
        let name = query["name"].as_str().expect("a name");
        let mut query = query.clone();
        for parameter in query["parameters"].as_array_mut().expect("parameters") {
            if matches!(parameter["name"].as_str(), Some("from" | "to" | "arrived_by")) {
                parameter["example"] = Value::from("2020-01-01T00:00:00Z");
            }
        }
        let frame = context.sql(&filled_in(&query)).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        let n_rows: usize = frame.collect().await.expect("rows").iter().map(RecordBatch::num_rows).sum();
        assert_eq!(n_rows, 0, "{name}");
    }
}
