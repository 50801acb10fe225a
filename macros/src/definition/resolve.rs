//! From the model of the schema crate to the derive's tables, for the build script and for tests.

use unified_event_schema::{EventType as Resolved, Schema};

use super::tables::{Column, Definition, EventType, Group};

/// Returns the tables of a definition. They are leaked: whoever asks ends soon.
pub(crate) fn resolve(schema: &Schema) -> Definition {
    let wide = &schema.events_table().columns;
    let columns: Vec<Column> = wide
        .iter()
        .enumerate()
        .map(|(position, column)| Column {
            position,
            name: text(&column.name),
            ty: column.ty,
            required: column.required,
            non_empty: column.non_empty,
            settable: column.is_settable(),
            closed: column.closed_values().is_some(),
            deprecated: column.deprecated.as_ref().map(|deprecation| text(&deprecation.note())),
        })
        .collect();
    let mut by_name: Vec<usize> = (0..columns.len()).collect();
    by_name.sort_unstable_by_key(|position| columns[*position].name);
    let groups = schema.groups.iter().map(|group| {
        let members = wide.iter().enumerate().filter(|(_, c)| c.group.as_ref() == Some(&group.name) && c.is_settable());
        Group { name: text(&group.name), columns: list(members.map(|(position, _)| position)) }
    });
    Definition {
        columns: list(columns),
        by_name: list(by_name),
        event_types: list(schema.event_types.iter().map(|event_type| requirements(schema, event_type))),
        groups: list(groups.filter(|group| !group.columns.is_empty())),
        fingerprint: schema.fingerprint(),
    }
}

fn requirements(schema: &Schema, event_type: &Resolved) -> EventType {
    let position = |name: &String| schema.events_table().columns.iter().position(|column| column.name == *name);
    let requires = event_type.requires.iter().map(|r| list(r.any_of.iter().filter_map(position)));
    EventType { name: text(&event_type.name), requires: list(requires) }
}

fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    items.into_iter().collect::<Vec<T>>().leak()
}
