//! Modules of TypeScript that compile against the old package only.

use super::super::change::{Change, Kind, NameOf, Subject};
use super::super::rules::Context;
use super::readers::{changes_what_is_required, differs, reader};
use super::{Side, Witness, WitnessKind};
use crate::language::Thing;

/// Returns a module that uses what the new package lacks.
pub(super) fn witness(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let text = differs(cx, candidates(change, cx), cx.languages.typescript)?;
    Some(Witness::new(WitnessKind::TypeScript, Side::Old, text))
}

fn candidates<'a>(change: &'a Change, cx: &Context<'a>) -> Vec<Thing<'a>> {
    match (&change.subject, &change.kind) {
        (Subject::Column { table, name, .. }, Kind::ValueDropped { value, .. }) => {
            vec![Thing::Value(table, name, value)]
        }
        (Subject::Column { table, .. }, _) => {
            let column = reader(change, cx).map(|r| r.old);
            let is_wide = cx.old.table(table).is_some_and(|t| t.grouped);
            let event = column.filter(|_| is_wide).map(|c| Thing::EventColumn(&c.name));
            let record = column.map(|c| Thing::RecordField(table, &c.name));
            let group = column.and_then(|c| Some(Thing::GroupField(c.group.as_deref()?, &c.name)));
            let smallest = changes_what_is_required(change).then_some(Thing::NewRecord(table));
            event.into_iter().chain(record).chain(group).chain(smallest).collect()
        }
        (Subject::Field { table, name }, _) => {
            let smallest = changes_what_is_required(change).then_some(Thing::NewRecord(table));
            [Thing::RecordField(table, name)].into_iter().chain(smallest).collect()
        }
        (Subject::EventType { name, .. }, Kind::EventTypeDropped) => vec![Thing::EventType(name)],
        (Subject::EventType { name, .. }, Kind::RequirementAdded { .. }) => vec![Thing::Requirement(name)],
        (Subject::Group { name, .. }, _) => vec![Thing::Group(name)],
        (Subject::Table { table } | Subject::Pipeline { table }, Kind::TableDropped | Kind::PipelineDropped) => {
            vec![Thing::RecordType(table)]
        }
        (Subject::Pipeline { table }, Kind::Name { of: NameOf::Binding, .. }) => vec![Thing::Binding(table)],
        _ => Vec::new(),
    }
}
