//! The lake: buckets, file layouts, tiers and what queries should take.

/// Where files lie, how they are kept and what reading them should take.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lake {
    /// What the lake is.
    pub doc: String,
    /// The R2 buckets.
    pub buckets: Vec<Bucket>,
    /// Where files of each kind lie.
    pub paths: Vec<PathPattern>,
    /// The time part of the paths of raw files, the default one first.
    pub time_patterns: Vec<TimePattern>,
    /// The fields of the entry that describes a data file.
    pub data_file: Vec<DataFileField>,
    /// How the writer of raw files batches.
    pub writer: LakeWriter,
    /// When small files are merged.
    pub compaction: Compaction,
    /// When snapshots of tables are removed; without it all are kept.
    #[cfg_attr(feature = "serde", serde(default))]
    pub snapshots: Option<Snapshots>,
    /// Where raw files go, for those who want them beside the tables.
    #[cfg_attr(feature = "serde", serde(default))]
    pub raw: Option<RawFiles>,
    /// The storage tiers, hottest first.
    pub tiers: Vec<Tier>,
    /// After how long data moves to the next tier, the default preset first.
    pub tiering: Vec<TieringPreset>,
    /// What queries should take.
    pub targets: Vec<QueryTarget>,
}

/// An R2 bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bucket {
    /// The binding in a Worker.
    pub binding: String,
    /// The name of the bucket.
    pub name: String,
    /// What it holds.
    pub doc: String,
}

/// Where files of one kind lie.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PathPattern {
    /// The name of the kind.
    pub name: String,
    /// The path with `{placeholders}`.
    pub pattern: String,
    /// What the files are.
    pub doc: String,
}

/// The time part of a path in one partition scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimePattern {
    /// The partition scheme.
    pub scheme: String,
    /// The path as a strftime pattern.
    pub pattern: String,
    /// When to choose it.
    pub doc: String,
}

/// One field of a data file's entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DataFileField {
    /// The name; a dot leads into a nested record.
    pub name: String,
    /// The type: `string`, `int32`, `int64` or `timestamp`.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub ty: crate::ColumnType,
    /// Whether every entry has it.
    pub required: bool,
    /// What it means.
    pub doc: String,
    /// The allowed values, empty when any is.
    pub values: Vec<String>,
}

/// How the writer of raw files batches.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LakeWriter {
    /// Rows in a batch.
    pub batch_rows: u32,
    /// The longest time between two flushes.
    pub flush_interval_ms: u32,
    /// The Parquet compression.
    pub compression: String,
}

/// When small files are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Compaction {
    /// A file below this size is small.
    pub small_file_mb: u32,
    /// How many small files make it worthwhile.
    pub min_files: u32,
    /// The size of a merged file.
    pub target_file_mb: u32,
}

/// When snapshots of tables are removed: those that are both old and not among the last ones.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshots {
    /// A snapshot beyond this age is old.
    pub max_age_days: u32,
    /// How many are kept however old they are.
    pub min_kept: u32,
}

/// Where raw files of a table go: Parquet below the time pattern of a partition scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RawFiles {
    /// The table, without its version.
    pub table: String,
    /// The binding of the bucket.
    pub bucket: String,
    /// The path before the time pattern.
    pub prefix: String,
    /// What the files are for.
    pub doc: String,
}

/// A storage tier.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tier {
    /// The name.
    pub name: String,
    /// What stores it.
    pub storage: String,
    /// What it is for.
    pub doc: String,
}

/// After how long data moves to the next tier.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TieringPreset {
    /// The name.
    pub name: String,
    /// Days in the hot tier.
    pub warm_after_days: u32,
    /// Days until the cold tier.
    pub cold_after_days: u32,
    /// When to choose it.
    pub doc: String,
}

/// What a query should take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct QueryTarget {
    /// The name of the query.
    pub name: String,
    /// The 95th percentile must not exceed this.
    pub p95_ms: Option<u32>,
    /// The lower end of the expected range of the 95th percentile.
    pub min_ms: Option<u32>,
    /// The least share of files that pruning must skip.
    pub min_files_skipped_percent: Option<u32>,
    /// What the query does.
    pub doc: String,
}
