//! The const description of tables: what the generated crate emits and every loop runs over.

mod fingerprint;

use crate::{Fault, FaultCode, Format};

pub use fingerprint::fingerprint;
pub use unified_event_types::ColumnType;

/// A table of the lake, or the stream that feeds one.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The name, with the table version from version 2 on.
    pub name: &'static str,
    /// The table version.
    pub version: u32,
    /// What one row is.
    pub doc: &'static str,
    /// The columns; a position is an index into them.
    pub columns: &'static [Column],
    /// The positions of the columns, sorted by name.
    pub by_name: &'static [u16],
    /// The position of the column that names the event type, where the table has event types.
    pub event_type: Option<usize>,
    /// What each event type requires.
    pub event_types: &'static [EventRules],
    /// How deep arrays and objects may nest in the value of a column, empty ones counted.
    pub max_depth: usize,
}

impl Table {
    /// Returns the position of the column that is called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        let column = |position: u16| self.columns.get(usize::from(position));
        let found = self.by_name.binary_search_by(|p| column(*p).map_or("", |c| c.name).cmp(name)).ok()?;
        self.by_name.get(found).copied().map(usize::from)
    }

    /// Returns the column that is called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.get(self.position(name)?)
    }

    /// Returns the columns in order, each with its Iceberg field id in this version of the table.
    ///
    /// The field id is the rank of the column, 1 to N: every catalog numbers the columns of a new table so.
    pub fn numbered_columns(&self) -> impl Iterator<Item = (u32, &'static Column)> + use<> {
        (1..).zip(self.columns)
    }

    /// Returns the column at a position.
    ///
    /// # Errors
    ///
    /// When the table has no such position, as after a change of the definition without a rebuild.
    pub(crate) fn at(&'static self, position: usize) -> Result<&'static Column, Fault> {
        self.columns.get(position).ok_or_else(|| self.no_column(position))
    }

    /// Returns a fault of the column at a position, or that there is none.
    pub(crate) fn fault_at(&'static self, position: usize, fault: impl FnOnce(&'static Column) -> Fault) -> Fault {
        self.at(position).map_or_else(|no_column| no_column, fault)
    }

    pub(crate) fn no_column(&self, position: usize) -> Fault {
        Fault::new(FaultCode::UnknownField, format!("the table `{}` has no column at position {position}", self.name))
    }

    /// Returns what the event type that is called `name` requires.
    pub fn rules(&self, name: &str) -> Option<&'static EventRules> {
        self.event_types.iter().find(|rules| rules.name == name)
    }
}

/// A column of a table, or a field of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The identity in all versions of the table. Fields of a stream of their own are counted from 1.
    /// The Iceberg field id is another number: see [`Table::numbered_columns`].
    pub id: u32,
    /// The name, which is also the key on the wire.
    pub name: &'static str,
    /// The logical type.
    pub ty: ColumnType,
    /// Whether every row has a value.
    pub required: bool,
    /// Whether a text of no characters is refused.
    pub non_empty: bool,
    /// Whether the platform says it, not the producer.
    pub system: bool,
    /// Whether the pipeline computes it, so that no producer may set it.
    pub computed: bool,
    /// The semantic group, in PascalCase.
    pub group: Option<&'static str>,
    /// What the value means.
    pub doc: &'static str,
    /// A realistic value, as JSON in wire form.
    pub example: &'static str,
    /// The unit of the number, as a UCUM code.
    pub unit: Option<&'static str>,
    /// The shape of the text.
    pub format: Option<Format>,
    /// The values that are allowed or known.
    pub values: Values,
    /// How an `int64` travels in JSON.
    pub wire: Wire,
    /// The table version that introduced the column.
    pub since: u32,
    /// Set when the column is going to be removed.
    pub deprecated: Option<Deprecation>,
}

impl Column {
    /// An optional string column about which nothing is known: a base to fill in.
    pub const BLANK: Self = Self {
        id: 0,
        name: "",
        ty: ColumnType::String,
        required: false,
        non_empty: false,
        system: false,
        computed: false,
        group: None,
        doc: "",
        example: "null",
        unit: None,
        format: None,
        values: Values::Any,
        wire: Wire::Number,
        since: 1,
        deprecated: None,
    };
}

/// The values that a column may take, or is known to take. Integers are written in decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Every value of the type.
    Any,
    /// Only these; any other is a fault.
    Closed(&'static [&'static str]),
    /// These and others; any other is a warning.
    Known(&'static [&'static str]),
}

/// How an `int64` travels in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// As a JSON number.
    Number,
    /// As decimal text, because JavaScript loses integers beyond 2^53.
    DecimalString,
}

/// How and when a column goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// The table version since which it is deprecated.
    pub since: u32,
    /// The date before which it must not be removed, `YYYY-MM-DD`.
    pub remove_after: Option<&'static str>,
    /// The column to use instead.
    pub replaced_by: Option<&'static str>,
    /// Why it goes away.
    pub reason: &'static str,
}

/// What an event of one type must set beyond the required columns.
#[derive(Debug, Clone, Copy)]
pub struct EventRules {
    /// The value of the column `event_type`.
    pub name: &'static str,
    /// What one event of the type records.
    pub doc: &'static str,
    /// Each of these must be met.
    pub requires: &'static [Requirement],
}

/// Columns of which at least one must be set; mostly there is only one.
#[derive(Debug, Clone, Copy)]
pub struct Requirement {
    /// The positions of the columns.
    pub any_of: &'static [u16],
}

impl Requirement {
    /// Returns the columns, which are those of `table`.
    pub fn columns(&self, table: &'static Table) -> impl Iterator<Item = &'static Column> {
        self.any_of.iter().filter_map(|position| table.columns.get(usize::from(*position)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Table};
    use crate::sample::EVENTS;

    #[test]
    fn columns_are_found_by_name() {
        for (position, column) in EVENTS.columns.iter().enumerate() {
            assert_eq!(EVENTS.position(column.name), Some(position), "{}", column.name);
        }
        assert_eq!(EVENTS.position(""), None);
        assert_eq!(EVENTS.position("zzz"), None);
    }

    #[test]
    fn field_ids_have_no_gaps_where_ids_have() {
        const GAPS: [Column; 3] =
            [Column { id: 2, ..Column::BLANK }, Column { id: 5, ..Column::BLANK }, Column { id: 176, ..Column::BLANK }];
        let table = Table { columns: &GAPS, ..EVENTS };
        let numbered: Vec<_> = table.numbered_columns().map(|(field_id, column)| (field_id, column.id)).collect();
        assert_eq!(numbered, [(1, 2), (2, 5), (3, 176)]);
    }
}
