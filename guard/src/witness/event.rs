//! Events that one version takes and the other refuses, found by trying and shown only when they do.

use serde_json::{Map, Value as Json, json};
use unified_event_schema::{ColumnType, Schema, StreamField, Table, Value};

use super::super::change::{Change, Kind, Subject};
use super::super::finding::{Consumer, Verdicts};
use super::super::rules::Context;
use super::{Side, Witness, WitnessKind};

/// Returns an event that one version takes and the other refuses, of the direction that is worse off.
pub(super) fn witness(change: &Change, cx: &Context<'_>, verdicts: &Verdicts) -> Option<Witness> {
    let text = |event| Json::Object(event).to_string();
    let refused = || Some(Witness::new(WitnessKind::RefusedEvent, Side::Old, text(find(change, cx.old, cx.new)?)));
    let unreadable =
        || Some(Witness::new(WitnessKind::UnreadableEvent, Side::New, text(find(change, cx.new, cx.old)?)));
    if verdicts.of(Consumer::WireOut) > verdicts.of(Consumer::WireIn) {
        unreadable().or_else(refused)
    } else {
        refused().or_else(unreadable)
    }
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
    // What the one version requires and the other does not is what the event must lack.
    let avoided: &[String] = match &change.kind {
        Kind::RequirementAdded { requirement } | Kind::RequirementDropped { requirement } => &requirement.any_of,
        _ => &[],
    };
    let base = minimal(schema, table, fields, event_type, avoided);
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
        Kind::EmptyText { .. } => vec![Value::Text(String::new())],
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

/// Returns an event with what it must have and no more; of columns that do equally it has the first that is not
/// to be avoided.
fn minimal(
    schema: &Schema,
    table: &str,
    fields: &[StreamField],
    event_type: Option<&str>,
    avoided: &[String],
) -> Map<String, Json> {
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
        let column = requirement.any_of.iter().find(|c| !avoided.contains(c)).or(requirement.any_of.first());
        let field = column.and_then(|name| fields.iter().find(|f| f.name == *name));
        event.extend(field.map(|f| (f.name.clone(), to_json(&f.example))));
    }
    event
}

/// Returns the smallest event of a table.
pub(super) fn smallest(schema: &Schema, table: &str) -> Option<Map<String, Json>> {
    Some(minimal(schema, table, &schema.pipeline(table)?.stream.fields, None, &[]))
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
