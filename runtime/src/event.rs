//! Events in types of the user's own: what the derive implements.

mod instants;
pub mod values;

use std::borrow::Cow;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;

use crate::check::Check;
use crate::row::text;
use crate::sink::{JsonSink, RowSink, Sink};
use crate::table::{Requirement, Table};
use crate::{Fault, Faults, Row, TimestampError};

/// An event that knows which columns it sets; `#[derive(UnifiedEvent)]` implements it.
///
/// What the derive cannot see at compile time is checked when the event is recorded: that columns which
/// the event type requires have a value where the struct leaves it open.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event",
    label = "expected a type with `#[derive(UnifiedEvent)]`"
)]
pub trait UnifiedEvent {
    /// The row of the table that the event goes to.
    type Row: Row;

    /// The event type, where it is the same for all values of the type.
    const EVENT_TYPE: Option<&'static str>;
    /// The table that the event goes to.
    const TABLE: &'static Table = <Self::Row as Row>::TABLE;

    /// Hands the values to a sink, by position in [`TABLE`](Self::TABLE), and what is wrong with the event.
    fn record<S: Sink>(&self, sink: &mut S);

    /// Returns the event as JSON in wire form, on one line and without columns that have no value.
    ///
    /// # Errors
    ///
    /// When a value has no JSON form, such as a float that is not finite, or the event type requires a
    /// column that has none.
    fn to_json(&self) -> Result<String, Fault> {
        let mut out = Vec::with_capacity(512);
        self.append_json(&mut out)?;
        text(out)
    }

    /// Appends the event to `out`, as [`to_json`](Self::to_json) has it; on an error `out` is as it was.
    ///
    /// # Errors
    ///
    /// As for [`to_json`](Self::to_json).
    fn append_json(&self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut sink = JsonSink::new(Self::TABLE, out);
        self.record(&mut sink);
        sink.finish()
    }

    /// Writes the event to `writer`, as [`to_json`](Self::to_json) has it, or nothing at all.
    ///
    /// # Errors
    ///
    /// As for [`to_json`](Self::to_json), and those of the writer.
    fn write_json<W: Write>(&self, mut writer: W) -> std::io::Result<()> {
        let mut out = Vec::with_capacity(512);
        self.append_json(&mut out)?;
        writer.write_all(&out)
    }

    /// Returns the row that the event is, before the pipeline computes the rest of it.
    ///
    /// # Errors
    ///
    /// When a value does not fit its column, or one that is required has none.
    fn to_row(&self) -> Result<Self::Row, Fault> {
        let mut row = Self::Row::blank();
        let mut sink = RowSink::new(Self::TABLE, &mut row);
        self.record(&mut sink);
        sink.finish()?;
        Ok(row)
    }

    /// Checks the event as [`Row::from_wire`] checks what arrives: closed sets, formats, ranges, requirements.
    ///
    /// # Errors
    ///
    /// All faults of the event.
    fn validate(&self) -> Result<(), Faults> {
        let mut check = Check::new(Self::TABLE);
        self.record(&mut check);
        Faults::or(check.finish(), ())
    }
}

/// A group of columns as a struct, which an event can take over with `#[event(flatten)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no group of columns",
    label = "expected a group struct of the generated crate, such as `HttpContext`"
)]
pub trait ColumnGroup {
    /// The row that has the columns.
    type Row: Row;

    /// The positions of the columns.
    const COLUMNS: &'static [u16];

    /// Hands the values to a sink, by position.
    fn record<S: Sink>(&self, sink: &mut S);
}

/// Makes references and smart pointers of groups groups.
macro_rules! groups_through {
    ($([$($bound:tt)*] $pointer:ty),+) => {
        $(impl<G: ColumnGroup + ?Sized $($bound)*> ColumnGroup for $pointer {
            type Row = G::Row;
            const COLUMNS: &'static [u16] = G::COLUMNS;

            fn record<S: Sink>(&self, sink: &mut S) {
                G::record(self, sink);
            }
        })+
    };
}

groups_through!([] &G, [] &mut G, [] Box<G>, [] Rc<G>, [] Arc<G>, [+ ToOwned] Cow<'_, G>);

/// The fault of a field whose instant the table cannot hold.
#[cold]
pub fn timestamp_fault(table: &'static Table, position: usize, error: TimestampError) -> Fault {
    table.fault_at(position, |column| Fault::unrepresentable_timestamp(column, &error))
}

/// The fault of an event that leaves all columns of a requirement without a value.
#[cold]
pub fn requirement_fault(table: &'static Table, event_type: &str, any_of: &'static [u16]) -> Fault {
    Fault::requirement_not_met(table, event_type, &Requirement { any_of })
}

#[cfg(test)]
mod tests;
