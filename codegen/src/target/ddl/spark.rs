//! Spark SQL with the Iceberg extensions.

use unified_event_schema::{ColumnType, PartitionField, Table, Transform};

use super::{direction, escaped_literal, lines, sort_fields, ticked};

/// Returns the statements that create a table in the current catalog and namespace.
pub(super) fn create(table: &Table) -> String {
    let name = ticked(&table.physical_name);
    let columns = lines(table.columns.iter().map(|column| {
        let null = if column.required { " NOT NULL" } else { "" };
        let ty = type_name(column.ty);
        format!("{} {ty}{null} COMMENT {}", ticked(&column.name), escaped_literal(&column.comment()))
    }));
    let mut out = format!("CREATE TABLE {name} (\n{columns}\n)\nUSING iceberg\n");
    // The grammar has neither an empty list of partitions nor one of properties.
    if let Some(spec) = table.partition_specs.first().filter(|s| !s.fields.is_empty()) {
        let fields: Vec<String> = spec.fields.iter().map(partition).collect();
        out.push_str(&format!("PARTITIONED BY ({})\n", fields.join(", ")));
    }
    out.push_str(&format!("COMMENT {}", escaped_literal(&table.doc)));
    let properties = table.properties.iter().map(|(k, v)| format!("{} = {}", escaped_literal(k), escaped_literal(v)));
    let properties = lines(properties);
    if !properties.is_empty() {
        out.push_str(&format!("\nTBLPROPERTIES (\n{properties}\n)"));
    }
    out.push_str(";\n");
    let order: Vec<String> =
        sort_fields(table).iter().map(|f| format!("{} {}", ticked(&f.column), direction(f))).collect();
    if !order.is_empty() {
        // `ORDERED BY` alone would turn the distribution mode into `range`.
        let write = match table.distribution.as_ref().map(|d| d.mode.as_str()) {
            Some("hash") => "DISTRIBUTED BY PARTITION LOCALLY ORDERED BY",
            Some("none") => "LOCALLY ORDERED BY",
            _ => "ORDERED BY",
        };
        out.push_str(&format!("\nALTER TABLE {name} WRITE {write} {};\n", order.join(", ")));
    }
    let identifier: Vec<String> = table.identifier_columns().iter().map(|c| ticked(&c.name)).collect();
    if !identifier.is_empty() {
        out.push_str(&format!("\nALTER TABLE {name} SET IDENTIFIER FIELDS {};\n", identifier.join(", ")));
    }
    out
}

fn partition(field: &PartitionField) -> String {
    let column = ticked(&field.column);
    match field.transform {
        Transform::Identity => column,
        Transform::Year => format!("years({column})"),
        Transform::Month => format!("months({column})"),
        Transform::Day => format!("days({column})"),
        Transform::Hour => format!("hours({column})"),
        Transform::Bucket(n) => format!("bucket({n}, {column})"),
        Transform::Truncate(w) => format!("truncate({w}, {column})"),
    }
}

/// Returns the type in Spark SQL.
pub(crate) const fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Json => "STRING",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Int32 => "INT",
        ColumnType::Int64 => "BIGINT",
        ColumnType::Float64 => "DOUBLE",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::Binary => "BINARY",
    }
}
