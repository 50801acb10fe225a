//! Events on the wire to record batches, as the platform decodes them.

use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, SchemaRef, TimeUnit};
use base64::Engine;
use serde_json::Value;

/// Returns a batch with one row an event; fields that no event has are null.
pub fn to_batch(schema: &SchemaRef, events: &[Value]) -> RecordBatch {
    for event in events {
        for key in event.as_object().expect("an object").keys() {
            assert!(schema.field_with_name(key).is_ok(), "the stream has no field `{key}`");
        }
    }
    let columns = schema.fields().iter().map(|field| {
        let values: Vec<Option<&Value>> = events.iter().map(|e| e.get(field.name()).filter(|v| !v.is_null())).collect();
        column(field, &values)
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect()).expect("a batch of the stream")
}

fn column(field: &Field, values: &[Option<&Value>]) -> ArrayRef {
    let name = field.name();
    let json = field.metadata().get("ARROW:extension:name").is_some_and(|n| n == "arrow.json");
    match field.data_type() {
        DataType::Utf8 => {
            let mut builder = StringBuilder::new();
            for value in values {
                match value {
                    Some(value) if json => builder.append_value(value.to_string()),
                    Some(value) => builder.append_value(value.as_str().unwrap_or_else(|| panic!("{name}: text"))),
                    None => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        DataType::Boolean => Arc::new(all(name, values, Value::as_bool).collect::<BooleanArray>()),
        DataType::Int32 => {
            let int = |v: &Value| v.as_i64().and_then(|n| i32::try_from(n).ok());
            Arc::new(all(name, values, int).collect::<Int32Array>())
        }
        DataType::Int64 => Arc::new(all(name, values, Value::as_i64).collect::<Int64Array>()),
        DataType::Float64 => Arc::new(all(name, values, Value::as_f64).collect::<Float64Array>()),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            Arc::new(all(name, values, instant).collect::<TimestampMicrosecondArray>())
        }
        DataType::Binary => {
            let mut builder = BinaryBuilder::new();
            for bytes in all(name, values, |v| base64::prelude::BASE64_STANDARD.decode(v.as_str()?).ok()) {
                builder.append_option(bytes);
            }
            Arc::new(builder.finish())
        }
        other => panic!("{name}: no stream has the type {other}"),
    }
}

/// Reads every value; one that is there and cannot be read is a fault of the fixture.
fn all<'a, T>(
    name: &'a str,
    values: &'a [Option<&'a Value>],
    read: impl Fn(&Value) -> Option<T> + 'a,
) -> impl Iterator<Item = Option<T>> + 'a {
    values.iter().map(move |v| v.map(|v| read(v).unwrap_or_else(|| panic!("{name}: cannot read {v}"))))
}

fn instant(value: &Value) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|t| t.timestamp_micros())
}
