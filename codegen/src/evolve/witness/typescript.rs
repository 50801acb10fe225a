//! Modules of TypeScript that compile against the old package only.

use super::super::change::{Change, Kind, NameOf, Subject};
use super::super::rules::Context;
use super::readers::{changes_what_is_required, differs, reader};
use super::{Side, Witness, WitnessKind};
use crate::target::typescript::lines::{Of, line};

/// Returns a module that uses what the new package lacks.
pub(super) fn witness(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let text = differs(cx, candidates(change, cx), line)?;
    Some(Witness::new(WitnessKind::TypeScript, Side::Old, text))
}

fn candidates<'a>(change: &'a Change, cx: &Context<'a>) -> Vec<Of<'a>> {
    match (&change.subject, &change.kind) {
        (Subject::Column { name, .. }, Kind::ValueDropped { value, .. }) => vec![Of::Value(name, value)],
        (Subject::Column { table, .. }, _) => {
            let column = reader(change, cx).map(|r| r.old);
            let is_wide = cx.old.table(table).is_some_and(|t| t.grouped);
            let event = column.filter(|_| is_wide).map(|c| Of::Event(&c.name));
            let record = column.map(|c| Of::Record(table, &c.name));
            let group = column.and_then(|c| Some(Of::Group(c.group.as_deref()?, &c.name)));
            let smallest = changes_what_is_required(change).then_some(Of::Smallest(table));
            event.into_iter().chain(record).chain(group).chain(smallest).collect()
        }
        (Subject::Field { table, name }, _) => {
            let smallest = changes_what_is_required(change).then_some(Of::Smallest(table));
            [Of::Record(table, name)].into_iter().chain(smallest).collect()
        }
        (Subject::EventType { name, .. }, Kind::EventTypeDropped) => vec![Of::EventType(name)],
        (Subject::EventType { name, .. }, Kind::RequirementAdded { .. }) => vec![Of::Requirement(name)],
        (Subject::Group { name, .. }, _) => vec![Of::GroupType(name)],
        (Subject::Table { table } | Subject::Pipeline { table }, Kind::TableDropped | Kind::PipelineDropped) => {
            vec![Of::RecordType(table)]
        }
        (Subject::Pipeline { table }, Kind::Name { of: NameOf::Binding, .. }) => vec![Of::Binding(table)],
        _ => Vec::new(),
    }
}
