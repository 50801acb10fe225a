//! `docs/schema-reference.md`: every group and column, for people.

use unified_event_schema::{Column, Pipeline, Schema, Table, ValueSet};

use super::cloudflare::stream_type;
use super::{arrow, iceberg, rust, typescript};
use crate::{Artifact, HEAD_NOTE};

/// Returns the reference.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let mut out = format!("<!-- {HEAD_NOTE} -->\n# {} reference\n\n{}\n\n", schema.name, schema.doc);
    overview(schema, &mut out);
    event_types(schema, &mut out);
    for table in &schema.tables {
        out.push_str(&format!("## Table `{}`\n\n{} Version {}.\n\n", table.physical_name, table.doc, table.version));
        if let Some(pipeline) = schema.pipeline(&table.name) {
            layout(table, pipeline, &mut out);
        }
        if table.grouped {
            for group in &schema.groups {
                out.push_str(&format!("### {}\n\n{}\n\n", group.name, group.doc));
                columns(schema, table, schema.group_columns(group), &mut out);
            }
        } else {
            columns(schema, table, table.columns.iter(), &mut out);
        }
    }
    vec![Artifact::text("docs/schema-reference.md", out)]
}

fn overview(schema: &Schema, out: &mut String) {
    let counts = schema.counts;
    out.push_str(&format!(
        "{} event columns and {} system columns make the {} columns of a stored row, in {} groups: ",
        counts.event,
        counts.system,
        counts.stored,
        schema.groups.len()
    ));
    let groups = schema.groups.iter().map(|g| format!("[{}](#{}) {}", g.name, g.name.to_lowercase(), g.columns.len()));
    out.push_str(&groups.collect::<Vec<_>>().join(" · "));
    out.push_str(".\n\nTypes are given for the engine layout; the platform's managed tables differ only in that their timestamps have no zone.\nThe id of a column is its identity in all versions. Its Iceberg field id is its rank in the table, which stands beside the id where it is another number.\n\n");
}

fn event_types(schema: &Schema, out: &mut String) {
    out.push_str("## Event types\n\n| event type | requires | mainly uses | what |\n|---|---|---|---|\n");
    for event_type in &schema.event_types {
        let requires: Vec<String> = event_type.requires.iter().map(ToString::to_string).collect();
        let groups = event_type.groups.join(", ");
        out.push_str(&format!(
            "| `{}` | {} | {groups} | {} |\n",
            event_type.name,
            requires.join(", "),
            cell(&event_type.doc)
        ));
    }
    out.push('\n');
}

fn layout(table: &Table, pipeline: &Pipeline, out: &mut String) {
    out.push_str(&format!(
        "Fed by the stream `{}` (binding `{}`, {} fields).",
        pipeline.stream.name,
        pipeline.binding,
        pipeline.stream.fields.len()
    ));
    if let Some(filter) = &pipeline.filter {
        out.push_str(&format!(" Stored are rows for which `{filter}`."));
    }
    if !table.key.is_empty() {
        let key: Vec<String> = table.key.iter().map(|c| format!("`{c}`")).collect();
        out.push_str(&format!(" A row is known by {}.", key.join(", ")));
    }
    for spec in &table.partition_specs {
        let fields = spec.fields.iter().map(|f| format!("{}({})", f.transform, f.column)).collect::<Vec<_>>();
        out.push_str(&format!(" Partitioned `{}`: {}.", spec.scheme, fields.join(", ")));
    }
    out.push_str("\n\n");
}

fn columns<'a>(schema: &Schema, table: &Table, columns: impl Iterator<Item = &'a Column>, out: &mut String) {
    let columns: Vec<&Column> = columns.collect();
    out.push_str("| id | column | Rust | Arrow | Iceberg | stream | TypeScript | on the wire | required by |\n");
    out.push_str("|---:|---|---|---|---|---|---|---|---|\n");
    for column in &columns {
        let stream = if column.is_settable() { stream_type(column.stream_type()) } else { "computed" };
        let wire = if column.is_settable() { typescript::types::wire(column.stream_type()) } else { "–" };
        out.push_str(&format!(
            "| {} | `{}` | `{}` | `{}` | `{}` | {stream} | `{}` | {wire} | {} |\n",
            ids(table, column),
            column.name,
            rust::value_type(column),
            arrow::type_name(column.ty),
            iceberg::primitive_type(column.ty),
            typescript::memory_type(column),
            required_by(schema, table, column)
        ));
    }
    out.push('\n');
    for column in &columns {
        describe(column, out);
    }
    out.push('\n');
}

/// Returns the id of a column, with its field id where that is another number.
fn ids(table: &Table, column: &Column) -> String {
    match table.field_id(column.id) {
        Some(field_id) if field_id != column.id => format!("{} (field {field_id})", column.id),
        _ => column.id.to_string(),
    }
}

fn required_by(schema: &Schema, table: &Table, column: &Column) -> String {
    if column.required {
        return "every row".to_owned();
    }
    if !table.grouped {
        return String::new();
    }
    let types = schema.event_types.iter().filter_map(|event_type| {
        let requirement = event_type.requires.iter().find(|r| r.any_of.contains(&column.name))?;
        let suffix = if requirement.any_of.len() > 1 { " (one of)" } else { "" };
        Some(format!("{}{suffix}", event_type.name))
    });
    types.collect::<Vec<_>>().join(", ")
}

fn describe(column: &Column, out: &mut String) {
    out.push_str(&format!(
        "- **`{}`**: {} Example: {}.",
        column.name,
        column.comment(),
        code(&column.example.to_string())
    ));
    if let Some(unit) = &column.unit {
        out.push_str(&format!(" Unit: {unit}."));
    }
    if column.non_empty {
        out.push_str(" Never empty.");
    }
    if let Some(format) = column.format {
        let force = if format.is_convention() { "by convention" } else { "enforced" };
        out.push_str(&format!(" Format: {} ({force}).", format.expected()));
    }
    if let Some(values) = &column.values {
        describe_values(values, out);
    }
    if let Some(expression) = &column.computed {
        out.push_str(&format!(" Computed: {}.", code(expression)));
    }
    if let Some(expression) = &column.transform {
        out.push_str(&format!(" Stored as: {}.", code(expression)));
    }
    out.push('\n');
}

fn describe_values(values: &ValueSet, out: &mut String) {
    out.push_str(if values.closed { " One of:" } else { " Known values:" });
    for value in &values.values {
        out.push_str(&format!("\n  - {}: {}", code(&value.value.to_string()), value.doc));
    }
}

/// Writes code that may hold backticks itself.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
