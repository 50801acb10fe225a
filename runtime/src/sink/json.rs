//! Wire JSON straight from typed values.

use std::io::Write;

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Sink;
use crate::json::write_compact;
use crate::table::{Column, Table, Wire};
use crate::{Fault, Timestamp};

/// Writes one event as a JSON object on one line.
pub(crate) struct JsonSink<'a> {
    table: &'static Table,
    out: &'a mut Vec<u8>,
    start: usize,
}

impl<'a> JsonSink<'a> {
    /// Opens an object at the end of `out`.
    pub(crate) fn new(table: &'static Table, out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        let start = out.len();
        Self { table, out, start }
    }

    /// Closes the object.
    pub(crate) fn finish(self) {
        self.out.push(b'}');
    }

    fn key(&mut self, position: usize) -> Result<&'static Column, Box<Fault>> {
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
    fn plain(&mut self, value: std::fmt::Arguments<'_>) -> Result<(), Box<Fault>> {
        // Writing to a `Vec` does not fail.
        let _ = self.out.write_fmt(value);
        Ok(())
    }

    fn serialised<T: ?Sized + Serialize>(&mut self, position: usize, value: &T) -> Result<(), Box<Fault>> {
        let before = self.out.len();
        let column = self.key(position)?;
        let value_start = self.out.len();
        write_compact(self.out, value).map_err(|error| Fault::unrepresentable_json(column, &error))?;
        if &self.out[value_start..] == b"null" {
            self.out.truncate(before);
        }
        Ok(())
    }
}

impl Sink for JsonSink<'_> {
    type Error = Box<Fault>;

    fn string(&mut self, column: usize, value: &str) -> Result<(), Box<Fault>> {
        self.serialised(column, value)
    }

    fn bool(&mut self, column: usize, value: bool) -> Result<(), Box<Fault>> {
        self.key(column)?;
        self.plain(format_args!("{value}"))
    }

    fn int32(&mut self, column: usize, value: i32) -> Result<(), Box<Fault>> {
        self.key(column)?;
        self.plain(format_args!("{value}"))
    }

    fn int64(&mut self, column: usize, value: i64) -> Result<(), Box<Fault>> {
        match self.key(column)?.wire {
            Wire::DecimalString => self.plain(format_args!("\"{value}\"")),
            Wire::Number => self.plain(format_args!("{value}")),
        }
    }

    fn float64(&mut self, column: usize, value: f64) -> Result<(), Box<Fault>> {
        if !value.is_finite() {
            return Err(Fault::number_out_of_range(self.table.at(column)?, &value.to_string()).into());
        }
        self.serialised(column, &value)
    }

    fn timestamp(&mut self, column: usize, value: Timestamp) -> Result<(), Box<Fault>> {
        self.key(column)?;
        self.plain(format_args!("\"{value}\""))
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) -> Result<(), Box<Fault>> {
        self.serialised(column, value)
    }

    fn binary(&mut self, column: usize, value: &[u8]) -> Result<(), Box<Fault>> {
        self.key(column)?;
        self.plain(format_args!("\"{}\"", Base64Display::new(value, &STANDARD)))
    }
}
