//! Single lines of TypeScript that use one thing of the package, for the guard to show what breaks.
//!
//! Each is a function of the model: where two models make the same line, it compiles against both
//! packages; where they differ, it names what only one of them has.

use unified_event_guard::{Language, Thing};
use unified_event_schema::{Column, EventType, Pipeline, Schema, StreamField, Wire};

use super::{event_types, records, streams, surface, text};

const PACKAGE: &str = "unified-event";

/// The npm package, as the guard asks for it.
#[derive(Debug)]
pub(crate) struct TypeScript;

impl Language for TypeScript {
    fn line(&self, schema: &Schema, thing: Thing<'_>) -> Option<String> {
        line(schema, thing)
    }

    fn value_type(&self, column: &Column) -> String {
        surface::memory_type(column).to_owned()
    }
}

/// Returns the line, when the package of the model has the thing.
fn line(schema: &Schema, thing: Thing<'_>) -> Option<String> {
    // Without a wide table there is no package.
    let wide = schema.tables.iter().find(|t| t.grouped)?;
    match thing {
        Thing::EventColumn(column) => {
            let column = wide.column(column)?;
            Some(swap("UnifiedEvent", "", &[], &column.name, &surface::property_type(column), false))
        }
        Thing::GroupField(group, column) => {
            let column = wide.column(column).filter(|c| c.group.as_deref() == Some(group))?;
            let imports: &[&str] = if column.name == surface::EVENT_TYPE_COLUMN { &["EventType"] } else { &[] };
            Some(swap(group, "", imports, &column.name, &surface::property_type(column), false))
        }
        Thing::Group(group) => schema.group(group).map(|g| alias(&g.name, "")),
        Thing::RecordField(table, key) => {
            let pipeline = schema.pipeline(table)?;
            let field = pipeline.stream.field(key)?;
            Some(record(schema, pipeline, field))
        }
        Thing::Value(_, column, value) => {
            let set = surface::closed_sets(schema).into_iter().find(|set| set.column == column)?;
            set.values.iter().any(|v| v.value == *value).then(|| constant(&set.type_name, &surface::expression(value)))
        }
        Thing::EventType(name) => schema.event_type(name).map(|t| constant("EventType", &text::quote(&t.name))),
        Thing::Requirement(name) => schema.event_type(name).map(|t| requirement(schema, t)),
        Thing::NewRecord(table) => schema.pipeline(table).map(|p| smallest(schema, p)),
        Thing::RecordType(table) => {
            schema.pipeline(table).map(|p| alias(&streams::record_type(schema, p), "/pipeline"))
        }
        Thing::Binding(table) => {
            let binding = text::quote(&schema.pipeline(table)?.binding);
            let import = import("PipelineBindings", "/cloudflare");
            Some(format!("{import}\nexport type Witness = PipelineBindings[{binding}];"))
        }
        Thing::RowField(..) | Thing::NewRow(_) | Thing::RowType(_) | Thing::TableVersion(_) => None,
    }
}

fn import(names: &str, entry: &str) -> String {
    format!("import type {{ {names} }} from \"{PACKAGE}{entry}\";")
}

fn alias(name: &str, entry: &str) -> String {
    format!("{}\nexport type Witness = {name};", import(name, entry))
}

fn constant(type_name: &str, value: &str) -> String {
    format!("{}\nexport const witness: {type_name} = {value};", import(type_name, ""))
}

/// Reads a property and writes it: only a property of the very same type takes both.
fn swap(of: &str, entry: &str, imports: &[&str], name: &str, ty: &str, optional: bool) -> String {
    let names = [&[of], imports].concat().join(", ");
    let name = if text::key(name) == name { format!(".{name}") } else { format!("[{}]", text::quote(name)) };
    let read = if optional { format!("{ty} | undefined") } else { ty.to_owned() };
    format!(
        "{}\nexport const witness = (it: {of}, value: {ty}): {read} => {{ const was = it{name}; it{name} = value; \
         return was; }};",
        import(&names, entry)
    )
}

fn record(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> String {
    let ty = records::wire_type(schema, pipeline, field);
    let other = ty.chars().next().is_some_and(char::is_uppercase).then(|| ty.clone());
    let optional = !field.required;
    let of = streams::record_type(schema, pipeline);
    let full = if optional { format!("{ty} | null") } else { ty };
    match other.as_deref() {
        // The closed sets are in the root of the package, what JSON can hold beside the records.
        Some("JsonValue") => swap(&of, "/pipeline", &["JsonValue"], &field.name, &full, optional),
        Some(set) => {
            format!("{}\n{}", import(set, ""), swap(&of, "/pipeline", &[], &field.name, &full, optional))
        }
        None => swap(&of, "/pipeline", &[], &field.name, &full, optional),
    }
}

/// Returns a record that has what it must have.
fn smallest(schema: &Schema, pipeline: &Pipeline) -> String {
    let of = streams::record_type(schema, pipeline);
    let required = pipeline.stream.fields.iter().filter(|f| f.required);
    let properties: Vec<String> = required
        .map(|f| {
            let is_text = streams::column(schema, pipeline, f).is_some_and(|c| c.wire == Wire::DecimalString);
            let value = surface::expression(&f.example);
            let value = if is_text && f.example.as_text().is_none() { text::quote(&value) } else { value };
            format!("{}: {value}", text::key(&f.name))
        })
        .collect();
    let properties = properties.join(", ");
    format!("{}\nexport const witness: {of} = {{ {properties} }};", import(&of, "/pipeline"))
}

/// Takes what an event type requires for an event of that type.
fn requirement(schema: &Schema, event_type: &EventType) -> String {
    let name = surface::event_name(event_type);
    let must = event_types::requirement(schema, event_type);
    let import = import(&format!("UnifiedEvent, {name}"), "");
    format!("{import}\nexport const witness = (event: UnifiedEvent & {must}): {name} => event;")
}
