//! Columns and stream fields: from keys to the model, with the checks that need only one of them.

use super::read::{At, Node};
use crate::diag::{Code, Place, Sink};
use crate::{
    Column, ColumnKind, ColumnType, Deprecation, Format, Memory, StreamField, Value, ValueDoc, ValueSet, Wire, example,
    naming,
};

/// A column with the places of what later checks point at.
#[derive(Clone)]
pub(crate) struct RawColumn {
    pub model: Column,
    pub name: Place,
    pub id: Place,
    /// Only the check of expressions looks at it.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub expression: Option<Place>,
    pub replaced_by: Option<Place>,
    pub since: Option<Place>,
    pub renamed_from: Option<Place>,
    pub deprecated_since: Option<Place>,
}

/// Reads one column.
pub(super) fn read(
    sink: &mut Sink,
    name: At<String>,
    node: Node<'_>,
    group: Option<&str>,
    event_types: &[(String, String)],
) -> RawColumn {
    if !naming::is_resource_name(&name.value) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not a column name", name.value))
            .help(format!("use lower case, digits and `_`, such as `{}`", naming::column_name(&name.value)));
    }
    let ty = column_type(node);
    let id = node.integer("id");
    let computed = node.text("computed");
    let transform = node.text("transform");
    let kind = match node.text("kind") {
        Some(kind) if kind.value == "system" => ColumnKind::System,
        _ => ColumnKind::Event,
    };
    let values = values(sink, node, ty, event_types);
    exclusive(sink, node, "computed", "transform");
    if let (Some(computed), ColumnKind::Event) = (&computed, kind) {
        sink.fault(Code::Conflict, &computed.place, "a computed column belongs to the platform")
            .help("add `kind = \"system\"`, or use `transform` to rewrite what a producer sends");
    }
    wants_type(sink, node, "wire", ty, &[ColumnType::Int64]);
    wants_type(sink, node, "memory", ty, &[ColumnType::Json]);
    wants_type(sink, node, "unit", ty, &[ColumnType::Int32, ColumnType::Int64, ColumnType::Float64]);
    let facts = facts(sink, node, ty, values.as_ref());
    let memory = match node.text("memory").map(|m| m.value).as_deref() {
        Some("string-map") => Memory::StringMap,
        Some("text") => Memory::Text,
        _ => Memory::Object,
    };
    check_memory(sink, node, ty, memory);
    let deprecated = node.table("deprecated");
    RawColumn {
        model: Column {
            id: id.as_ref().and_then(|i| u32::try_from(i.value).ok()).unwrap_or(0),
            name: name.value.clone(),
            group: group.map(str::to_owned),
            ty: ty.unwrap_or(ColumnType::String),
            required: node.bool("required"),
            non_empty: non_empty(sink, node, ty),
            kind,
            doc: facts.doc,
            example: facts.example,
            format: facts.format,
            values,
            unit: node.text("unit").map(|u| u.value),
            computed: computed.as_ref().map(|c| c.value.trim().to_owned()),
            transform: transform.as_ref().map(|t| t.value.trim().to_owned()),
            wire: match node.text("wire").map(|w| w.value).as_deref() {
                Some("decimal-string") => Wire::DecimalString,
                _ => Wire::Number,
            },
            memory,
            meaning: node.u32("meaning").unwrap_or(1),
            renamed_from: node.text("renamed_from").map(|n| n.value),
            since: node.u32("since").unwrap_or(1),
            deprecated: deprecated.map(|d| read_deprecation(sink, d)),
        },
        id: id.map_or_else(|| name.place.clone(), |i| i.place),
        expression: computed.or(transform).map(|e| e.place),
        replaced_by: deprecated.and_then(|d| d.text("replaced_by")).map(|r| r.place),
        since: node.integer("since").map(|s| s.place),
        renamed_from: node.text("renamed_from").map(|n| n.place),
        deprecated_since: deprecated.and_then(|d| d.integer("since")).map(|s| s.place),
        name: name.place,
    }
}

/// Reads one field of a stream.
pub(super) fn read_field(sink: &mut Sink, name: &At<String>, node: Node<'_>) -> StreamField {
    if !naming::is_identifier(&name.value) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not a field name", name.value))
            .help("use letters, digits and `_`, a letter first");
    }
    let ty = column_type(node);
    let values = values(sink, node, ty, &[]);
    let facts = facts(sink, node, ty, values.as_ref());
    StreamField {
        name: name.value.clone(),
        ty: ty.unwrap_or(ColumnType::String),
        required: node.bool("required"),
        non_empty: non_empty(sink, node, ty),
        doc: facts.doc,
        example: facts.example,
        format: facts.format,
        values,
    }
}

/// What columns and fields have in common.
struct Facts {
    doc: String,
    example: Value,
    format: Option<Format>,
}

fn facts(sink: &mut Sink, node: Node<'_>, ty: Option<ColumnType>, values: Option<&ValueSet>) -> Facts {
    super::check_doc(sink, node.text("doc").as_ref());
    wants_type(sink, node, "format", ty, &[ColumnType::String]);
    let numbers_and_text = [ColumnType::String, ColumnType::Int32, ColumnType::Int64];
    wants_type(sink, node, "values", ty, &numbers_and_text);
    wants_type(sink, node, "known_values", ty, &numbers_and_text);
    let format = node.text("format").and_then(|f| Format::from_name(&f.value));
    let example = node.value("example");
    if let (Some(example), Some(ty)) = (&example, ty)
        && let Err(expected) = example::check(&example.value, ty, format, values)
    {
        sink.fault(Code::Example, &example.place, "the example is not a value of the column")
            .label(format!("expected {expected}"));
    }
    Facts { doc: node.text_or_empty("doc"), example: example.map_or(Value::Null, |e| e.value), format }
}

/// Reads whether empty text is refused, and checks that the example is none.
fn non_empty(sink: &mut Sink, node: Node<'_>, ty: Option<ColumnType>) -> bool {
    wants_type(sink, node, "non_empty", ty, &[ColumnType::String]);
    let non_empty = node.bool("non_empty");
    if let Some(example) = node.text("example").filter(|example| non_empty && example.value.is_empty()) {
        sink.fault(Code::Example, &example.place, "the example is not a value of the column")
            .label("expected text that is not empty");
    }
    non_empty
}

fn column_type(node: Node<'_>) -> Option<ColumnType> {
    node.text("type").and_then(|t| t.value.parse().ok())
}

fn values(
    sink: &mut Sink,
    node: Node<'_>,
    ty: Option<ColumnType>,
    event_types: &[(String, String)],
) -> Option<ValueSet> {
    exclusive(sink, node, "values", "known_values");
    if node.text("values").is_some_and(|v| v.value == "event_types") {
        let values =
            event_types.iter().map(|(name, doc)| ValueDoc { value: Value::Text(name.clone()), doc: doc.clone() });
        return Some(ValueSet { closed: true, values: values.collect() });
    }
    let closed = node.table("values").is_some();
    let written = node.text_map(if closed { "values" } else { "known_values" });
    let integers = matches!(ty, Some(ColumnType::Int32 | ColumnType::Int64));
    let mut values = Vec::with_capacity(written.len());
    for (key, doc) in written {
        let value =
            if integers { key.value.parse().ok().map(Value::Int) } else { Some(Value::Text(key.value.clone())) };
        match value {
            Some(value) => values.push(ValueDoc { value, doc: doc.value }),
            None => {
                sink.fault(Code::NotAllowed, &key.place, format!("`{}` is not an integer", key.value))
                    .help("the values of an integer column are integers, written as keys");
            }
        }
    }
    (!values.is_empty()).then_some(ValueSet { closed, values })
}

fn read_deprecation(sink: &mut Sink, node: Node<'_>) -> Deprecation {
    if let Some(date) = node.text("remove_after").filter(|d| !crate::is_day(&d.value)) {
        sink.fault(Code::NotAllowed, &date.place, format!("`{}` is not a date", date.value))
            .help("write a day of the calendar as \"YYYY-MM-DD\"");
    }
    Deprecation {
        since: node.u32("since").unwrap_or(1),
        remove_after: node.text("remove_after").map(|d| d.value),
        replaced_by: node.text("replaced_by").map(|d| d.value),
        reason: node.text_or_empty("reason"),
    }
}

fn check_memory(sink: &mut Sink, node: Node<'_>, ty: Option<ColumnType>, memory: Memory) {
    let Some(example) = node.value("example").filter(|_| ty == Some(ColumnType::Json)) else { return };
    let expected = match (&example.value, memory) {
        (_, Memory::Text) | (Value::Object(_), Memory::Object) => return,
        (Value::Object(entries), Memory::StringMap) if entries.iter().all(|(_, v)| v.as_text().is_some()) => return,
        (_, Memory::StringMap) => "a table of texts, as `memory = \"string-map\"` says",
        // A narrow table has no TypeScript memory form, and its json columns take any value.
        (_, Memory::Object) if node.text("memory").is_none() => return,
        (_, Memory::Object) => "a table, as `memory = \"object\"` says",
    };
    sink.fault(Code::Example, &example.place, "the example is not a value of the column")
        .label(format!("expected {expected}"));
}

fn exclusive(sink: &mut Sink, node: Node<'_>, one: &str, other: &str) {
    if node.table.get(one).is_some()
        && let Some(second) = node.table.get(other)
    {
        let place = Place { file: node.file, span: second.span() };
        sink.fault(Code::Conflict, &place, format!("`{one}` and `{other}` exclude one another"));
    }
}

fn wants_type(sink: &mut Sink, node: Node<'_>, key: &str, ty: Option<ColumnType>, types: &[ColumnType]) {
    let (Some(item), Some(ty)) = (node.table.get(key), ty) else { return };
    if !types.contains(&ty) {
        let names: Vec<String> = types.iter().map(|t| format!("`{t}`")).collect();
        let place = Place { file: node.file, span: item.span() };
        sink.fault(Code::Conflict, &place, format!("`{key}` does not go with the type `{ty}`"))
            .help(format!("`{key}` is for {}", names.join(" and ")));
    }
}
