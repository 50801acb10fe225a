//! `EventType`, the types of the groups and their intersection.

use unified_event_schema::{Column, ColumnKind, ColumnType, EventType, Memory, Schema};

use super::surface::{self, EVENT_TYPE_COLUMN};
use super::text;
use super::tsdoc::Tsdoc;

/// Returns the declarations.
pub(super) fn emit(schema: &Schema) -> String {
    let mut out = event_type(schema);
    for group in &schema.groups {
        out.push_str(&format!("\n{}export type {} = {{\n", Tsdoc::new(&group.doc).write(0), group.name));
        for (i, column) in group.columns.iter().filter_map(|name| schema.column(name)).enumerate() {
            out.push_str(if i > 0 { "\n" } else { "" });
            out.push_str(&column_doc(schema, column).write(2));
            out.push_str(&format!("  {}: {};\n", column.name, surface::property_type(column)));
        }
        out.push_str("};\n");
    }
    let counts = schema.counts;
    let doc = Tsdoc::new(&schema.doc)
        .paragraph(&format!(
            "It has {} event columns, which producers set, and {} system columns, which the platform owns: {} in a \
             stored row. Every key is present; columns that are not set are `null`.",
            counts.event, counts.system, counts.stored
        ))
        .write(0);
    let groups: Vec<String> = schema.groups.iter().map(|g| g.name.clone()).collect();
    out.push_str(&format!("\n{doc}{}", text::intersection("export type UnifiedEvent", &groups)));
    out
}

fn event_type(schema: &Schema) -> String {
    let doc = Tsdoc::new("The kinds of events, each with columns that it must set.")
        .names("One of:", schema.event_types.iter().map(|t| (t.name.clone(), t.doc.as_str())));
    let names: Vec<String> = schema.event_types.iter().map(|t| text::quote(&t.name)).collect();
    format!("{}{}", doc.write(0), text::union("export type EventType", &names))
}

/// Returns what is known of a column.
fn column_doc(schema: &Schema, column: &Column) -> Tsdoc {
    let mut doc = Tsdoc::new(&column.doc).paragraph(&notes(schema, column).join(" "));
    if let Some(set) = column.values.as_ref().filter(|_| column.name != EVENT_TYPE_COLUMN) {
        let lead = if set.closed { "One of:" } else { "Known values, others are allowed:" };
        doc = doc.names(lead, set.values.iter().map(|v| (surface::value_name(v), v.doc.as_str())));
    }
    doc = doc.example(&surface::example(column));
    if let Some(deprecation) = &column.deprecated {
        doc = doc.tag("deprecated", &deprecation.note());
    }
    doc
}

/// Returns the facts that neither the documentation nor the TypeScript type of a column states.
fn notes(schema: &Schema, column: &Column) -> Vec<String> {
    let mut notes: Vec<String> = shape(column).into_iter().collect();
    if column.kind == ColumnKind::System {
        notes.push(match column.computed {
            Some(_) => "System column: the pipeline computes it, senders leave it null.".to_owned(),
            None => "System column.".to_owned(),
        });
    }
    if !column.required {
        notes.extend(schema.event_types.iter().filter_map(|t| requirement(t, &column.name)));
    }
    if column.since > 1 {
        notes.push(format!("Since table version {}.", column.since));
    }
    notes
}

/// Returns what shape the value has, where the TypeScript type is looser.
fn shape(column: &Column) -> Option<String> {
    if let Some(format) = column.format {
        return Some(format!("Format: {}.", format.expected()));
    }
    let unit = column.unit.as_ref().map(|unit| format!(", unit `{unit}`")).unwrap_or_default();
    Some(match column.ty {
        ColumnType::Int32 => format!("A 32-bit integer{unit}."),
        ColumnType::Int64 => format!("A 64-bit integer{unit}."),
        ColumnType::Float64 if !unit.is_empty() => format!("A number{unit}."),
        ColumnType::Timestamp => "Text as in RFC 3339.".to_owned(),
        ColumnType::Binary => "Bytes as base64 text.".to_owned(),
        ColumnType::Json if column.memory == Memory::Text => "JSON text.".to_owned(),
        ColumnType::String | ColumnType::Bool | ColumnType::Float64 | ColumnType::Json => return None,
    })
}

/// Returns how an event type requires a column, if it does.
fn requirement(event_type: &EventType, column: &str) -> Option<String> {
    let requirement = event_type.requires.iter().find(|r| r.any_of.iter().any(|c| c == column))?;
    let others: Vec<String> =
        requirement.any_of.iter().filter(|c| *c != column).map(|c| format!(" or `{c}`")).collect();
    Some(format!("Events of type `{}` must set it{}.", event_type.name, others.concat()))
}
