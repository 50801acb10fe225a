//! The language of the definition: every key, what it wants and what it means.
//!
//! One table drives the loader's check of shapes, the JSON Schemas for editors and the test that
//! `README.md` names every key.

mod lake;

/// A key of the definition.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// What value it wants.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it means, for editors.
    pub doc: &'static str,
}

/// What value a key wants.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text.
    Text,
    /// A boolean.
    Bool,
    /// An integer in a range, both ends included.
    Integer(i64, i64),
    /// One of a few texts.
    Choice(&'static [&'static str]),
    /// An array of texts.
    Texts,
    /// A table of texts under free keys.
    TextMap,
    /// A table of texts under free keys, or one of a few texts.
    TextMapOr(&'static [&'static str]),
    /// Any value.
    Any,
    /// A table with fixed keys.
    Table(&'static [Key]),
    /// A table of tables under free names.
    Tables(&'static [Key]),
    /// An array of tables.
    List(&'static [Key]),
}

/// A kind of file of the definition.
#[derive(Debug, Clone, Copy)]
pub struct FileKind {
    /// The name, also that of its JSON Schema.
    pub name: &'static str,
    /// What the file holds.
    pub doc: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// The kinds of file of a definition.
pub const FILE_KINDS: [FileKind; 7] = [
    FileKind { name: "schema", doc: "The top file of the definition.", keys: SCHEMA },
    FileKind { name: "group", doc: "The columns of one semantic group.", keys: GROUP },
    FileKind { name: "event_types", doc: "The event types and what each requires.", keys: EVENT_TYPES },
    FileKind { name: "table", doc: "One table and its engine layout.", keys: TABLE },
    FileKind { name: "pipeline", doc: "The stream, the filter and the sink of one table.", keys: PIPELINE },
    FileKind { name: "lake", doc: "Buckets, file layouts, tiers and query targets.", keys: lake::LAKE },
    FileKind { name: "query", doc: "One query of the library and its parameters.", keys: QUERY },
];

const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: true, doc }
}

const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: false, doc }
}

const FORMAT: Key = must("format", Kind::Integer(1, 1), "The version of the language of the definition.");
const DOC: Key = must("doc", Kind::Text, "What it means; the first sentence stands alone.");
const VERSION: Kind = Kind::Integer(1, 9_999);
const COUNT: Kind = Kind::Integer(0, i32::MAX as i64);
const POSITIVE: Kind = Kind::Integer(1, i32::MAX as i64);

/// The types that columns and fields may have.
pub const TYPES: &[&str] = &["string", "bool", "int32", "int64", "float64", "timestamp", "json", "binary"];
/// The formats that text may declare.
pub const FORMATS: &[&str] = &["hex-16", "hex-32", "iso-3166-1-alpha-2", "date", "noun.verb", "namespace"];

const SCHEMA: &[Key] = &[
    FORMAT,
    must("name", Kind::Text, "The name of the event, PascalCase."),
    DOC,
    must("groups", Kind::Texts, "The files of the groups, in order and without their ending."),
    must("tables", Kind::Texts, "The tables in order; each has a file in `tables/` and one in `pipelines/`."),
    may("queries", Kind::Texts, "The queries in order; each has a file in `queries/`."),
    may("wire", Kind::Table(WIRE), "The limits of an event as JSON; those of the platform when absent."),
];

const WIRE: &[Key] = &[
    may(
        "max_depth",
        Kind::Integer(1, 125),
        "How deep arrays and objects nest in the value of a column, empty ones counted; 120 when absent.",
    ),
    may("max_record_bytes", Kind::Integer(1_024, 1_000_000), "A record stays below it; 1000000 when absent."),
    may(
        "max_request_bytes",
        Kind::Integer(1_024, 5_000_000),
        "All records of a request stay below it; 5000000 when absent.",
    ),
];

const GROUP: &[Key] = &[
    FORMAT,
    must("name", Kind::Text, "The PascalCase name of the group."),
    DOC,
    must("column", Kind::Tables(COLUMN), "The columns of the group."),
];

/// The keys of a column.
pub const COLUMN: &[Key] = &[
    must(
        "id",
        Kind::Integer(1, 2_147_483_447),
        "The identity of the column in all versions of its table; never changed, never used again.",
    ),
    must("type", Kind::Choice(TYPES), "The logical type."),
    DOC,
    must("example", Kind::Any, "A realistic value in wire form."),
    may("required", Kind::Bool, "Whether every row has a value; `false` when absent."),
    may("non_empty", Kind::Bool, "Whether a text of no characters is refused; `false` when absent."),
    may("kind", Kind::Choice(&["event", "system"]), "Who says it; `event` when absent."),
    may("format", Kind::Choice(FORMATS), "The shape of a string."),
    may("values", Kind::TextMapOr(&["event_types"]), "The closed set of values and their meanings."),
    may("known_values", Kind::TextMap, "The open set of values and their meanings."),
    may("unit", Kind::Text, "The unit of a number, as a UCUM code."),
    may("computed", Kind::Text, "The expression with which the pipeline computes the column."),
    may("transform", Kind::Text, "The expression with which the pipeline rewrites the value."),
    may("wire", Kind::Choice(&["number", "decimal-string"]), "How an int64 travels in JSON."),
    may("memory", Kind::Choice(&["object", "string-map", "text"]), "How a json column is held in TypeScript."),
    may("meaning", VERSION, "The revision of the meaning; raise it when the value comes to mean something else."),
    may("renamed_from", Kind::Text, "The name that the column had before, under the same id."),
    may("since", VERSION, "The table version that introduced the column."),
    may("deprecated", Kind::Table(DEPRECATED), "When and why the column goes away."),
];

const DEPRECATED: &[Key] = &[
    must("since", VERSION, "The table version since which it is deprecated."),
    must("reason", Kind::Text, "Why it goes away."),
    may("remove_after", Kind::Text, "The date before which it must not be removed, YYYY-MM-DD."),
    may("replaced_by", Kind::Text, "The column to use instead."),
];

const EVENT_TYPES: &[Key] = &[FORMAT, must("event_type", Kind::Tables(EVENT_TYPE), "The event types, in order.")];

const EVENT_TYPE: &[Key] = &[
    DOC,
    may("requires", Kind::Texts, "Columns that an event of the type must set."),
    may("requires_any", Kind::Texts, "Columns of which at least one must be set."),
    must("groups", Kind::Texts, "The groups that the type mainly uses."),
];

const TABLE: &[Key] = &[
    FORMAT,
    must("name", Kind::Text, "The name of the table without its version."),
    must("version", VERSION, "The table version."),
    DOC,
    may("columns", Kind::Choice(&["groups"]), "`groups`: the columns are those of all groups."),
    may("column", Kind::Tables(COLUMN), "The columns of the table."),
    may("key", Kind::Texts, "The columns that together tell one row from every other."),
    must("partition", Kind::Tables(PARTITION), "The partition specs of the engine layout, by scheme."),
    may("sort", Kind::Table(SORT), "The sort order of the engine layout."),
    may("distribution", Kind::Table(DISTRIBUTION), "How writers shuffle rows."),
    may("metrics", Kind::Table(METRICS), "Which column statistics writers keep."),
    may("properties", Kind::TextMap, "Iceberg table properties."),
];

const PARTITION: &[Key] = &[
    may("default", Kind::Bool, "Whether the scheme is the one that DDL and create requests use."),
    must("spec_id", COUNT, "The id of the spec, from 0."),
    must("fields", Kind::List(PARTITION_FIELD), "The fields in order."),
];

const PARTITION_FIELD: &[Key] = &[
    must("id", Kind::Integer(1_000, i32::MAX as i64), "The id of the field, from 1000."),
    must("column", Kind::Text, "The source column."),
    must("transform", Kind::Text, "identity, year, month, day, hour, bucket[N] or truncate[W]."),
];

const SORT: &[Key] = &[
    must("order_id", POSITIVE, "The id of the order, from 1."),
    must("fields", Kind::List(SORT_FIELD), "The fields in order."),
];

const SORT_FIELD: &[Key] = &[
    must("column", Kind::Text, "The column."),
    must("direction", Kind::Choice(&["asc", "desc"]), "Ascending or descending."),
    must("nulls", Kind::Choice(&["first", "last"]), "Where nulls go."),
];

const DISTRIBUTION: &[Key] = &[
    must("mode", Kind::Choice(&["none", "hash", "range"]), "The mode of distribution."),
    must("columns", Kind::Texts, "The columns to shuffle by."),
];

const METRICS: &[Key] = &[
    must("default", Kind::Text, "The mode for all columns: none, counts, truncate(N) or full."),
    must("keys", Kind::Text, "The mode for partition and sort columns."),
];

const PIPELINE: &[Key] = &[
    FORMAT,
    must("table", Kind::Text, "The table that the pipeline feeds."),
    must("binding", Kind::Text, "The name of the stream's binding in a Worker."),
    DOC,
    may("where", Kind::Text, "The condition that a row must meet to be stored."),
    must("stream", Kind::Table(STREAM), "The stream that takes the events in."),
    may("field", Kind::Tables(FIELD), "The fields of the stream, in order."),
    must("sink", Kind::Table(SINK), "The sink that writes the table."),
];

const STREAM: &[Key] = &[
    must("name", Kind::Text, "The name of the stream without a version."),
    may("fields", Kind::Choice(&["columns"]), "`columns`: the fields are the columns that a producer may set."),
];

const FIELD: &[Key] = &[
    must("type", Kind::Choice(TYPES), "The type on the wire."),
    DOC,
    must("example", Kind::Any, "A realistic value."),
    may("required", Kind::Bool, "Whether the platform drops an event without it."),
    may("non_empty", Kind::Bool, "Whether a text of no characters is refused; `false` when absent."),
    may("format", Kind::Choice(FORMATS), "The shape of a string."),
    may("values", Kind::TextMap, "The closed set of values and their meanings."),
    may("known_values", Kind::TextMap, "The open set of values and their meanings."),
];

const SINK: &[Key] = &[
    must("name", Kind::Text, "The name of the sink without a version."),
    must("bucket", Kind::Text, "The binding of the bucket, from `lake.toml`."),
    must("namespace", Kind::Text, "The namespace in the catalog."),
    must("compression", Kind::Choice(&["uncompressed", "snappy", "gzip", "zstd", "lz4"]), "The Parquet compression."),
    must(
        "roll_interval_seconds",
        Kind::Integer(60, 86_400),
        "After how long a file is closed; the catalog wants 60 at least.",
    ),
    must("roll_size_mb", Kind::Integer(5, 5_120), "At which size a file is closed."),
    may("row_group_mb", Kind::Integer(1, 1_024), "The size of a row group; 1024 when absent, as on the platform."),
];

const QUERY: &[Key] = &[
    FORMAT,
    must("name", Kind::Text, "The name of the query; equals the file name."),
    DOC,
    may("target", Kind::Text, "What it should take: a `[target.<name>]` of `lake.toml`."),
    may("parameter", Kind::Tables(PARAMETER), "What the caller fills in for `$name`."),
    must("sql", Kind::Text, "The query: tables without their version, parameters as `$name`."),
];

const PARAMETER: &[Key] = &[
    must("type", Kind::Choice(TYPES), "The type of the literal."),
    DOC,
    must("example", Kind::Any, "A value with which the query finds something."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnType, Format};

    #[test]
    fn choices_are_those_of_the_model() {
        assert_eq!(TYPES, ColumnType::ALL.map(|t| t.name()));
        assert_eq!(FORMATS, Format::ALL.map(|f| f.name()));
    }
}
