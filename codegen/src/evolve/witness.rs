//! Witnesses: the smallest thing that breaks, made from the two models.
//!
//! An event is shown only where one model takes it and the other does not.

use serde_json::{Map, Value as Json, json};
use unified_event_schema::{ColumnType, Schema, StreamField, Table, Value};

use super::change::{Change, Kind, Subject};
use super::finding::{Witness, WitnessKind};
use super::rules::Context;

/// Returns a query and a line of Rust that use a column by a name that is gone.
pub(super) fn of_name(change: &Change, name: &str) -> Vec<Witness> {
    let Some(table) = change.subject.table() else { return Vec::new() };
    let sql = format!("SELECT {} FROM {table}", unified_event_schema::sql::quote(name));
    vec![
        Witness { kind: WitnessKind::Sql, text: sql },
        Witness { kind: WitnessKind::Rust, text: format!("let _ = &row.{};", rust_name(name)) },
    ]
}

/// Returns a line of Rust that names the old type of a column.
pub(super) fn of_type(change: &Change) -> Vec<Witness> {
    let (Subject::Column { name, .. }, Kind::Type { old, .. }) = (&change.subject, &change.kind) else {
        return Vec::new();
    };
    let text = format!("let _: &Option<{}> = &row.{};", old.names().rust, rust_name(name));
    vec![Witness { kind: WitnessKind::Rust, text }]
}

/// Returns a query that mixes values of two meanings.
pub(super) fn of_value(change: &Change) -> Vec<Witness> {
    let (Some(table), Some(name)) = (change.subject.table(), change.subject.name()) else { return Vec::new() };
    let text = format!("SELECT avg({}) FROM {table}", unified_event_schema::sql::quote(name));
    vec![Witness { kind: WitnessKind::Sql, text }]
}

fn rust_name(name: &str) -> String {
    if syn::parse_str::<syn::Ident>(name).is_ok() { name.to_owned() } else { format!("r#{name}") }
}

/// Returns an event that the old model takes and the new one refuses.
pub(super) fn old_event(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let event = find(change, cx.old, cx.new)?;
    Some(Witness { kind: WitnessKind::RefusedEvent, text: Json::Object(event).to_string() })
}

/// Returns an event that the new model takes and the old one refuses.
pub(super) fn new_event(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let event = find(change, cx.new, cx.old)?;
    Some(Witness { kind: WitnessKind::UnreadableEvent, text: Json::Object(event).to_string() })
}

/// Returns the smallest event about a change that `takes` takes and `refuses` refuses.
fn find(change: &Change, takes: &Schema, refuses: &Schema) -> Option<Map<String, Json>> {
    let table = change.subject.table()?;
    let events = candidates(change, takes, table)?;
    events.into_iter().find(|event| check(takes, table, event).is_ok() && check(refuses, table, event).is_err())
}

/// Returns events that may show a change, smallest first.
fn candidates(change: &Change, schema: &Schema, table: &str) -> Option<Vec<Map<String, Json>>> {
    let fields = &schema.pipeline(table)?.stream.fields;
    let event_type = match &change.subject {
        Subject::EventType { name, .. } => Some(name.as_str()),
        _ => None,
    };
    let base = minimal(schema, table, fields, event_type);
    let mut found = vec![base.clone()];
    let part = match &change.subject {
        Subject::Column { name, .. } | Subject::Field { name, .. } => name,
        _ => return Some(found),
    };
    let old_name = match &change.kind {
        Kind::ColumnRenamed { old, .. } => old,
        _ => part,
    };
    let Some(field) = fields.iter().find(|f| f.name == *part || f.name == *old_name) else { return Some(found) };
    let values = match &change.kind {
        Kind::ValueAdded { value, .. } | Kind::ValueDropped { value, .. } => vec![value.clone()],
        _ => [vec![field.example.clone()], odd_values(field.ty)].concat(),
    };
    for value in values {
        let mut event = base.clone();
        event.insert(field.name.clone(), to_json(&value));
        found.push(event);
    }
    Some(found)
}

/// Values at the edge of a type, which a narrower one does not take.
fn odd_values(ty: ColumnType) -> Vec<Value> {
    match ty {
        ColumnType::String => vec![Value::Text("other".to_owned())],
        ColumnType::Int32 => vec![Value::Int(7)],
        ColumnType::Int64 => vec![Value::Int(3_000_000_000)],
        ColumnType::Float64 => vec![Value::Float(0.5)],
        ColumnType::Json => vec![json_object()],
        _ => Vec::new(),
    }
}

fn json_object() -> Value {
    Value::Object(vec![("key".to_owned(), Value::Text("value".to_owned()))])
}

/// Returns an event with what it must have and no more.
fn minimal(schema: &Schema, table: &str, fields: &[StreamField], event_type: Option<&str>) -> Map<String, Json> {
    let mut event = Map::new();
    for field in fields.iter().filter(|f| f.required) {
        event.insert(field.name.clone(), to_json(&field.example));
    }
    if !schema.table(table).is_some_and(|t| t.grouped) {
        return event;
    }
    let easiest = || schema.event_types.iter().min_by_key(|t| t.requires.len());
    let wanted = event_type.and_then(|name| schema.event_type(name));
    let Some(event_type) = wanted.or_else(easiest) else { return event };
    event.insert("event_type".to_owned(), json!(event_type.name));
    for requirement in &event_type.requires {
        let field = requirement.any_of.iter().find_map(|n| fields.iter().find(|f| f.name == *n));
        event.extend(field.map(|f| (f.name.clone(), to_json(&f.example))));
    }
    event
}

/// Says whether a model takes an event, as the generated validators do.
///
/// # Errors
///
/// The first reason to refuse it.
pub fn check(schema: &Schema, table: &str, event: &Map<String, Json>) -> Result<(), String> {
    let Some(pipeline) = schema.pipeline(table) else { return Err(format!("there is no table `{table}`")) };
    for field in &pipeline.stream.fields {
        match event.get(&field.name).filter(|v| !v.is_null()) {
            None if field.required => return Err(format!("`{}` is missing", field.name)),
            None => {}
            Some(value) => {
                let value: Value =
                    serde_json::from_value(value.clone()).map_err(|e| format!("`{}`: {e}", field.name))?;
                field.check(&value).map_err(|expected| format!("`{}`: expected {expected}", field.name))?;
            }
        }
    }
    let known = |name: &&String| pipeline.stream.field(name).is_none();
    if let Some(unknown) = event.keys().find(known) {
        return Err(format!("`{unknown}` is unknown, and would be stripped"));
    }
    let grouped = schema.table(table).is_some_and(|t: &Table| t.grouped);
    let event_type = event.get("event_type").and_then(Json::as_str).and_then(|n| schema.event_type(n));
    let missing = event_type
        .filter(|_| grouped)
        .and_then(|t| t.requires.iter().find(|r| !r.any_of.iter().any(|n| event.get(n).is_some_and(|v| !v.is_null()))));
    missing.map_or(Ok(()), |requirement| Err(format!("{requirement} is missing")))
}

fn to_json(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}
