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
///
/// No method returns an error: a sink remembers what it cannot take, and says so when it is finished.
/// An expansion is then one call for each field, which compiles and runs without a branch in between,
/// and a sink may collect all faults of an event.
pub trait Sink {
    /// Takes the value of a `string` column.
    fn string(&mut self, column: usize, value: &str);

    /// Takes the value of a `bool` column.
    fn bool(&mut self, column: usize, value: bool);

    /// Takes the value of an `int32` column.
    fn int32(&mut self, column: usize, value: i32);

    /// Takes the value of an `int64` column.
    fn int64(&mut self, column: usize, value: i64);

    /// Takes the value of a `float64` column, which may be one that JSON has no text for.
    fn float64(&mut self, column: usize, value: f64);

    /// Takes the value of a `timestamp` column.
    fn timestamp(&mut self, column: usize, value: Timestamp);

    /// Takes the value of a `json` column in any form that serialises; JSON null is no value.
    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T);

    /// Takes the value of a `json` column that is JSON text already; null is no value.
    fn json_text(&mut self, column: usize, value: &Json) {
        self.json(column, value);
    }

    /// Takes the value of a `binary` column.
    fn binary(&mut self, column: usize, value: &[u8]);

    /// Takes what was wrong before there was a value: of one column, or of the event as a whole.
    ///
    /// The event is refused. Values may still follow.
    fn fault(&mut self, column: Option<usize>, fault: Fault);
}

/// The first fault of an event, for sinks that need no other.
#[derive(Debug, Default)]
pub(crate) struct FirstFault(Option<Box<Fault>>);

impl FirstFault {
    /// Keeps a fault, unless there is one.
    #[cold]
    #[inline(never)]
    pub(crate) fn keep(&mut self, fault: Fault) {
        self.0.get_or_insert_with(|| Box::new(fault));
    }

    /// Keeps the fault of a result.
    pub(crate) fn of(&mut self, result: Result<(), Fault>) {
        if let Err(fault) = result {
            self.keep(fault);
        }
    }

    /// Returns the fault as an error.
    ///
    /// # Errors
    ///
    /// When there is one.
    #[inline]
    pub(crate) fn result(self) -> Result<(), Fault> {
        self.0.map_or(Ok(()), |fault| Err(*fault))
    }
}
