//! The keys of `lake.toml`.

use super::{COUNT, DOC, FORMAT, Key, Kind, POSITIVE, TYPES, may, must};

pub(super) const LAKE: &[Key] = &[
    FORMAT,
    DOC,
    must("bucket", Kind::Tables(BUCKET), "The R2 buckets, by binding."),
    must("path", Kind::Tables(PATH), "Where files of each kind lie."),
    must("time_pattern", Kind::Tables(TIME_PATTERN), "The time part of paths, by partition scheme."),
    must("data_file", Kind::Tables(DATA_FILE), "The fields of the entry that describes a data file."),
    must("writer", Kind::Table(WRITER), "How the writer of raw files batches."),
    must("compaction", Kind::Table(COMPACTION), "When small files are merged."),
    may("snapshots", Kind::Table(SNAPSHOTS), "When snapshots of tables are removed; never when absent."),
    may("raw", Kind::Table(RAW), "Where raw files of a table go, beside the table."),
    must("tier", Kind::Tables(TIER), "The storage tiers, hottest first."),
    must("tiering", Kind::Tables(TIERING), "After how long data moves to the next tier."),
    must("target", Kind::Tables(TARGET), "What queries should take."),
];

const BUCKET: &[Key] = &[must("name", Kind::Text, "The name of the bucket."), DOC];

const PATH: &[Key] = &[must("pattern", Kind::Text, "The path with {placeholders}."), DOC];

const TIME_PATTERN: &[Key] = &[
    may("default", Kind::Bool, "Whether the scheme is the one to start with."),
    must("pattern", Kind::Text, "The path as a strftime pattern."),
    DOC,
];

const DATA_FILE: &[Key] = &[
    must("type", Kind::Choice(TYPES), "The type."),
    may("required", Kind::Bool, "Whether every entry has it."),
    may("values", Kind::Texts, "The allowed values."),
    DOC,
];

const WRITER: &[Key] = &[
    must("batch_rows", POSITIVE, "Rows in a batch."),
    must("flush_interval_ms", POSITIVE, "The longest time between two flushes."),
    must("compression", Kind::Choice(&["uncompressed", "snappy", "gzip", "zstd", "lz4"]), "The Parquet compression."),
];

const COMPACTION: &[Key] = &[
    must("small_file_mb", POSITIVE, "A file below this size is small."),
    must("min_files", POSITIVE, "How many small files make it worthwhile."),
    // The platform's catalog compacts to these sizes and no others.
    must("target_file_mb", Kind::Integer(64, 512), "The size of a merged file: 64, 128, 256 or 512."),
];

const SNAPSHOTS: &[Key] = &[
    must("max_age_days", POSITIVE, "A snapshot beyond this age is old."),
    must("min_kept", POSITIVE, "How many snapshots are kept however old they are."),
];

const RAW: &[Key] = &[
    must("table", Kind::Text, "The table whose rows the files hold."),
    must("bucket", Kind::Text, "The binding of the bucket."),
    must("prefix", Kind::Text, "The path before the time pattern, without slashes at its ends."),
    DOC,
];

const TIER: &[Key] = &[must("storage", Kind::Text, "What stores it."), DOC];

const TIERING: &[Key] = &[
    may("default", Kind::Bool, "Whether the preset is the one to start with."),
    must("warm_after_days", COUNT, "Days in the hot tier."),
    must("cold_after_days", COUNT, "Days until the cold tier."),
    DOC,
];

const TARGET: &[Key] = &[
    may("min_ms", POSITIVE, "The lower end of the expected range."),
    may("p95_ms", POSITIVE, "What the 95th percentile must not exceed."),
    may("min_files_skipped_percent", Kind::Integer(1, 100), "The least share of files that pruning must skip."),
    DOC,
];
