//! Helpers of the engine tests: reading artefacts and fixtures, and turning events into batches.
//!
//! The conversion is written from the platform's documentation and shares nothing with the product,
//! so that the two can disagree.

mod batch;
mod rows;
mod transform;

use std::path::PathBuf;

use arrow_schema::SchemaRef;
use serde_json::Value;

pub use batch::to_batch;
pub use rows::to_rows;
pub use transform::{session, stored};

/// The five tables.
pub const TABLES: [&str; 5] = ["unified_events", "do_events", "do_things", "do_actions", "do_state"];

/// Returns a path below the root of the repository.
pub fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Returns the text of a file of the repository.
pub fn text(path: &str) -> String {
    let path = repository(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Returns the JSON in a file of the repository.
pub fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Returns one JSON value a line.
pub fn ndjson(path: &str) -> Vec<Value> {
    let text = text(path);
    let lines = text.lines().enumerate();
    lines.map(|(i, l)| serde_json::from_str(l).unwrap_or_else(|e| panic!("{path}:{}: {e}", i + 1))).collect()
}

/// Returns the schema in an IPC stream, and checks that the stream holds nothing else.
pub fn arrow_schema(path: &str) -> SchemaRef {
    let bytes = std::fs::read(repository(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut reader = arrow_ipc::reader::StreamReader::try_new(bytes.as_slice(), None).expect(path);
    let schema = reader.schema();
    assert!(reader.next().is_none(), "{path} holds a batch");
    schema
}

/// Returns the name of the stream that feeds a table, from the model.
pub fn stream_of(table: &str) -> String {
    let model = json("generated/model.json");
    let pipelines = model["pipelines"].as_array().expect("pipelines");
    let pipeline = pipelines.iter().find(|p| p["table"] == table).expect("a pipeline for every table");
    pipeline["stream"]["name"].as_str().expect("a name").to_owned()
}
