//! Rows: structs with a field for every column of a table, and the loops that serve all of them.

mod input;
mod parse;
mod read;
mod wire;
mod write;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::check::{Check, warnings};
use crate::sink::{JsonSink, RowSink, Sink};
use crate::table::Table;
use crate::{ColumnGroup, Fault, Faults, Field, Value, Warning};

/// The fields of a row by position, whatever its type.
pub trait Fields {
    /// Returns the field of the column at `position`.
    fn field(&self, position: usize) -> Option<&dyn Field>;

    /// Returns the field of the column at `position`.
    fn field_mut(&mut self, position: usize) -> Option<&mut dyn Field>;
}

/// A struct with one field for every column of a table.
///
/// Generated rows implement it and repeat its methods as their own, so that only generic code has to
/// import the trait.
pub trait Row: Fields + Serialize + DeserializeOwned {
    /// The table whose columns the fields are.
    const TABLE: &'static Table;

    /// Returns a row without optional values, whose required values are placeholders.
    #[doc(hidden)]
    fn blank() -> Self;

    /// Reads one event as a producer sends it: a JSON object, in UTF-8.
    ///
    /// Beyond the shape it checks what the definition enforces: required columns, those that the event
    /// type requires, closed sets, formats, ranges, and that no computed column is set.
    ///
    /// # Errors
    ///
    /// All faults of the event, or the one that makes it unreadable.
    fn from_wire(event: impl AsRef<[u8]>) -> Result<Self, Faults> {
        let mut row = Self::blank();
        let faults = wire::read(Self::TABLE, event.as_ref(), &mut row);
        Faults::or(faults, row)
    }

    /// Returns the event as JSON in wire form, without columns that have no value.
    ///
    /// # Errors
    ///
    /// When a float is not finite: JSON has no text for it.
    fn to_json(&self) -> Result<String, Fault> {
        let mut out = Vec::with_capacity(1024);
        let mut sink = JsonSink::new(Self::TABLE, &mut out);
        self.record(&mut sink);
        sink.finish()?;
        text(out)
    }

    /// Checks what the types of the fields leave open, as [`from_wire`](Self::from_wire) does.
    ///
    /// # Errors
    ///
    /// All faults of the row.
    fn validate(&self) -> Result<(), Faults> {
        let mut check = Check::new(Self::TABLE);
        for position in 0..Self::TABLE.columns.len() {
            if let Some(value) = self.field(position).and_then(|field| field.get()) {
                check.value(position, &value);
            }
        }
        Faults::or(check.finish(), ())
    }

    /// Returns what is odd about the row but no fault: conventions, unknown values, deprecated columns.
    fn warnings(&self) -> Vec<Warning> {
        warnings(Self::TABLE, self)
    }

    /// Hands the values to a sink, in the order of the columns.
    fn record<S: Sink>(&self, sink: &mut S) {
        write::record(self, Self::TABLE.columns.len(), sink);
    }

    /// Sets the columns of a group that have a value in it, and leaves the others as they are.
    ///
    /// # Errors
    ///
    /// When a value does not fit its column.
    fn set_group<G: ColumnGroup<Row = Self>>(&mut self, group: &G) -> Result<(), Fault> {
        let mut sink = RowSink::new(Self::TABLE, self);
        group.record(&mut sink);
        sink.finish_part()
    }

    /// Returns the value of the column that is called `name`, if it has one.
    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.field(Self::TABLE.position(name)?)?.get()
    }
}

/// Returns all faults of one event as a producer sends it.
#[cfg(feature = "arrow")]
pub(crate) fn faults(table: &'static Table, event: &[u8]) -> Vec<Fault> {
    /// Takes every value and keeps none.
    struct Discard;

    impl Field for Discard {
        fn get(&self) -> Option<Value<'_>> {
            None
        }

        fn set(&mut self, _: Option<Value<'_>>) -> Result<(), crate::NotTaken> {
            Ok(())
        }
    }

    impl Fields for Discard {
        fn field(&self, _: usize) -> Option<&dyn Field> {
            Some(self)
        }

        fn field_mut(&mut self, _: usize) -> Option<&mut dyn Field> {
            Some(self)
        }
    }

    wire::read(table, event, &mut Discard)
}

/// Returns the text that a sink has written.
pub(crate) fn text(out: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(out).map_err(|error| Fault::invalid_utf8(error.utf8_error().valid_up_to()))
}

/// Serialises a row in wire form, without columns that have no value.
///
/// # Errors
///
/// When a float is not finite, and those of the serializer.
pub fn serialize_row<R: Row, S: Serializer>(row: &R, serializer: S) -> Result<S::Ok, S::Error> {
    write::serialize(R::TABLE, row, serializer)
}

/// Reads a row in wire form: all columns, computed ones included, as they are stored.
///
/// # Errors
///
/// When the input is no object, and for unknown keys, keys that appear twice, values of another type
/// and missing required columns: all of them in one error.
pub fn deserialize_row<'de, R: Row, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    let mut row = R::blank();
    read::deserialize(R::TABLE, &mut row, deserializer)?;
    Ok(row)
}

/// Writes a row for people: its name and the columns that have a value.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug_row(
    name: &str,
    table: &'static Table,
    row: &dyn Fields,
    f: &mut std::fmt::Formatter<'_>,
) -> std::fmt::Result {
    let mut out = f.debug_struct(name);
    for (position, column) in table.columns.iter().enumerate() {
        if let Some(value) = row.field(position).and_then(|field| field.get()) {
            match &value {
                Value::String(text) => out.field(column.name, text),
                Value::Bool(value) => out.field(column.name, value),
                Value::Int32(value) => out.field(column.name, value),
                Value::Int64(value) => out.field(column.name, value),
                Value::Float64(value) => out.field(column.name, value),
                Value::Timestamp(value) => out.field(column.name, value),
                Value::Json(value) => out.field(column.name, value),
                Value::Binary(value) => out.field(column.name, value),
            };
        }
    }
    out.finish_non_exhaustive()
}

#[cfg(test)]
mod tests;
