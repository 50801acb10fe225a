//! The transforms of the platform's pipelines: `INSERT INTO … SELECT`, one output column a line.

use unified_event_schema::{Pipeline, Schema, Table, sql};

use crate::{Artifact, head_note};

/// Returns `sql/<table>.sql` for every table.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let tables = schema.tables.iter().filter_map(|t| Some((t, schema.pipeline(&t.name)?)));
    tables
        .map(|(table, pipeline)| {
            Artifact::text(
                format!("sql/{}.sql", table.physical_name),
                transform(schema, table, pipeline, &pipeline.sink.name),
            )
        })
        .collect()
}

/// Returns the transform of one pipeline into a sink.
///
/// Every column is explicit and aliased: the sink makes its table from the names and types of the
/// output, and neither can be changed afterwards.
pub(super) fn transform(schema: &Schema, table: &Table, pipeline: &Pipeline, sink: &str) -> String {
    let mut out = head_note("--");
    out.push_str(&format!("-- {}\n", pipeline.doc));
    out.push_str(&format!("INSERT INTO {}\nSELECT\n", sql::quote(sink)));
    let mut group = None;
    for (i, column) in table.columns.iter().enumerate() {
        if column.group != group {
            group.clone_from(&column.group);
            if let Some(group) = group.as_deref().and_then(|g| schema.group(g)) {
                out.push_str(&format!("  -- {}: {}\n", group.name, group.doc));
            }
        }
        // A loaded schema has no expression that does not print; a broken one must not pass as SQL.
        let expression = match sql::output_expression(table, pipeline, column) {
            Ok(output) => output.sql,
            Err(fault) => format!("!! {fault}"),
        };
        let comma = if i + 1 < table.columns.len() { "," } else { "" };
        out.push_str(&format!("  {expression} AS {}{comma}\n", sql::quote(&column.name)));
    }
    out.push_str(&format!("FROM {}", sql::quote(&pipeline.stream.name)));
    match sql::filter_expression(table, pipeline) {
        Ok(Some(filter)) => out.push_str(&format!("\nWHERE {filter}")),
        Ok(None) => {}
        Err(fault) => out.push_str(&format!("\n!! {fault}")),
    }
    out.push_str(";\n");
    out
}
