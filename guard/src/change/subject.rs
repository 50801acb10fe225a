//! The part of the definition that a change is about.

use serde::Serialize;

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
    /// An entry of the policy.
    Policy {
        /// Its path in the file, such as `rule.UE-C11` or `unused.select_star`.
        entry: String,
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
            Self::Schema
            | Self::Lake { .. }
            | Self::Query { .. }
            | Self::Waiver { .. }
            | Self::Policy { .. }
            | Self::Lock { .. } => None,
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
            Self::Policy { entry } => Some(entry),
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
            Self::Policy { .. } => "policy",
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
