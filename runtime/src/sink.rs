//! Where the typed values of an event go: a row, wire JSON, a check, a batch.

mod json;
mod row;

use serde::Serialize;

use crate::{Fault, Json, Timestamp};

pub(crate) use json::JsonSink;
pub(crate) use row::RowSink;

/// Takes the values of one event, column by column.
///
/// `column` is a position in the table of the event. A column without a value is not mentioned, no
/// column is mentioned twice, and the order is free. Positions are literals in what the derive
/// expands to, so that a sink which is inlined can resolve them at compile time.
pub trait Sink {
    /// What goes wrong in the sink, or was wrong with a value before it came here.
    type Error: From<Fault>;

    /// Takes the value of a `string` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn string(&mut self, column: usize, value: &str) -> Result<(), Self::Error>;

    /// Takes the value of a `bool` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn bool(&mut self, column: usize, value: bool) -> Result<(), Self::Error>;

    /// Takes the value of an `int32` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn int32(&mut self, column: usize, value: i32) -> Result<(), Self::Error>;

    /// Takes the value of an `int64` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn int64(&mut self, column: usize, value: i64) -> Result<(), Self::Error>;

    /// Takes the value of a `float64` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it: JSON has no text for a float that is not finite.
    fn float64(&mut self, column: usize, value: f64) -> Result<(), Self::Error>;

    /// Takes the value of a `timestamp` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn timestamp(&mut self, column: usize, value: Timestamp) -> Result<(), Self::Error>;

    /// Takes the value of a `json` column in any form that serialises; JSON null is no value.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it, or the value has no JSON form.
    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) -> Result<(), Self::Error>;

    /// Takes the value of a `json` column that is JSON text already; null is no value.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn json_text(&mut self, column: usize, value: &Json) -> Result<(), Self::Error> {
        self.json(column, value)
    }

    /// Takes the value of a `binary` column.
    ///
    /// # Errors
    ///
    /// When the sink cannot take it.
    fn binary(&mut self, column: usize, value: &[u8]) -> Result<(), Self::Error>;
}
