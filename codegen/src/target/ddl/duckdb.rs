//! DuckDB's own tables, which know neither partitions nor a sort order.

use unified_event_schema::{ColumnType, Table};

use super::{lines, quoted, standard_literal};

/// Returns the statements that create a table and its comments.
pub(super) fn create(table: &Table) -> String {
    let name = quoted(&table.physical_name);
    let columns = lines(table.columns.iter().map(|column| {
        let null = if column.required { " NOT NULL" } else { "" };
        format!("{} {}{null}", quoted(&column.name), type_name(column.ty))
    }));
    let mut out = format!("CREATE TABLE {name} (\n{columns}\n);\n\n");
    out.push_str(&format!("COMMENT ON TABLE {name} IS {};\n", standard_literal(&table.doc)));
    for column in &table.columns {
        let comment = standard_literal(&column.comment());
        out.push_str(&format!("COMMENT ON COLUMN {name}.{} IS {comment};\n", quoted(&column.name)));
    }
    out
}

/// Returns the type in DuckDB.
pub(crate) const fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "VARCHAR",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Int32 => "INTEGER",
        ColumnType::Int64 => "BIGINT",
        ColumnType::Float64 => "DOUBLE",
        ColumnType::Timestamp => "TIMESTAMPTZ",
        ColumnType::Json => "JSON",
        ColumnType::Binary => "BLOB",
    }
}
