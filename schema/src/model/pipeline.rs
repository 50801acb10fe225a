//! Pipelines: the stream that takes events in, the filter, and the sink.

use super::{Column, ValueSet, Wire};
use crate::{ColumnType, Format, Value};

/// A pipeline of the platform: stream, transform and sink for one table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pipeline {
    /// The name with the table version, as the platform knows it.
    pub name: String,
    /// The table it feeds, without the version.
    pub table: String,
    /// What flows through it.
    pub doc: String,
    /// The name of the stream's binding in a Worker.
    pub binding: String,
    /// The condition that a row must meet to be stored.
    pub filter: Option<String>,
    /// What it reads.
    pub stream: Stream,
    /// What it writes.
    pub sink: Sink,
}

/// A stream of the platform.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stream {
    /// The name with the table version.
    pub name: String,
    /// The fields in order.
    pub fields: Vec<StreamField>,
}

impl Stream {
    /// Returns the field that is called `name`.
    pub fn field(&self, name: &str) -> Option<&StreamField> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// One field of a stream: a key of the JSON that producers send.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StreamField {
    /// The key.
    pub name: String,
    /// The type on the wire.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub ty: ColumnType,
    /// Whether the platform drops an event without it.
    pub required: bool,
    /// Whether a text of no characters is refused.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "super::column::is_default"))]
    pub non_empty: bool,
    /// What the value means.
    pub doc: String,
    /// A realistic value.
    pub example: Value,
    /// The shape of the text.
    pub format: Option<Format>,
    /// The values that are allowed or known.
    pub values: Option<ValueSet>,
}

impl StreamField {
    /// Says whether the field takes a value in wire form; conventions refuse nothing.
    ///
    /// # Errors
    ///
    /// What is expected, when it does not.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let enforced = self.format.filter(|f| !f.is_convention());
        if self.non_empty && value.as_text() == Some("") {
            return Err("text that is not empty".to_owned());
        }
        crate::example::check(value, self.ty, enforced, self.values.as_ref())
    }

    /// Returns the field that carries a column, where the stream follows the columns.
    pub fn from_column(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            ty: column.stream_type(),
            required: column.required,
            non_empty: column.non_empty,
            doc: column.doc.clone(),
            example: match (&column.example, column.wire) {
                (Value::Int(n), Wire::DecimalString) => Value::Text(n.to_string()),
                (example, _) => example.clone(),
            },
            format: column.format,
            values: column.values.clone(),
        }
    }
}

/// The sink of a pipeline: a table of the platform's catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sink {
    /// The name with the table version.
    pub name: String,
    /// The binding of the bucket that holds the catalog.
    pub bucket: String,
    /// The namespace in the catalog.
    pub namespace: String,
    /// The table it creates, with the version.
    pub table: String,
    /// The Parquet compression.
    pub compression: String,
    /// After how long a file is closed.
    pub roll_interval_seconds: u32,
    /// At which size a file is closed.
    pub roll_size_mb: u32,
    /// The size of a row group; without one the platform chooses a gigabyte.
    #[cfg_attr(feature = "serde", serde(default))]
    pub row_group_mb: Option<u32>,
}

/// The column that a sink adds to its table: when the row arrived. The table is partitioned by its day.
pub const INGEST_COLUMN: &str = "__ingest_ts";

/// How many streams, sinks and pipelines an account may have (platform limits, October 2026).
pub const ACCOUNT_QUOTA: usize = 20;
