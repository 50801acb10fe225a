//! Items of Rust that compile against the old crate only.

use super::super::change::{Change, Kind, NameOf, Subject};
use super::super::rules::Context;
use super::readers::{changes_what_is_required, differs, reader};
use super::{Side, Witness, WitnessKind};
use crate::language::Thing;

/// Returns an item that uses what the new crate lacks.
pub(super) fn witness(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let text = differs(cx, candidates(change, cx), cx.languages.rust)?;
    if takes_its_place(change, cx, &text) {
        return None;
    }
    Some(Witness::new(WitnessKind::Rust, Side::Old, text))
}

fn candidates<'a>(change: &'a Change, cx: &Context<'a>) -> Vec<Thing<'a>> {
    match (&change.subject, &change.kind) {
        (Subject::Column { table, .. }, Kind::ValueDropped { value, .. }) => {
            let name = change.subject.name().unwrap_or_default();
            vec![Thing::Value(table, name, value)]
        }
        (Subject::Column { table, .. }, _) => {
            let column = reader(change, cx).map(|r| r.old);
            let row = column.map(|c| Thing::RowField(table, &c.name));
            let group = column.and_then(|c| Some(Thing::GroupField(c.group.as_deref()?, &c.name)));
            let new = changes_what_is_required(change).then_some(Thing::NewRow(table));
            row.into_iter().chain(group).chain(new).collect()
        }
        (Subject::Field { table, name }, _) => {
            let new = changes_what_is_required(change).then_some(Thing::NewRecord(table));
            [Thing::RecordField(table, name)].into_iter().chain(new).collect()
        }
        (Subject::EventType { table, .. }, Kind::EventTypeDropped) => event_type(change, cx, table),
        (Subject::Group { name, .. }, _) => vec![Thing::Group(name)],
        (Subject::Table { table } | Subject::Pipeline { table }, Kind::TableDropped | Kind::PipelineDropped) => {
            vec![Thing::RowType(table)]
        }
        (Subject::Table { table }, Kind::TableVersion { .. }) => vec![Thing::TableVersion(table)],
        (_, Kind::Name { of: NameOf::Event, .. }) => {
            cx.old.tables.iter().filter(|t| t.grouped).map(|t| Thing::RowType(&t.name)).collect()
        }
        _ => Vec::new(),
    }
}

/// Says whether another value has now the variant of one that is gone, as those without a name are counted.
fn takes_its_place(change: &Change, cx: &Context<'_>, text: &str) -> bool {
    let (Subject::Column { table, name, .. }, Kind::ValueDropped { .. }) = (&change.subject, &change.kind) else {
        return false;
    };
    let column = cx.new.table(table).and_then(|t| t.column(name));
    let values = column.and_then(|c| c.closed_values()).unwrap_or_default();
    values.iter().any(|v| cx.languages.rust.line(cx.new, Thing::Value(table, name, &v.value)).as_deref() == Some(text))
}

/// The event types are the values of one column.
fn event_type<'a>(change: &'a Change, cx: &Context<'a>, table: &'a str) -> Vec<Thing<'a>> {
    let name = change.subject.name().unwrap_or_default();
    let values = cx.old.table(table).and_then(|t| t.column("event_type")).and_then(|c| c.closed_values());
    let value = values.unwrap_or_default().iter().find(|v| v.value.as_text() == Some(name));
    value.map(|v| Thing::Value(table, "event_type", &v.value)).into_iter().collect()
}
