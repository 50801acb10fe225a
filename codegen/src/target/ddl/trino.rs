//! Trino with the Iceberg connector.

use unified_event_schema::{ColumnType, PartitionField, Table, Transform};

use super::{direction, lines, quoted, sort_fields, standard_literal};

/// Returns the statement that creates a table in the current catalog and schema.
///
/// The connector takes no other Iceberg properties here unless the catalog allows them.
pub(super) fn create(table: &Table) -> String {
    let columns = lines(table.columns.iter().map(|column| {
        let null = if column.required { " NOT NULL" } else { "" };
        let ty = type_name(column.ty);
        format!("{} {ty}{null} COMMENT {}", quoted(&column.name), standard_literal(&column.comment()))
    }));
    let mut options = vec!["format = 'PARQUET'".to_owned()];
    if let Some(version) = table.properties.get("format-version") {
        options.push(format!("format_version = {version}"));
    }
    if let Some(codec) = table.properties.get("write.parquet.compression-codec") {
        options.push(format!("compression_codec = {}", standard_literal(&codec.to_uppercase())));
    }
    if let Some(spec) = table.partition_specs.first() {
        options.push(format!("partitioning = {}", array(spec.fields.iter().map(partition))));
    }
    let order = sort_fields(table);
    if !order.is_empty() {
        options.push(format!(
            "sorted_by = {}",
            array(order.iter().map(|f| format!("{} {}", quoted_if_needed(&f.column), direction(f))))
        ));
    }
    let mut out = format!("CREATE TABLE {} (\n{columns}\n)\n", quoted(&table.physical_name));
    out.push_str(&format!("COMMENT {}\nWITH (\n{}\n);\n", standard_literal(&table.doc), lines(options)));
    out
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("ARRAY[{}]", items.map(|i| standard_literal(&i)).collect::<Vec<_>>().join(", "))
}

/// Within these texts the connector wants a plain name bare.
fn quoted_if_needed(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { name.to_owned() } else { quoted(name) }
}

fn partition(field: &PartitionField) -> String {
    let column = quoted_if_needed(&field.column);
    match field.transform {
        Transform::Identity => column,
        Transform::Year => format!("year({column})"),
        Transform::Month => format!("month({column})"),
        Transform::Day => format!("day({column})"),
        Transform::Hour => format!("hour({column})"),
        Transform::Bucket(n) => format!("bucket({column}, {n})"),
        Transform::Truncate(w) => format!("truncate({column}, {w})"),
    }
}

/// Returns the type in Trino.
pub(crate) const fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Json => "VARCHAR",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Int32 => "INTEGER",
        ColumnType::Int64 => "BIGINT",
        ColumnType::Float64 => "DOUBLE",
        ColumnType::Timestamp => "TIMESTAMP(6) WITH TIME ZONE",
        ColumnType::Binary => "VARBINARY",
    }
}
