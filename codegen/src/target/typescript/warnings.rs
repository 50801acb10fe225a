//! `src/warnings.ts`: what is odd about an event that is accepted.

use unified_event_schema::{ColumnType, Format, Pipeline, Schema, StreamField, ValueSet};

use super::tsdoc::Tsdoc;
use super::{streams, surface, text};

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let pipelines: Vec<String> = schema.pipelines.iter().map(|pipeline| function(schema, pipeline)).collect();
    let body = pipelines.join("\n");
    let names = ["type Advice", "LOWER_CASE_ID", "NAMESPACE", "NOUN_VERB", "type Warning", "review"];
    let used = names.iter().filter(|name| body.contains(name.trim_start_matches("type ")));
    let used: Vec<String> = used.map(ToString::to_string).collect();
    let imports = text::import("", "./review.js", &used);
    format!("{imports}\nexport type {{ Warning, WarningCode }} from \"./review.js\";\n\n{body}")
}

fn function(schema: &Schema, pipeline: &Pipeline) -> String {
    let constant = format!("{}_ADVICE", pipeline.table.to_uppercase());
    let doc = Tsdoc::new(&format!(
        "Returns what is odd about an event for `{}` that is accepted all the same: values that are not known, texts \
         outside of a convention, deprecated columns, JSON text where a JSON value is meant.",
        pipeline.stream.name
    ));
    let mut out = format!("const {constant}: Advice = {{\n");
    out.push_str(&entries("known", pipeline.stream.fields.iter().filter_map(known)));
    out.push_str(&entries("conventions", pipeline.stream.fields.iter().filter_map(convention)));
    let deprecated = pipeline.stream.fields.iter().filter_map(|field| deprecated(schema, pipeline, field));
    out.push_str(&entries("deprecated", deprecated));
    let json = pipeline.stream.fields.iter().filter(|field| field.ty == ColumnType::Json);
    let json: Vec<String> = json.map(|field| text::quote(&field.name)).collect();
    out.push_str(&text::array("  json: ", &json, ",\n"));
    out.push_str("};\n\n");
    out.push_str(&doc.write(0));
    out.push_str(&format!(
        "export function warningsOf{}(event: unknown): readonly Warning[] {{\n  return review({constant}, event);\n}}\n",
        streams::suffix(schema, pipeline)
    ));
    out
}

/// Returns the property `name` with an object of entries, each on lines of its own.
fn entries(name: &str, entries: impl Iterator<Item = String>) -> String {
    let entries: String = entries.collect();
    if entries.is_empty() { format!("  {name}: {{}},\n") } else { format!("  {name}: {{\n{entries}  }},\n") }
}

fn known(field: &StreamField) -> Option<String> {
    let set: &ValueSet = field.values.as_ref().filter(|set| !set.closed)?;
    let values: Vec<String> = set.values.iter().map(surface::value).collect();
    let head = format!("    {}: ", text::key(&field.name));
    // Prettier fills the lines of arrays of numbers, and of nothing else.
    Some(text::array(&head, &values, ",\n"))
}

fn convention(field: &StreamField) -> Option<String> {
    let name = match field.format? {
        Format::NounVerb => "NOUN_VERB",
        Format::Namespace => "NAMESPACE",
        Format::Hex16 | Format::Hex32 => "LOWER_CASE_ID",
        Format::CountryCode | Format::Date => return None,
    };
    Some(format!("    {}: {name},\n", text::key(&field.name)))
}

fn deprecated(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> Option<String> {
    let deprecation = schema.field_deprecation(pipeline, field)?;
    let instead = deprecation.replaced_by.as_ref().map(|column| format!("the column {column}"));
    let expected = instead.unwrap_or_else(|| "no value: the column goes away".to_owned());
    Some(format!("    {}: {},\n", text::key(&field.name), text::quote(&expected)))
}
