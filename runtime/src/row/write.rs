//! The loops that write a row: into a sink, and through serde.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error, SerializeMap, Serializer};

use super::Fields;
use crate::sink::Sink;
use crate::table::{Column, Table, Wire};
use crate::{Fault, Value};

/// Hands the values of a row to a sink.
pub(super) fn record<R: Fields + ?Sized, S: Sink>(row: &R, n_columns: usize, sink: &mut S) {
    for column in 0..n_columns {
        match row.field(column).and_then(|field| field.get()) {
            None => {}
            Some(Value::String(text)) => sink.string(column, &text),
            Some(Value::Bool(value)) => sink.bool(column, value),
            Some(Value::Int32(value)) => sink.int32(column, value),
            Some(Value::Int64(value)) => sink.int64(column, value),
            Some(Value::Float64(value)) => sink.float64(column, value),
            Some(Value::Timestamp(value)) => sink.timestamp(column, value),
            Some(Value::Json(json)) => sink.json_text(column, &json),
            Some(Value::Binary(bytes)) => sink.binary(column, &bytes),
        }
    }
}

/// Writes a row as a map.
pub(super) fn serialize<S: Serializer>(
    table: &'static Table,
    row: &dyn Fields,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let values =
        || table.columns.iter().enumerate().filter_map(|(position, column)| Some((column, value(row, position)?)));
    let mut map = serializer.serialize_map(Some(values().count()))?;
    for (column, value) in values() {
        entry(&mut map, column, &value)?;
    }
    map.end()
}

/// Returns the value of a column; JSON null is none.
fn value(row: &dyn Fields, position: usize) -> Option<Value<'_>> {
    row.field(position)?.get().filter(|value| !matches!(value, Value::Json(json) if json.is_null()))
}

fn entry<M: SerializeMap>(map: &mut M, column: &'static Column, value: &Value<'_>) -> Result<(), M::Error> {
    match value {
        Value::String(text) => map.serialize_entry(column.name, text.as_ref()),
        Value::Bool(value) => map.serialize_entry(column.name, value),
        Value::Int32(value) => map.serialize_entry(column.name, value),
        Value::Int64(value) if column.wire == Wire::DecimalString => {
            map.serialize_entry(column.name, &format_args!("{value}"))
        }
        Value::Int64(value) => map.serialize_entry(column.name, value),
        Value::Float64(value) if !value.is_finite() => {
            Err(M::Error::custom(Fault::number_out_of_range(column, &value.to_string())))
        }
        Value::Float64(value) => map.serialize_entry(column.name, value),
        Value::Timestamp(value) => map.serialize_entry(column.name, value),
        Value::Json(json) => map.serialize_entry(column.name, json.as_ref()),
        Value::Binary(bytes) => map.serialize_entry(column.name, &STANDARD.encode(bytes)),
    }
}
