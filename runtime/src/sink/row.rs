//! Typed values into the fields of a row.

use std::borrow::Cow;

use serde::Serialize;

use super::Sink;
use crate::check::Positions;
use crate::row::Fields;
use crate::table::{Column, Table, Values};
use crate::{Fault, Json, Timestamp, Value};

/// Sets the fields of a row.
pub(crate) struct RowSink<'a> {
    table: &'static Table,
    row: &'a mut dyn Fields,
    present: Positions,
}

impl<'a> RowSink<'a> {
    pub(crate) fn new(table: &'static Table, row: &'a mut dyn Fields) -> Self {
        Self { table, row, present: Positions::new(table.columns.len()) }
    }

    /// Makes sure that no placeholder is left in a required column.
    pub(crate) fn finish(self) -> Result<(), Box<Fault>> {
        let missing = |(position, column): &(usize, &Column)| column.required && !self.present.contains(*position);
        match self.table.columns.iter().enumerate().find(missing) {
            Some((_, column)) => Err(Fault::missing_required(column).into()),
            None => Ok(()),
        }
    }

    /// Sets a field; `text` is the value for messages, which only text needs: no other type is refused.
    fn set(&mut self, position: usize, value: Value<'_>, text: &str) -> Result<(), Box<Fault>> {
        let column = self.table.at(position)?;
        let field = self.row.field_mut(position).ok_or_else(|| self.table.no_column(position))?;
        self.present.insert(position);
        let taken = field.set(Some(value)).map_err(|_| match column.values {
            Values::Closed(values) => Fault::value_not_allowed(column, values, text),
            _ => Fault::type_mismatch(column, text),
        });
        Ok(taken?)
    }
}

impl Sink for RowSink<'_> {
    type Error = Box<Fault>;

    fn string(&mut self, column: usize, value: &str) -> Result<(), Box<Fault>> {
        self.set(column, Value::String(Cow::Borrowed(value)), value)
    }

    fn bool(&mut self, column: usize, value: bool) -> Result<(), Box<Fault>> {
        self.set(column, Value::Bool(value), "")
    }

    fn int32(&mut self, column: usize, value: i32) -> Result<(), Box<Fault>> {
        self.set(column, Value::Int32(value), "")
    }

    fn int64(&mut self, column: usize, value: i64) -> Result<(), Box<Fault>> {
        self.set(column, Value::Int64(value), "")
    }

    fn float64(&mut self, column: usize, value: f64) -> Result<(), Box<Fault>> {
        self.set(column, Value::Float64(value), "")
    }

    fn timestamp(&mut self, column: usize, value: Timestamp) -> Result<(), Box<Fault>> {
        self.set(column, Value::Timestamp(value), "")
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) -> Result<(), Box<Fault>> {
        let json = match Json::from_serialize(value) {
            Ok(json) => json,
            Err(error) => return Err(Fault::unrepresentable_json(self.table.at(column)?, &error).into()),
        };
        if json.is_null() { Ok(()) } else { self.set(column, Value::Json(Cow::Owned(json)), "") }
    }

    fn binary(&mut self, column: usize, value: &[u8]) -> Result<(), Box<Fault>> {
        self.set(column, Value::Binary(Cow::Borrowed(value)), "")
    }
}
