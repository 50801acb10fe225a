//! `src/tables.ts`: what there is to check of each column, as code that looks a name up in no table.

use std::collections::BTreeMap;

use unified_event_schema::{ColumnType, Format, Memory, Pipeline, Schema, StreamField, ValueSet, Wire};

use super::streams;
use super::surface::{self, EVENT_TYPE_COLUMN};
use super::text;
use super::tsdoc::Tsdoc;

/// The name of the constant that holds what is checked of a stream's events.
pub(super) fn const_name(pipeline: &Pipeline) -> String {
    pipeline.table.to_uppercase()
}

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let tables: Vec<String> = schema.pipelines.iter().map(|pipeline| table(schema, pipeline)).collect();
    let body = tables.join("\n");
    let mut imports = text::import("", "./check.js", &kinds_used(&body));
    let sets: Vec<String> = surface::closed_sets(schema).into_iter().map(|set| set.const_name).collect();
    let sets: Vec<String> = std::iter::once("EVENT_TYPES".to_owned()).chain(sets).collect();
    let sets: Vec<String> = sets.into_iter().filter(|name| body.contains(name.as_str())).collect();
    imports.push_str(&text::import("", "./values.js", &sets));
    format!("{imports}\n{body}")
}

/// Returns the names that the module takes from `check.ts`.
fn kinds_used(body: &str) -> Vec<String> {
    const KINDS: [&str; 19] = [
        "BINARY",
        "BOOL",
        "COMPUTED",
        "COUNTRY_CODE",
        "DATE",
        "DECIMAL",
        "FIRST_SET",
        "FLOAT64",
        "HEX_16",
        "HEX_32",
        "INT32",
        "INT64",
        "JSON_RECORD",
        "JSON_TEXT",
        "JSON_VALUE",
        "NON_EMPTY_TEXT",
        "REQUIRED",
        "TEXT",
        "TIMESTAMP",
    ];
    let used = KINDS.iter().filter(|k| body.contains(&format!(" {k};")) || body.contains(&format!(" {k} +")));
    let mut names: Vec<String> = used.map(ToString::to_string).collect();
    names.push("type Table".to_owned());
    names.push("UNKNOWN".to_owned());
    names
}

fn table(schema: &Schema, pipeline: &Pipeline) -> String {
    let mut sets = Sets::default();
    let function = kind_function(schema, pipeline, &mut sets);
    let required = pipeline.stream.fields.iter().filter(|f| f.required);
    let required: Vec<String> = required.map(|f| text::quote(&f.name)).collect();
    let doc = Tsdoc::new(&format!("What is checked of an event for the stream `{}`.", pipeline.stream.name)).write(0);
    format!(
        "{function}\n{doc}export const {}: Table = {{\n  kindOf: {},\n{}{}}};\n",
        const_name(pipeline),
        function_name(pipeline),
        text::array("  required: ", &required, ",\n"),
        text::array("  sets: ", &sets.names, ",\n"),
    )
}

fn function_name(pipeline: &Pipeline) -> String {
    format!("kindOf{}", streams::type_stem(pipeline))
}

/// Returns the function from a column's name to its kind.
///
/// Names are told apart by their length first: engines jump by an integer, and compare texts of one
/// length mostly by identity. A hash table takes twice as long.
fn kind_function(schema: &Schema, pipeline: &Pipeline, sets: &mut Sets) -> String {
    let mut by_length: BTreeMap<usize, Vec<(String, Vec<String>)>> = BTreeMap::new();
    let fields = pipeline.stream.fields.iter().map(|f| (f.name.clone(), kind(schema, pipeline, f, sets)));
    let fields: Vec<(String, String)> = fields.collect();
    let computed = streams::computed_columns(schema, pipeline).map(|name| (name.to_owned(), "COMPUTED".to_owned()));
    for (name, kind) in fields.into_iter().chain(computed) {
        let cases = by_length.entry(name.encode_utf16().count()).or_default();
        match cases.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, names)) => names.push(name),
            None => cases.push((kind, vec![name])),
        }
    }
    let mut out =
        format!("function {}(column: string): number {{\n  switch (column.length) {{\n", function_name(pipeline));
    for (length, cases) in by_length {
        out.push_str(&format!("    case {length}:\n      switch (column) {{\n"));
        for (kind, names) in cases {
            for name in names {
                out.push_str(&format!("        case {}:\n", text::quote(&name)));
            }
            out.push_str(&format!("          return {kind};\n"));
        }
        out.push_str("      }\n      break;\n");
    }
    out.push_str("  }\n  return UNKNOWN;\n}\n");
    out
}

/// Returns the kind of a field as an expression.
fn kind(schema: &Schema, pipeline: &Pipeline, field: &StreamField, sets: &mut Sets) -> String {
    let closed = field.values.as_ref().filter(|set| set.closed);
    let kind = match closed {
        Some(set) => sets.kind(schema, pipeline, field, set),
        None => plain_kind(schema, pipeline, field).to_owned(),
    };
    if field.required { format!("{kind} + REQUIRED") } else { kind }
}

fn plain_kind(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> &'static str {
    let column = streams::column(schema, pipeline, field);
    match field.ty {
        _ if column.is_some_and(|c| c.ty == ColumnType::Int64 && c.wire == Wire::DecimalString) => "DECIMAL",
        ColumnType::String => match field.format {
            Some(Format::Hex16) => "HEX_16",
            Some(Format::Hex32) => "HEX_32",
            Some(Format::CountryCode) => "COUNTRY_CODE",
            Some(Format::Date) => "DATE",
            Some(Format::NounVerb | Format::Namespace) | None if field.non_empty => "NON_EMPTY_TEXT",
            Some(Format::NounVerb | Format::Namespace) | None => "TEXT",
        },
        ColumnType::Bool => "BOOL",
        ColumnType::Int32 => "INT32",
        ColumnType::Int64 => "INT64",
        ColumnType::Float64 => "FLOAT64",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::Json if column.is_some_and(|c| c.memory == Memory::Text) => "JSON_TEXT",
        // A narrow table has no memory form, and its json columns take any value.
        ColumnType::Json if column.is_some() => "JSON_RECORD",
        ColumnType::Json => "JSON_VALUE",
        ColumnType::Binary => "BINARY",
    }
}

/// The closed sets of a table, in the order of their kinds.
#[derive(Default)]
struct Sets {
    names: Vec<String>,
}

impl Sets {
    /// Returns the kind of the fields with a closed set.
    fn kind(&mut self, schema: &Schema, pipeline: &Pipeline, field: &StreamField, set: &ValueSet) -> String {
        let name = match streams::column(schema, pipeline, field) {
            Some(column) if column.name == EVENT_TYPE_COLUMN => "EVENT_TYPES".to_owned(),
            Some(column) => {
                let sets = surface::closed_sets(schema);
                sets.into_iter().find(|s| s.column == column.name).map(|s| s.const_name).unwrap_or_default()
            }
            None => format!("[{}]", set.values.iter().map(surface::value).collect::<Vec<_>>().join(", ")),
        };
        let position = self.names.iter().position(|n| *n == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        if position == 0 { "FIRST_SET".to_owned() } else { format!("FIRST_SET + {position}") }
    }
}
