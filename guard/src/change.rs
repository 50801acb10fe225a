//! One difference between two models, typed.
//!
//! A change says what differs and where, never what that means; the rules do. Columns, partition
//! fields and sort orders are paired by id, everything else by name.

mod names;
mod subject;

use serde::Serialize;
use unified_event_schema::{
    Column, ColumnKind, ColumnType, Deprecation, Distribution, Format, Memory, Metrics, PartitionSpec, Requirement,
    SortOrder, StreamField, Value, Wire,
};

pub use names::{Destination, NameOf, QueryProblem};
pub use subject::Subject;

/// One difference between an old and a new model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Where it is.
    pub subject: Subject,
    /// What it is.
    pub kind: Kind,
}

/// What differs. `old` and `new` are those of the two models.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
#[allow(missing_docs, reason = "`old` and `new` in every variant")]
pub enum Kind {
    /// A column has an id that no old column has.
    ColumnAdded { column: Box<Column> },
    /// No new column has the id. `similar` is a new column that may be the same under another id.
    ColumnDropped { column: Box<Column>, similar: Option<String> },
    /// The id has another name, and the new column declares `renamed_from`.
    ColumnRenamed { old: String, new: String },
    /// The id has another name, and nothing declares that it is the same column.
    ColumnReplaced { old: Box<Column>, new: Box<Column> },
    /// A stream of its own carries a new key.
    FieldAdded { field: Box<StreamField> },
    /// A stream of its own lost a key.
    FieldDropped { field: Box<StreamField> },
    /// The keys of a stream stand in another order.
    FieldOrder { old: Vec<String>, new: Vec<String> },
    /// A type changed.
    Type { old: ColumnType, new: ColumnType },
    /// A value became mandatory (`required`) or optional.
    Presence { required: bool },
    /// A text of no characters is refused (`non_empty`) or taken.
    EmptyText { non_empty: bool },
    /// A limit of the wire form changed.
    WireLimit { limit: String, old: u32, new: u32 },
    /// The documentation changed.
    Doc { old: String, new: String },
    /// The example changed.
    Example { old: Value, new: Value },
    /// The shape of the text changed.
    Format { old: Option<Format>, new: Option<Format> },
    /// A set of values came, went, opened or closed; `Some(true)` is a closed set.
    ValueSet { old: Option<bool>, new: Option<bool> },
    /// A set has a value more.
    ValueAdded { value: Value, closed: bool },
    /// A set has a value less.
    ValueDropped { value: Value, closed: bool },
    /// A value means something else, or says it better.
    ValueDoc { value: Value, old: String, new: String },
    /// The values stand in another order.
    ValueOrder { old: Vec<Value>, new: Vec<Value> },
    /// The unit of a number changed.
    Unit { old: Option<String>, new: Option<String> },
    /// The declared revision of the meaning changed.
    Meaning { old: u32, new: u32 },
    /// The pipeline computes the column now, or no longer.
    Settable { settable: bool },
    /// The pipeline writes another expression to the column; `None` passes the value through.
    Expression { old: Option<String>, new: Option<String> },
    /// An expression or a condition is written otherwise and means the same.
    SqlText { old: Option<String>, new: Option<String> },
    /// What an expression or a condition is made from changed: columns with other expressions (`rewritten`), or
    /// fields whose unit, meaning or type is another.
    Derived { from: Vec<String>, rewritten: bool },
    /// The form of an `int64` in JSON changed.
    Wire { old: Wire, new: Wire },
    /// The form of a `json` value in TypeScript changed.
    Memory { old: Memory, new: Memory },
    /// The column moved to another group.
    Group { old: Option<String>, new: Option<String> },
    /// Producer and platform swapped the column.
    ColumnKind { old: ColumnKind, new: ColumnKind },
    /// The version that introduced the column is said to be another.
    Since { old: u32, new: u32 },
    /// The declaration of a former name came or went, the name itself being the same.
    RenamedFrom { old: Option<String>, new: Option<String> },
    /// A deprecation came, went or changed.
    Deprecation { old: Option<Deprecation>, new: Option<Deprecation> },
    /// A group came.
    GroupAdded,
    /// A group went.
    GroupDropped,
    /// The groups stand in another order.
    GroupOrder { old: Vec<String>, new: Vec<String> },
    /// The list of a group's columns is not what the columns say.
    GroupColumns { old: Vec<String>, new: Vec<String> },
    /// An event type came.
    EventTypeAdded,
    /// An event type went.
    EventTypeDropped,
    /// The event types stand in another order.
    EventTypeOrder { old: Vec<String>, new: Vec<String> },
    /// Events of the type must set something more.
    RequirementAdded { requirement: Requirement },
    /// Events of the type need no longer set something.
    RequirementDropped { requirement: Requirement },
    /// The same events fulfil the requirements, which are written otherwise.
    RequirementText { old: Vec<Requirement>, new: Vec<Requirement> },
    /// The groups that the type mainly uses changed.
    EventTypeGroups { old: Vec<String>, new: Vec<String> },
    /// A table came, with its pipeline.
    TableAdded,
    /// A table went, with its pipeline.
    TableDropped,
    /// The tables stand in another order.
    TableOrder { old: Vec<String>, new: Vec<String> },
    /// The definition gives the table another version.
    TableVersion { old: u32, new: u32 },
    /// The table takes its columns from the groups now, or no longer.
    TableGrouped { grouped: bool },
    /// A pipeline came to a table that had none.
    PipelineAdded,
    /// A table lost its pipeline.
    PipelineDropped,
    /// The pipelines stand in another order.
    PipelineOrder { old: Vec<String>, new: Vec<String> },
    /// Other columns tell rows apart, or the same in another order; none is no key.
    Key { old: Vec<String>, new: Vec<String> },
    /// A partition scheme came.
    PartitionAdded { spec: PartitionSpec },
    /// A partition scheme went.
    PartitionDropped { spec: PartitionSpec },
    /// A scheme divides rows otherwise, or has another id.
    PartitionChanged { old: PartitionSpec, new: PartitionSpec },
    /// Another scheme is the one that tables are created with, or the schemes stand in another order.
    PartitionDefault { old: Vec<String>, new: Vec<String> },
    /// Rows are sorted otherwise.
    Sort { old: Option<SortOrder>, new: Option<SortOrder> },
    /// Writers shuffle rows otherwise.
    Distribution { old: Option<Distribution>, new: Option<Distribution> },
    /// Writers keep other statistics.
    Metrics { old: Option<Metrics>, new: Option<Metrics> },
    /// A table property changed.
    Property { key: String, old: Option<String>, new: Option<String> },
    /// A name that others use changed, and not because of the table version.
    Name { of: NameOf, old: String, new: String },
    /// Data goes elsewhere, because a binding reaches another bucket where one is named; an absent side is nowhere.
    Destination { of: Destination, binding: Option<String>, old: Option<String>, new: Option<String> },
    /// The condition for rows to be stored changed.
    Filter { old: Option<String>, new: Option<String> },
    /// A setting of the sink changed that no reader sees.
    SinkSetting { key: String, old: String, new: String },
    /// A setting of the lake changed, as JSON text; an absent side is empty.
    LakeSetting { old: String, new: String },
    /// A registered query changed, as JSON text; an absent side is empty.
    QueryText { old: String, new: String },
    /// The counts of columns are not what the columns say.
    Counts { old: String, new: String },
    /// A registered query of a consumer resolves otherwise; `breaks` when that is worse than the problem is at
    /// least, `line` where it is in the file (0 where that is not known).
    QueryResult { problem: QueryProblem, detail: String, sql: String, breaks: bool, line: u64 },
    /// A waiver accepts nothing.
    WaiverUnused { owner: String },
    /// A waiver is past its date.
    WaiverExpired { owner: String, expires: String },
    /// The policy sees a verdict as less than before, or for longer; `missing` is what it does not say of it.
    PolicyLowered { old: String, new: String, missing: Vec<String> },
    /// What lowers a verdict in the policy is past its date.
    PolicyExpired { owner: String, expires: String },
    /// A line of the lock is not the one that the frozen models call for.
    LockLine { released: Option<String>, found: Option<String> },
    /// A version in the lock is none that its release could make.
    LockVersion { version: String, problem: String },
    /// The lines of the lock stand in another order than a release writes.
    LockOrder { old: String, new: String },
    /// A release or version of the baseline is gone or is another.
    HistoryRewritten { old: Option<String>, new: Option<String> },
    /// A table version was taken out of use.
    VersionRetired { version: String },
}

impl Kind {
    /// Returns the old and the new side as short text, for reports and fingerprints.
    pub fn sides(&self) -> (String, String) {
        super::describe::sides(self)
    }

    /// Returns the old and the new items where the change is one of a list.
    pub(super) fn lists(&self) -> Option<(Vec<String>, Vec<String>)> {
        let plain = |values: &[Value]| values.iter().map(super::describe::plain).collect();
        match self {
            Self::FieldOrder { old, new }
            | Self::GroupOrder { old, new }
            | Self::GroupColumns { old, new }
            | Self::EventTypeOrder { old, new }
            | Self::EventTypeGroups { old, new }
            | Self::TableOrder { old, new }
            | Self::PipelineOrder { old, new }
            | Self::PartitionDefault { old, new } => Some((old.clone(), new.clone())),
            Self::ValueOrder { old, new } => Some((plain(old), plain(new))),
            _ => None,
        }
    }
}
