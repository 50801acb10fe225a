//! What users compile: the values, tables, rows and faults behind the generated crate `unified-event`.
//!
//! The generated crate gives this crate its const tables and re-exports what users need of it; the
//! derive expands to calls of it. Everything here is a loop over a const [`Table`](table::Table), so
//! that 175 columns cost one function and not 175.
//!
//! | flow | by |
//! |---|---|
//! | JSON of a producer → row, with all faults | [`Row::from_wire`] |
//! | stored row ↔ JSON | serde on rows |
//! | struct with the derive → JSON, row, any [`Sink`] | [`UnifiedEvent`] |
//! | events and rows → `RecordBatch`, and back | [`batch`] |
//! | NDJSON → `RecordBatch`, checked | [`ndjson`] |
//! | table → Arrow schema | [`arrow::schema`] |
//!
//! The last three need the feature `arrow`, which is on unless it is turned off.

#[cfg(feature = "arrow")]
pub mod arrow;
#[cfg(feature = "arrow")]
pub mod batch;
mod check;
mod closed;
mod event;
mod fault;
mod json;
mod macros;
#[cfg(feature = "arrow")]
pub mod ndjson;
#[cfg(feature = "arrow")]
mod raw;
mod row;
#[cfg(test)]
mod sample;
mod sink;
pub mod table;
mod timestamp;
mod value;

pub use closed::{Closed, UnknownValue};
pub use event::{ColumnGroup, UnifiedEvent, values};
pub use fault::{Fault, FaultCode, Faults, Warning, WarningCode};
pub use json::Json;
pub use row::Row;
pub use sink::Sink;
pub use timestamp::{Timestamp, TimestampError};
pub use unified_event_types::Format;
pub use value::{Field, NotTaken, Scalar, Value};

/// What generated code and expansions call; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use {core, serde};

    pub use crate::closed::{deserialize_closed, serialize_closed};
    pub use crate::event::{requirement_fault, timestamp_fault};
    pub use crate::row::{Fields, debug_row, deserialize_row, serialize_row};
    // Expansions of the derive find everything here, whatever a path of the user's re-exports.
    pub use crate::{ColumnGroup, Fault, Sink, UnifiedEvent, values};
}
