//! One difference between two models, typed.
//!
//! A change says what differs and where, never what that means; the rules do. Columns, partition
//! fields and sort orders are paired by id, everything else by name.

use serde::Serialize;
use unified_event_schema::{
    Column, ColumnKind, ColumnType, Deprecation, Distribution, Format, Memory, Metrics, PartitionSpec, Requirement,
    SortOrder, StreamField, Value, Wire,
};

/// One difference between an old and a new model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Where it is.
    pub subject: Subject,
    /// What it is.
    pub kind: Kind,
}

/// The part of the definition that changed, under its newest name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "part")]
pub enum Subject {
    /// The definition as a whole.
    Schema,
    /// A table.
    Table {
        /// The name without a version.
        table: String,
    },
    /// A column of a table.
    Column {
        /// The table.
        table: String,
        /// The id, which the old and the new column share.
        id: u32,
        /// The newest name.
        name: String,
    },
    /// A partition spec of a table.
    PartitionSpec {
        /// The table.
        table: String,
        /// The name of the scheme.
        scheme: String,
    },
    /// The pipeline of a table: its filter and its sink.
    Pipeline {
        /// The table.
        table: String,
    },
    /// A field of a stream, where the stream does not follow the columns.
    Field {
        /// The table that the stream feeds.
        table: String,
        /// The key in the JSON.
        name: String,
    },
    /// A semantic group of the wide table.
    Group {
        /// The wide table.
        table: String,
        /// The PascalCase name.
        name: String,
    },
    /// An event type.
    EventType {
        /// The wide table.
        table: String,
        /// The value of `event_type`.
        name: String,
    },
    /// A setting of the lake.
    Lake {
        /// The path in the model, with `/`.
        path: String,
    },
    /// A query: of the library, or registered by a consumer.
    Query {
        /// The name of the query, or the path of its file.
        name: String,
    },
    /// A waiver.
    Waiver {
        /// The fingerprint that it names.
        fingerprint: String,
    },
    /// A line of the lock.
    Lock {
        /// What it is about: its first words.
        line: String,
    },
}

impl Subject {
    /// Returns the table that the change is about; changes of the whole definition have none.
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::Schema | Self::Lake { .. } | Self::Query { .. } | Self::Waiver { .. } | Self::Lock { .. } => None,
            Self::Table { table }
            | Self::Column { table, .. }
            | Self::PartitionSpec { table, .. }
            | Self::Pipeline { table }
            | Self::Field { table, .. }
            | Self::Group { table, .. }
            | Self::EventType { table, .. } => Some(table),
        }
    }

    /// Returns the name of the part within its table.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Schema | Self::Table { .. } | Self::Pipeline { .. } => None,
            Self::Column { name, .. }
            | Self::Field { name, .. }
            | Self::Group { name, .. }
            | Self::EventType { name, .. }
            | Self::Query { name } => Some(name),
            Self::PartitionSpec { scheme, .. } => Some(scheme),
            Self::Lake { path } => Some(path),
            Self::Waiver { fingerprint } => Some(fingerprint),
            Self::Lock { line } => Some(line),
        }
    }

    /// Returns the word for the part.
    pub const fn part(&self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Table { .. } => "table",
            Self::Column { .. } => "column",
            Self::PartitionSpec { .. } => "partition spec",
            Self::Pipeline { .. } => "pipeline",
            Self::Field { .. } => "field",
            Self::Group { .. } => "group",
            Self::EventType { .. } => "event type",
            Self::Lake { .. } => "lake",
            Self::Query { .. } => "query",
            Self::Waiver { .. } => "waiver",
            Self::Lock { .. } => "lock",
        }
    }
}

/// Writes the part as reports name it, such as ``column `unified_events.status` ``.
impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self, self.table(), self.name()) {
            (Self::Schema, ..) => f.write_str("the definition"),
            (Self::Lock { line }, ..) => write!(f, "line `{line}`"),
            (_, Some(table), Some(name)) => write!(f, "{} `{table}.{name}`", self.part()),
            (_, Some(table), None) => write!(f, "{} `{table}`", self.part()),
            (_, None, name) => write!(f, "{} `{}`", self.part(), name.unwrap_or_default()),
        }
    }
}

/// A name that something outside of the definition knows a part by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameOf {
    /// The event: its Rust and TypeScript type.
    Event,
    /// The table as engines know it.
    Table,
    /// The pipeline of the platform.
    Pipeline,
    /// The stream.
    Stream,
    /// The sink.
    Sink,
    /// The table that the sink creates.
    SinkTable,
    /// The namespace in the catalog.
    Namespace,
    /// The bucket of the catalog.
    Bucket,
    /// The binding of the stream in a Worker.
    Binding,
    /// The Rust module and file of a group.
    Module,
}

impl NameOf {
    /// Returns the words for reports.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Event => "name of the event",
            Self::Table => "name of the table",
            Self::Pipeline => "name of the pipeline",
            Self::Stream => "name of the stream",
            Self::Sink => "name of the sink",
            Self::SinkTable => "table of the sink",
            Self::Namespace => "namespace of the sink",
            Self::Bucket => "bucket of the sink",
            Self::Binding => "binding of the stream",
            Self::Module => "module of the group",
        }
    }
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

/// What happens to a registered query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryProblem {
    /// A name is not there.
    Unresolved,
    /// A name means two things.
    Ambiguous,
    /// A name means something else than before, and the query still runs.
    Meaning,
    /// A column of the result has another type.
    Types,
    /// The result has other columns.
    Columns,
    /// It compares a column with what is no value of it any more.
    Literals,
    /// It reads values that mean something else than before, or rows that are chosen otherwise.
    Values,
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
