//! DuckDB's own tables, which know neither partitions nor a sort order.

use unified_event_schema::Table;

use super::{lines, quoted, standard_literal};

/// Returns the statements that create a table and its comments.
pub(super) fn create(table: &Table) -> String {
    let name = quoted(&table.physical_name);
    let columns = lines(table.columns.iter().map(|column| {
        let null = if column.required { " NOT NULL" } else { "" };
        format!("{} {}{null}", quoted(&column.name), column.ty.names().duckdb)
    }));
    let mut out = format!("CREATE TABLE {name} (\n{columns}\n);\n\n");
    out.push_str(&format!("COMMENT ON TABLE {name} IS {};\n", standard_literal(&table.doc)));
    for column in &table.columns {
        let comment = standard_literal(&column.comment());
        out.push_str(&format!("COMMENT ON COLUMN {name}.{} IS {comment};\n", quoted(&column.name)));
    }
    out
}
