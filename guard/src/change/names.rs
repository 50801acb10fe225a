//! What a changed name or place is of, and what happens to a query.

use serde::Serialize;

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
    /// The binding of the stream in a Worker.
    Binding,
    /// The Rust module and file of a group.
    Module,
    /// The binding by which the configuration names a bucket.
    BucketBinding,
    /// The label of a path pattern.
    PathLabel,
    /// The partition scheme that a time pattern is for.
    TimeScheme,
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
            Self::Binding => "binding of the stream",
            Self::Module => "module of the group",
            Self::BucketBinding => "binding of the bucket",
            Self::PathLabel => "name of the path pattern",
            Self::TimeScheme => "scheme of the time pattern",
        }
    }
}

/// A part of where data goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "part")]
pub enum Destination {
    /// The bucket of the table's catalog: its name, not the binding.
    Bucket,
    /// The namespace in the catalog.
    Namespace,
    /// The table that the sink creates.
    SinkTable,
    /// Raw files of the table as a whole.
    Raw,
    /// The bucket of the table's raw files.
    RawBucket,
    /// The path of the raw files before the time pattern.
    RawPrefix,
    /// The time pattern of the raw files in a partition scheme.
    RawPath {
        /// The scheme.
        scheme: String,
    },
    /// The scheme of raw files that a deployment gets unless it names another one.
    RawScheme,
}

/// Writes the words for reports.
impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bucket => "bucket",
            Self::Namespace => "namespace",
            Self::SinkTable => "table of the sink",
            Self::Raw => "raw files",
            Self::RawBucket => "bucket of the raw files",
            Self::RawPrefix => "prefix of the raw files",
            Self::RawPath { scheme } => return write!(f, "`{scheme}` path of the raw files"),
            Self::RawScheme => "default scheme of the raw files",
        })
    }
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
