//! `src/records.ts`: the types of the streams' records, and of what records are made from.

use unified_event_schema::{ColumnType, Pipeline, Schema, StreamField};

use super::streams;
use super::surface::{self, EVENT_TYPE_COLUMN};
use super::tsdoc::Tsdoc;
use super::{text, types};

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
        ("./unified-event.js", vec!["EventType".to_owned(), "UnifiedEvent".to_owned(), "UnifiedEventInit".to_owned()]),
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
        (None, _) => types::wire(field.ty).to_owned(),
    }
}

/// Returns the type of what the records are made from.
fn input(schema: &Schema, pipeline: &Pipeline) -> String {
    let record_type = streams::record_type(schema, pipeline);
    let name = streams::input_type(schema, pipeline);
    let doc = Tsdoc::new(&format!("An event in memory from which a `{record_type}` can be made."));
    if streams::is_wide(schema, pipeline) {
        return wide_input(schema, pipeline, &name, doc);
    }
    let mut out = format!("{}export type {name} = {{\n", doc.write(0));
    for field in &pipeline.stream.fields {
        let key = text::key(&field.name);
        if let Some(deprecation) = schema.field_deprecation(pipeline, field) {
            out.push_str(&Tsdoc::new("").tag("deprecated", &deprecation.note()).write(2));
        }
        let mut types =
            input_types(schema, pipeline, field).unwrap_or_else(|| vec![wire_type(schema, pipeline, field)]);
        if field.required {
            out.push_str(&text::property(&key, &types));
        } else {
            if field.ty != ColumnType::Json {
                types.extend(["null", "undefined"].map(str::to_owned));
            }
            out.push_str(&text::property(&format!("{key}?"), &types));
        }
    }
    out.push_str("};\n");
    out
}

/// Returns the types that a field takes in memory, where they are not that of the record.
fn input_types(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> Option<Vec<String>> {
    let types = match field.ty {
        ColumnType::Timestamp => vec!["string".to_owned(), "Date".to_owned()],
        ColumnType::Int64 => vec!["number".to_owned(), "bigint".to_owned()],
        ColumnType::Json => vec!["unknown".to_owned()],
        ColumnType::Binary => vec!["string".to_owned(), "ArrayBufferLike".to_owned(), "ArrayBufferView".to_owned()],
        _ => known_types(schema, pipeline, field)?,
    };
    Some(types)
}

/// Returns the types of a field with a set of values: the set, and for an open one all other text.
fn known_types(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> Option<Vec<String>> {
    let set = field.values.as_ref()?;
    if set.closed {
        return Some(vec![wire_type(schema, pipeline, field)]);
    }
    let is_text = set.values.iter().all(|value| value.value.as_text().is_some());
    is_text.then(|| {
        // As plain `string` it would swallow the values, and editors would not complete them.
        let other = "(string & {})".to_owned();
        set.values.iter().map(surface::value).chain([other]).collect()
    })
}

/// Returns the input type of the wide table: as much of an event as there is, or all of it.
fn wide_input(schema: &Schema, pipeline: &Pipeline, name: &str, doc: Tsdoc) -> String {
    let computed = streams::computed_columns(schema, pipeline);
    let mut columns: String =
        computed.map(|column| text::property(&text::key(column), &["null", "undefined"].map(str::to_owned))).collect();
    for field in pipeline.stream.fields.iter().filter(|field| field.name != EVENT_TYPE_COLUMN) {
        let types = match field.ty {
            ColumnType::Timestamp | ColumnType::Binary => input_types(schema, pipeline, field),
            _ => known_types(schema, pipeline, field),
        };
        let Some(mut types) = types else { continue };
        if !field.required {
            types.extend(["null", "undefined"].map(str::to_owned));
        }
        columns.push_str(&text::property(&text::key(&field.name), &types));
    }
    let doc = doc
        .paragraph(
            "Columns may be missing, moments may be dates, bytes any buffer or view, and what the pipeline computes stays unset. An event with \
             all columns, such as a stored one, is taken for its type; what must not be set in it is a fault.",
        )
        .write(0);
    format!(
        "{WIDE_INPUT}type InputColumns = {{\n{columns}}};\n\n{doc}export type {name} = UnifiedEvent | PartialInput;\n"
    )
}

const WIDE_INPUT: &str = "/** As much of an event as there is. */
type PartialInput = {
  [Column in keyof UnifiedEventInit]: Column extends keyof InputColumns
    ? InputColumns[Column]
    : UnifiedEventInit[Column];
};

/** The columns that take another type than they have in memory. */
";
