//! `src/records.ts`: the types of the streams' records, and of what records are made from.

use unified_event_schema::{ColumnType, Pipeline, Schema, StreamField};

use super::streams;
use super::surface::{self, EVENT_TYPE_COLUMN};
use super::text;
use super::tsdoc::Tsdoc;

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let pipelines: Vec<String> = schema
        .pipelines
        .iter()
        .map(|pipeline| format!("{}\n{}", record(schema, pipeline), input(schema, pipeline)))
        .collect();
    let body = pipelines.join("\n");
    let mut out = String::new();
    for (module, names) in [
        ("./json.js", vec!["JsonValue".to_owned()]),
        ("./unified-event.js", vec!["EventType".to_owned(), "UnifiedEventInit".to_owned()]),
        ("./values.js", surface::closed_sets(schema).into_iter().map(|set| set.type_name).collect()),
    ] {
        let names: Vec<String> = names.into_iter().filter(|name| mentions(&body, name)).collect();
        out.push_str(&text::import("type ", module, &names));
    }
    format!("{out}\n{body}")
}

fn mentions(body: &str, name: &str) -> bool {
    let ends = [";", " ", "[", ","];
    ends.iter().any(|end| body.contains(&format!(" {name}{end}")) || body.contains(&format!("<{name}{end}")))
}

/// Returns the type of a stream's records.
fn record(schema: &Schema, pipeline: &Pipeline) -> String {
    // A type: an interface has no index signature, which the platform's `Pipeline` asks for.
    let doc = Tsdoc::new(&format!("A record of the stream `{}`: an event as it is sent.", pipeline.stream.name))
        .paragraph("Columns without a value are left out; the platform takes null for the same.");
    let mut out = format!("{}export type {} = {{\n", doc.write(0), streams::record_type(schema, pipeline));
    for (i, field) in pipeline.stream.fields.iter().enumerate() {
        out.push_str(if i > 0 { "\n" } else { "" });
        out.push_str(&field_doc(schema, pipeline, field).write(2));
        let ty = wire_type(schema, pipeline, field);
        let key = text::key(&field.name);
        out.push_str(&if field.required { format!("  {key}: {ty};\n") } else { text::optional(&key, &ty) });
    }
    out.push_str("};\n");
    out
}

fn field_doc(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> Tsdoc {
    let shape = field.format.map(|format| format!("Format: {}.", format.expected())).or(match field.ty {
        ColumnType::Timestamp => Some("Text as in RFC 3339.".to_owned()),
        ColumnType::Binary => Some("Bytes as base64 text.".to_owned()),
        ColumnType::Int32 => Some("A 32-bit integer.".to_owned()),
        ColumnType::Int64 => Some("A 64-bit integer, as far as a number holds it exactly.".to_owned()),
        _ => None,
    });
    let doc = Tsdoc::new(&field.doc).paragraph(&shape.unwrap_or_default());
    let doc = doc.example(&surface::expression(&field.example));
    match schema.field_deprecation(pipeline, field) {
        Some(deprecation) => doc.tag("deprecated", &deprecation.note()),
        None => doc,
    }
}

/// Returns the type of a field's value on the wire, without null.
pub(super) fn wire_type(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> String {
    let column = streams::column(schema, pipeline, field);
    match (field.values.as_ref().filter(|set| set.closed), column) {
        (Some(_), Some(column)) if column.name == EVENT_TYPE_COLUMN => "EventType".to_owned(),
        (Some(_), Some(column)) => {
            let set = surface::closed_sets(schema).into_iter().find(|set| set.column == column.name);
            set.map_or_else(|| "string".to_owned(), |set| set.type_name)
        }
        (Some(set), None) => set.values.iter().map(surface::value).collect::<Vec<_>>().join(" | "),
        (None, _) if field.ty == ColumnType::Json => "JsonValue".to_owned(),
        (None, _) => field.ty.names().typescript_wire.to_owned(),
    }
}

/// Returns the type of what the records are made from.
fn input(schema: &Schema, pipeline: &Pipeline) -> String {
    let record_type = streams::record_type(schema, pipeline);
    let name = streams::input_type(schema, pipeline);
    let doc = Tsdoc::new(&format!("An event in memory from which a `{record_type}` can be made."));
    if streams::is_wide(schema, pipeline) {
        return wide_input(pipeline, &name, doc);
    }
    let mut out = format!("{}export type {name} = {{\n", doc.write(0));
    for field in &pipeline.stream.fields {
        let ty = match field.ty {
            ColumnType::Timestamp => "string | Date".to_owned(),
            ColumnType::Int64 => "number | bigint".to_owned(),
            ColumnType::Json => "unknown".to_owned(),
            _ => wire_type(schema, pipeline, field),
        };
        let key = text::key(&field.name);
        if let Some(deprecation) = schema.field_deprecation(pipeline, field) {
            out.push_str(&Tsdoc::new("").tag("deprecated", &deprecation.note()).write(2));
        }
        out.push_str(&match (field.required, field.ty) {
            (true, _) => format!("  {key}: {ty};\n"),
            (false, ColumnType::Json) => format!("  {key}?: unknown;\n"),
            (false, _) => text::optional(&key, &format!("{ty} | null | undefined")).replace(" | null;", ";"),
        });
    }
    out.push_str("};\n");
    out
}

/// Returns the input type of the wide table: an event in memory, or as much of it as there is.
fn wide_input(pipeline: &Pipeline, name: &str, doc: Tsdoc) -> String {
    let dates = pipeline.stream.fields.iter().filter(|f| f.ty == ColumnType::Timestamp);
    let dates: Vec<String> = dates.map(|f| text::quote(&f.name)).collect();
    let doc = doc.paragraph("Moments may be dates, and columns may be missing.").write(0);
    if dates.is_empty() {
        return format!("{doc}export type {name} = UnifiedEventInit;\n");
    }
    let dates = dates.join(" | ");
    format!(
        "type Moments = {dates};\n\n{doc}export type {name} = Omit<UnifiedEventInit, Moments> & {{\n  \
         [Column in Moments]?: string | Date | null | undefined;\n}};\n"
    )
}
