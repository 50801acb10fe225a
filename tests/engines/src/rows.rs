//! Stored rows to JSON, in the form of the expected rows: no nulls, instants in UTC with
//! microseconds, json as values, bytes as base64.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field};
use base64::Engine;
use serde_json::{Map, Value};

/// Returns one object a row.
pub fn to_rows(batch: &RecordBatch) -> Vec<Value> {
    let schema = batch.schema();
    let row = |i: usize| {
        let mut object = Map::new();
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            if column.is_valid(i) {
                object.insert(field.name().clone(), cell(field, column, i));
            }
        }
        Value::Object(object)
    };
    (0..batch.num_rows()).map(row).collect()
}

fn cell(field: &Field, column: &dyn Array, i: usize) -> Value {
    match field.data_type() {
        DataType::Utf8 => {
            let text = column.as_string::<i32>().value(i);
            match field.metadata().get("ARROW:extension:name") {
                Some(_) => serde_json::from_str(text).unwrap_or_else(|e| panic!("{}: {e}: {text}", field.name())),
                None => Value::from(text),
            }
        }
        DataType::Boolean => Value::from(column.as_boolean().value(i)),
        DataType::Int32 => Value::from(column.as_primitive::<Int32Type>().value(i)),
        DataType::Int64 => Value::from(column.as_primitive::<Int64Type>().value(i)),
        DataType::Float64 => Value::from(column.as_primitive::<Float64Type>().value(i)),
        DataType::Timestamp(_, Some(zone)) => {
            assert_eq!(zone.as_ref(), "+00:00", "{}", field.name());
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(i);
            let instant = chrono::DateTime::from_timestamp_micros(micros).expect("an instant");
            Value::from(instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
        }
        DataType::Binary => Value::from(base64::prelude::BASE64_STANDARD.encode(column.as_binary::<i32>().value(i))),
        other => panic!("{}: no table has the type {other}", field.name()),
    }
}
