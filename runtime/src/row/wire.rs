//! One event as a producer sends it: JSON text, read with all its faults.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::input::Input;
use super::read::{Key, Reader};
use super::{Fields, parse};
use crate::Fault;
use crate::table::{Column, Table};

/// Reads an event into `row` and returns its faults.
///
/// Text that is no JSON object has that one fault: what it says further on cannot be told.
pub(super) fn read(table: &'static Table, event: &[u8], row: &mut dyn Fields) -> Vec<Fault> {
    let text = match std::str::from_utf8(event) {
        Ok(text) => text,
        Err(error) => return vec![Fault::invalid_utf8(error.valid_up_to())],
    };
    let mut reader = Reader::new(table, row);
    let mut json = serde_json::Deserializer::from_str(text);
    match json.deserialize_map(SentEvent { table, reader: &mut reader }).and_then(|()| json.end()) {
        Ok(()) => match crate::json::check_surrogates(text) {
            Ok(()) => reader.check.finish(),
            // As text it is whole, as UTF-8 it cannot be: what it says cannot be told either.
            Err(problem) => vec![Fault::malformed_json(&problem)],
        },
        Err(error) => vec![Fault::malformed_json(&error)],
    }
}

struct SentEvent<'a, 'r> {
    table: &'static Table,
    reader: &'a mut Reader<'r>,
}

impl<'de> Visitor<'de> for SentEvent<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            // Values stay text until their column is known: it decides what is a number out of range.
            let raw: &'de RawValue = map.next_value()?;
            if let Some(position) = self.reader.position(&key) {
                let value = if self.reader.is_json(position) {
                    parse::json(&self.table.columns[position], raw)
                } else {
                    scalar(&self.table.columns[position], raw)
                };
                self.reader.sent(position, value);
            }
        }
        Ok(())
    }
}

fn scalar<'a>(column: &'static Column, raw: &'a RawValue) -> Result<Option<crate::Value<'a>>, Fault> {
    let input = Input::from_raw(raw).map_err(|error| Fault::malformed_json(&error))?;
    parse::value(column, input)
}
