//! Typed values into the fields of a row.

use std::borrow::Cow;

use serde::Serialize;

use super::{FirstFault, Sink};
use crate::check::Positions;
use crate::row::Fields;
use crate::table::{Column, Table, Values};
use crate::{Fault, Json, Timestamp, Value};

/// Sets the fields of a row.
pub(crate) struct RowSink<'a> {
    table: &'static Table,
    row: &'a mut dyn Fields,
    present: Positions,
    fault: FirstFault,
}

impl<'a> RowSink<'a> {
    pub(crate) fn new(table: &'static Table, row: &'a mut dyn Fields) -> Self {
        Self { table, row, present: Positions::new(table.columns.len()), fault: FirstFault::default() }
    }

    /// Ends a row that may have been there before.
    ///
    /// # Errors
    ///
    /// The first fault of what was set.
    pub(crate) fn finish_part(self) -> Result<(), Fault> {
        self.fault.result()
    }

    /// Ends a new row, and makes sure that no placeholder is left in a required column.
    ///
    /// # Errors
    ///
    /// The first fault of the event.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        let missing = |(position, column): &(usize, &Column)| column.required && !self.present.contains(*position);
        let missing = self.table.columns.iter().enumerate().find(missing);
        self.fault.result()?;
        missing.map_or(Ok(()), |(_, column)| Err(Fault::missing_required(column)))
    }

    /// Sets a field; `text` is the value for messages, which only text needs: no other type is refused.
    fn set(&mut self, position: usize, value: Value<'_>, text: &str) {
        let result = self.try_set(position, value, text);
        self.fault.of(result);
    }

    fn try_set(&mut self, position: usize, value: Value<'_>, text: &str) -> Result<(), Fault> {
        let column = self.table.at(position)?;
        let field = self.row.field_mut(position).ok_or_else(|| self.table.no_column(position))?;
        self.present.insert(position);
        field.set(Some(value)).map_err(|_| match column.values {
            Values::Closed(values) => Fault::value_not_allowed(column, values, text),
            _ => Fault::type_mismatch(column, text),
        })
    }
}

impl Sink for RowSink<'_> {
    fn string(&mut self, column: usize, value: &str) {
        self.set(column, Value::String(Cow::Borrowed(value)), value);
    }

    fn bool(&mut self, column: usize, value: bool) {
        self.set(column, Value::Bool(value), "");
    }

    fn int32(&mut self, column: usize, value: i32) {
        self.set(column, Value::Int32(value), "");
    }

    fn int64(&mut self, column: usize, value: i64) {
        self.set(column, Value::Int64(value), "");
    }

    fn float64(&mut self, column: usize, value: f64) {
        self.set(column, Value::Float64(value), "");
    }

    fn timestamp(&mut self, column: usize, value: Timestamp) {
        self.set(column, Value::Timestamp(value), "");
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        match self.table.at(column).and_then(|of| Json::of_column(value, of)) {
            Ok(json) if json.is_null() => {}
            Ok(json) => match json.check(self.table.max_depth) {
                Ok(()) => self.set(column, Value::Json(Cow::Owned(json)), ""),
                Err(problem) => self.fault.keep(self.table.fault_at(column, |column| Fault::json(column, &problem))),
            },
            Err(fault) => self.fault.keep(fault),
        }
    }

    fn binary(&mut self, column: usize, value: &[u8]) {
        self.set(column, Value::Binary(Cow::Borrowed(value)), "");
    }

    fn fault(&mut self, _: Option<usize>, fault: Fault) {
        self.fault.keep(fault);
    }
}
