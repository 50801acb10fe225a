//! What the columns and event types of the model are called in TypeScript.

use unified_event_schema::{Column, ColumnType, EventType, Memory, Schema, Value, ValueDoc, Wire, naming};

use super::{text, types};

/// The column whose value decides what else an event must set.
pub(super) const EVENT_TYPE_COLUMN: &str = "event_type";

/// Returns the type of a column's value in memory, without null.
pub(crate) fn memory_type(column: &Column) -> &'static str {
    match (column.ty, column.wire, column.memory) {
        _ if column.name == EVENT_TYPE_COLUMN => "EventType",
        (ColumnType::Int64, Wire::DecimalString, _) => "bigint",
        (ColumnType::Json, _, Memory::StringMap) => "Record<string, string>",
        (ColumnType::Json, _, Memory::Text) => "string",
        _ => types::memory(column.ty),
    }
}

/// Returns the type of a column's value in memory, with null where the column may be null.
pub(super) fn property_type(column: &Column) -> String {
    let ty = memory_type(column);
    if column.required { ty.to_owned() } else { format!("{ty} | null") }
}

/// Returns the looser type of the reference schema, one of `ColumnType` in TypeScript.
pub(super) fn reference_type(column: &Column) -> &'static str {
    match (column.ty, column.wire) {
        (ColumnType::Int64, Wire::DecimalString) => "bigint",
        _ => types::reference(column.ty),
    }
}

/// Returns the example of a column as a TypeScript expression of the type it has in memory.
pub(super) fn example(column: &Column) -> String {
    match (column.ty, column.wire, column.memory) {
        (ColumnType::Int64, Wire::DecimalString, _) => match &column.example {
            Value::Text(digits) => format!("{digits}n"),
            number => format!("{number}n"),
        },
        (ColumnType::Json, _, Memory::Text) => text::quote(&column.example.to_string()),
        _ => expression(&column.example),
    }
}

/// Returns a value as a TypeScript expression.
pub(super) fn expression(value: &Value) -> String {
    match value {
        Value::Text(text) => text::quote(text),
        // TypeScript has one type of numbers, so that whole floats need no fraction.
        Value::Float(number) => number.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(expression).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, value)| format!("{}: {}", text::key(name), expression(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) => value.to_string(),
    }
}

/// Returns the name of the type of events of one type, such as `TraceEvent`.
pub(super) fn event_name(event_type: &EventType) -> String {
    format!("{}Event", naming::pascal_case(&event_type.name))
}

/// Returns the name of the type guard of one event type, such as `isTraceEvent`.
pub(super) fn guard_name(event_type: &EventType) -> String {
    format!("is{}", event_name(event_type))
}

/// Returns the columns that an event of the type must set, each without alternative.
pub(super) fn single_requirements(event_type: &EventType) -> impl Iterator<Item = &str> {
    event_type.requires.iter().filter_map(|r| match r.any_of.as_slice() {
        [column] => Some(column.as_str()),
        _ => None,
    })
}

/// Returns the sets of columns of which an event of the type must set at least one.
pub(super) fn choice_requirements(event_type: &EventType) -> impl Iterator<Item = &[String]> {
    event_type.requires.iter().map(|r| r.any_of.as_slice()).filter(|columns| columns.len() > 1)
}

/// A closed set of values: what the package calls it and what is in it.
pub(super) struct ClosedSet<'a> {
    /// The column that has the set.
    pub(super) column: &'a str,
    /// The name of the union type.
    pub(super) type_name: String,
    /// The name of the array of all values.
    pub(super) const_name: String,
    /// The values in order.
    pub(super) values: &'a [ValueDoc],
}

/// Returns the closed sets of the wide table's columns, except the event types.
pub(super) fn closed_sets(schema: &Schema) -> Vec<ClosedSet<'_>> {
    let columns = schema.events_table().columns.iter().filter(|c| c.name != EVENT_TYPE_COLUMN);
    columns
        .filter_map(|column| {
            Some(ClosedSet {
                column: &column.name,
                type_name: naming::pascal_case(&column.name),
                const_name: plural(&column.name).to_uppercase(),
                values: column.closed_values()?,
            })
        })
        .collect()
}

/// Returns the English plural of a name in snake_case.
fn plural(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with(['s', 'x', 'z']) || name.ends_with("ch") || name.ends_with("sh") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// Returns a value of a closed or open set as a TypeScript expression.
pub(super) fn value(value: &ValueDoc) -> String {
    expression(&value.value)
}

/// Returns a value of a closed or open set as plain text.
pub(super) fn value_name(value: &ValueDoc) -> String {
    value.value.as_text().map_or_else(|| value.value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_ending() {
        for (one, many) in [("visibility", "visibilities"), ("day", "days"), ("status", "statuses"), ("op", "ops")] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn values_become_expressions() {
        let value = Value::Object(vec![
            ("a".to_owned(), Value::List(vec![Value::Float(2.0), Value::Null])),
            ("b.c".to_owned(), Value::Object(Vec::new())),
        ]);
        assert_eq!(expression(&value), "{ a: [2, null], \"b.c\": {} }");
    }
}
