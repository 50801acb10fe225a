//! The resolved model: what the definition means, as plain data.
//!
//! Every field is public and any value of the right shape can be built by hand, but only the
//! loader promises that references resolve, ids are unique and columns are sorted by id.

mod column;
mod event_type;
mod fingerprint;
mod lake;
mod pipeline;
mod query;
mod table;
mod wire;

pub use column::{Column, ColumnKind, Deprecation, Memory, ValueDoc, ValueSet, Wire};
pub use event_type::{EventType, Requirement};
pub use lake::{
    Bucket, Compaction, DataFileField, Lake, LakeWriter, PathPattern, QueryTarget, RawFiles, Snapshots, Tier,
    TieringPreset, TimePattern,
};
pub use pipeline::{ACCOUNT_QUOTA, INGEST_COLUMN, Pipeline, Sink, Stream, StreamField};
pub use query::{Parameter, Query};
pub use table::{
    Distribution, Metrics, NullOrder, PartitionField, PartitionSpec, SortDirection, SortField, SortOrder, Table,
    Transform,
};
pub use wire::WireLimits;

/// The whole definition, resolved.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Schema {
    /// The name of the event, PascalCase.
    pub name: String,
    /// What the event is.
    pub doc: String,
    /// How many columns the wide table has, by kind.
    pub counts: Counts,
    /// The semantic groups of the wide table, in order.
    pub groups: Vec<Group>,
    /// The event types, in order.
    pub event_types: Vec<EventType>,
    /// The tables, the wide one first.
    pub tables: Vec<Table>,
    /// The pipelines, one for each table and in the order of the tables.
    pub pipelines: Vec<Pipeline>,
    /// Where files lie and how long.
    pub lake: Lake,
    /// Queries over the tables, in order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub queries: Vec<Query>,
    /// The limits of an event as JSON.
    #[cfg_attr(feature = "serde", serde(default))]
    pub wire: WireLimits,
}

/// How many columns the wide table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counts {
    /// Columns that say what happened.
    pub event: usize,
    /// Columns that the platform owns.
    pub system: usize,
    /// All columns of a stored row.
    pub stored: usize,
}

/// A semantic group of columns.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Group {
    /// The PascalCase name, also that of its Rust and TypeScript type.
    pub name: String,
    /// The snake_case name, also that of its file.
    pub module: String,
    /// What the columns have in common.
    pub doc: String,
    /// The names of its columns, by id.
    pub columns: Vec<String>,
}

impl Schema {
    /// Returns the wide table, whose columns are those of all groups.
    ///
    /// # Panics
    ///
    /// When the model was built by hand without a table that has groups; the loader refuses that.
    #[expect(clippy::expect_used, reason = "documented, and no loaded schema can reach it")]
    pub fn events_table(&self) -> &Table {
        let wide = self.tables.iter().find(|t| t.grouped);
        wide.expect("a loaded schema has one table with the columns of all groups")
    }

    /// Returns the column of the wide table that is called `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.events_table().column(name)
    }

    /// Returns the table that is called `name`, without its version.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }

    /// Returns the pipeline that feeds `table`.
    pub fn pipeline(&self, table: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|p| p.table == table)
    }

    /// Returns the deprecation of a stream's field: that of the column with the same name.
    pub fn field_deprecation(&self, pipeline: &Pipeline, field: &StreamField) -> Option<&Deprecation> {
        self.table(&pipeline.table)?.column(&field.name)?.deprecated.as_ref()
    }

    /// Returns the event type that is called `name`.
    pub fn event_type(&self, name: &str) -> Option<&EventType> {
        self.event_types.iter().find(|t| t.name == name)
    }

    /// Returns the group that is called `name`, in PascalCase.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|g| g.name == name)
    }

    /// Returns the columns of `group`, by id.
    pub fn group_columns<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Column> {
        self.events_table().columns.iter().filter(|c| c.group.as_deref() == Some(group.name.as_str()))
    }
}
