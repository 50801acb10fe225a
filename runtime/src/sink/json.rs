//! Wire JSON straight from typed values.

use std::io::Write;

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::{FirstFault, Sink};
use crate::check::{number_fault, text_fault};
use crate::json::write_compact;
use crate::table::{Column, Table, Wire};
use crate::{Fault, Timestamp};

/// Writes one event as a JSON object on one line.
pub(crate) struct JsonSink<'a> {
    table: &'static Table,
    out: &'a mut Vec<u8>,
    start: usize,
    fault: FirstFault,
    is_finished: bool,
}

impl<'a> JsonSink<'a> {
    /// Opens an object at the end of `out`.
    pub(crate) fn new(table: &'static Table, out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        let start = out.len();
        Self { table, out, start, fault: FirstFault::default(), is_finished: false }
    }

    /// Closes the object.
    ///
    /// # Errors
    ///
    /// The first fault of the event; `out` is then as it was.
    pub(crate) fn finish(mut self) -> Result<(), Fault> {
        std::mem::take(&mut self.fault).result()?;
        self.out.push(b'}');
        self.is_finished = true;
        Ok(())
    }

    fn key(&mut self, position: usize) -> Result<&'static Column, Fault> {
        let column = self.table.at(position)?;
        if self.out.len() > self.start {
            self.out.push(b',');
        }
        self.out.push(b'"');
        // Names of columns and fields are identifiers: nothing in them needs an escape.
        self.out.extend_from_slice(column.name.as_bytes());
        self.out.extend_from_slice(b"\":");
        Ok(column)
    }

    /// Writes what needs no escape.
    fn plain(&mut self, position: usize, value: std::fmt::Arguments<'_>) {
        match self.key(position) {
            Ok(_) => {
                // Writing to a `Vec` does not fail.
                let _ = self.out.write_fmt(value);
            }
            Err(fault) => self.fault.keep(fault),
        }
    }

    /// Keeps the fault of a number outside of a closed set, for which there is no Rust type.
    fn closed_number(&mut self, position: usize, number: i64) {
        if let Some(fault) = self.table.at(position).ok().and_then(|column| number_fault(column, number)) {
            self.fault.keep(fault);
        }
    }

    fn serialised<T: ?Sized + Serialize>(&mut self, position: usize, value: &T) {
        let result = self.try_serialised(position, value);
        self.fault.of(result);
    }

    fn try_serialised<T: ?Sized + Serialize>(&mut self, position: usize, value: &T) -> Result<(), Fault> {
        let before = self.out.len();
        let column = self.key(position)?;
        let value_start = self.out.len();
        write_compact(self.out, value, self.table, column)?;
        if &self.out[value_start..] == b"null" {
            self.out.truncate(before);
        }
        Ok(())
    }
}

/// Half an object is never left behind, whether a fault or a panic of the event's own code ended it.
impl Drop for JsonSink<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.out.truncate(self.start - 1);
        }
    }
}

impl Sink for JsonSink<'_> {
    fn string(&mut self, column: usize, value: &str) {
        match self.key(column) {
            // Writing text to a `Vec` does not fail.
            Ok(column) => match text_fault(column, value) {
                Some(fault) => self.fault.keep(fault),
                None => drop(serde_json::to_writer(&mut *self.out, value)),
            },
            Err(fault) => self.fault.keep(fault),
        }
    }

    fn bool(&mut self, column: usize, value: bool) {
        self.plain(column, format_args!("{value}"));
    }

    fn int32(&mut self, column: usize, value: i32) {
        self.closed_number(column, value.into());
        self.plain(column, format_args!("{value}"));
    }

    fn int64(&mut self, column: usize, value: i64) {
        self.closed_number(column, value);
        let wire = self.table.at(column).map(|column| column.wire);
        match wire {
            Ok(Wire::DecimalString) => self.plain(column, format_args!("\"{value}\"")),
            _ => self.plain(column, format_args!("{value}")),
        }
    }

    fn float64(&mut self, column: usize, value: f64) {
        match self.table.at(column) {
            Ok(column) if !value.is_finite() => {
                self.fault.keep(Fault::number_out_of_range(column, &value.to_string()));
            }
            _ => {
                if let Err(fault) = self.key(column) {
                    return self.fault.keep(fault);
                }
                drop(serde_json::to_writer(&mut *self.out, &value));
            }
        }
    }

    fn timestamp(&mut self, column: usize, value: Timestamp) {
        self.plain(column, format_args!("\"{value}\""));
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        self.serialised(column, value);
    }

    fn binary(&mut self, column: usize, value: &[u8]) {
        self.plain(column, format_args!("\"{}\"", Base64Display::new(value, &STANDARD)));
    }

    fn fault(&mut self, _: Option<usize>, fault: Fault) {
        self.fault.keep(fault);
    }
}
