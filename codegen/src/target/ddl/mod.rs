//! `CREATE TABLE` for the engines that own tables: one file a table and dialect.

mod clickhouse;
pub(crate) mod duckdb;
pub(crate) mod spark;
pub(crate) mod trino;

use unified_event_schema::{Schema, SortDirection, SortField, Table};

use crate::{Artifact, head_note};

/// A dialect: its folder and its `CREATE TABLE`.
struct Dialect {
    folder: &'static str,
    create: fn(&Table) -> String,
}

const DIALECTS: [Dialect; 4] = [
    Dialect { folder: "spark", create: spark::create },
    Dialect { folder: "trino", create: trino::create },
    Dialect { folder: "duckdb", create: duckdb::create },
    Dialect { folder: "clickhouse", create: clickhouse::create },
];

/// Returns `sql/ddl/<dialect>/<table>.sql` for every table and dialect.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    for Dialect { folder, create } in DIALECTS {
        for table in &schema.tables {
            let path = format!("sql/ddl/{folder}/{}.sql", table.physical_name);
            artifacts.push(Artifact::text(path, format!("{}{}", head_note("--"), create(table))));
        }
    }
    artifacts
}

/// Quotes an identifier with backticks.
fn ticked(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Quotes an identifier with double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes a literal where a quote is doubled and a backslash is itself: the SQL standard.
fn standard_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Writes a literal where the backslash escapes: Spark and ClickHouse. Spark refuses doubled quotes.
fn escaped_literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Returns `ASC NULLS FIRST` and the like.
fn direction(field: &SortField) -> &'static str {
    use unified_event_schema::NullOrder::{First, Last};
    match (field.direction, field.nulls) {
        (SortDirection::Asc, First) => "ASC NULLS FIRST",
        (SortDirection::Asc, Last) => "ASC NULLS LAST",
        (SortDirection::Desc, First) => "DESC NULLS FIRST",
        (SortDirection::Desc, Last) => "DESC NULLS LAST",
    }
}

/// Joins the lines of a list with commas.
fn lines(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("  {item}")).collect::<Vec<_>>().join(",\n")
}

/// Returns the sort fields of a table.
fn sort_fields(table: &Table) -> &[SortField] {
    table.sort_order.as_ref().map_or(&[], |order| order.fields.as_slice())
}
