//! Events through the emitted transform of their table, as the platform runs it.

use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use serde_json::Value;

use crate::{arrow_schema, stream_of, text, to_batch, to_rows};

/// Returns a session with events in the stream and an empty table, as the platform would have them.
pub fn session(table: &str, events: &[Value]) -> SessionContext {
    assert!(!events.is_empty(), "no events for {table}");
    let stream = stream_of(table);
    let input = arrow_schema(&format!("generated/arrow/streams/{stream}.arrow"));
    let batch = to_batch(&input, events);
    let context = SessionContext::new();
    let source = MemTable::try_new(input, vec![vec![batch]]).expect("a stream");
    let target = arrow_schema(&format!("generated/arrow/{table}.arrow"));
    let target = MemTable::try_new(target, vec![vec![]]).expect("a table");
    context.register_table(stream.as_str(), Arc::new(source)).expect("a stream");
    context.register_table(table, Arc::new(target)).expect("a table");
    context
}

/// Returns the rows that a table holds after its pipeline has taken the events.
pub async fn stored(table: &str, events: &[Value]) -> Vec<Value> {
    let context = session(table, events);
    let sql = text(&format!("generated/sql/{table}.sql"));
    context.sql(&sql).await.unwrap_or_else(|e| panic!("{table}: {e}")).collect().await.expect("the transform runs");
    let frame = context.table(table).await.expect("the table");
    let schema = Arc::clone(frame.schema().inner());
    let batches: Vec<RecordBatch> = frame.collect().await.expect("the rows");
    to_rows(&concat_batches(&schema, &batches).expect("one batch"))
}
