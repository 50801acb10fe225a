//! What the derive knows of the definition: tables that cost nothing to read.
//!
//! The build script resolves the definition once and writes them; a compiler that expands derives
//! would otherwise parse and check the definition anew for every crate. Positions are those of the
//! wide table's columns.

use unified_event_schema::ColumnType;

/// The definition, as far as structs are checked against it.
#[derive(Debug)]
pub(crate) struct Definition {
    /// The columns of the wide table, by position.
    pub(crate) columns: &'static [Column],
    /// The positions of the columns, sorted by their names.
    pub(crate) by_name: &'static [usize],
    pub(crate) event_types: &'static [EventType],
    /// The groups of which a producer can set columns.
    pub(crate) groups: &'static [Group],
    /// What the generated crate must have been made from.
    pub(crate) fingerprint: u64,
}

/// A column of the wide table.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) position: usize,
    pub(crate) name: &'static str,
    pub(crate) ty: ColumnType,
    /// Whether every event has a value.
    pub(crate) required: bool,
    /// Whether a text of no characters is refused.
    pub(crate) non_empty: bool,
    /// Whether a producer may set it.
    pub(crate) settable: bool,
    /// Whether it has a closed set of values.
    pub(crate) closed: bool,
    /// What the compiler is to warn of where the column is set.
    pub(crate) deprecated: Option<&'static str>,
}

/// An event type and, for each of its requirements, the positions of which one must be set.
#[derive(Debug)]
pub(crate) struct EventType {
    pub(crate) name: &'static str,
    pub(crate) requires: &'static [&'static [usize]],
}

/// A group and the positions of the columns of its struct: those that a producer may set.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [usize],
}
