//! `model.json`: the resolved model.

use serde_json::Value;
use unified_event_schema::{Schema, Table};

use crate::{Artifact, json};

/// Returns the model as JSON, with the Iceberg field id beside the id of every column.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    // A tree of plain data always has a value.
    let mut model = serde_json::to_value(schema).unwrap_or_default();
    let tables = model.get_mut("tables").and_then(Value::as_array_mut).into_iter().flatten();
    for (value, table) in tables.zip(&schema.tables) {
        add_field_ids(value, table);
    }
    vec![json::artifact("model.json", &model)]
}

fn add_field_ids(value: &mut Value, table: &Table) {
    let columns = value.get_mut("columns").and_then(Value::as_array_mut).into_iter().flatten();
    for (column, (field_id, _)) in columns.filter_map(Value::as_object_mut).zip(table.numbered_columns()) {
        // Behind the id, which is the first entry.
        column.shift_insert(1, "field_id".to_owned(), field_id.into());
    }
}
