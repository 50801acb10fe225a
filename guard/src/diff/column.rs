//! Columns and fields of streams, one pair at a time.

use unified_event_schema::{Column, Deprecation, StreamField, ValueDoc, ValueSet};

use super::Changes;
use crate::change::{Kind, Subject};

/// Adds what differs between two columns of one id.
pub(super) fn diff(
    changes: &mut Changes,
    table: &str,
    before: &Column,
    after: &Column,
    values_follow: bool,
    expression: Option<Kind>,
) {
    let here = || Subject::Column { table: table.to_owned(), id: after.id, name: after.name.clone() };
    #[rustfmt::skip]
    let Column {
        id: _, name, group, ty, required, non_empty, kind, doc, example, format, values, unit, computed, transform, wire, memory,
        meaning, renamed_from, since, deprecated,
    } = before;
    if *name != after.name {
        if after.renamed_from.as_ref() != Some(name) {
            let (old, new) = (Box::new(before.clone()), Box::new(after.clone()));
            changes.push(here(), Kind::ColumnReplaced { old, new });
            return;
        }
        changes.push(here(), Kind::ColumnRenamed { old: name.clone(), new: after.name.clone() });
    } else {
        changes.differ(renamed_from, &after.renamed_from, here, |old, new| Kind::RenamedFrom { old, new });
    }
    changes.differ(ty, &after.ty, here, |old, new| Kind::Type { old, new });
    if *required != after.required {
        changes.push(here(), Kind::Presence { required: after.required });
    }
    changes.differ(non_empty, &after.non_empty, here, |_, non_empty| Kind::EmptyText { non_empty });
    changes.differ(kind, &after.kind, here, |old, new| Kind::ColumnKind { old, new });
    changes.differ(format, &after.format, here, |old, new| Kind::Format { old, new });
    if !values_follow {
        diff_values(changes, values.as_ref(), after.values.as_ref(), here);
    }
    changes.differ(unit, &after.unit, here, |old, new| Kind::Unit { old, new });
    changes.differ(meaning, &after.meaning, here, |old, new| Kind::Meaning { old, new });
    if computed.is_some() != after.computed.is_some() {
        changes.push(here(), Kind::Settable { settable: after.computed.is_none() });
    }
    let text = |c: &Column| c.computed.as_ref().or(c.transform.as_ref()).cloned();
    if let Some(kind) = expression {
        changes.push(here(), kind);
    }
    // A computed column has no transform, so that one of the two says it all where both sides agree.
    if text(before) == text(after) && computed.is_some() == after.computed.is_some() && *transform != after.transform {
        changes.push(here(), Kind::Expression { old: transform.clone(), new: after.transform.clone() });
    }
    changes.differ(wire, &after.wire, here, |old, new| Kind::Wire { old, new });
    changes.differ(memory, &after.memory, here, |old, new| Kind::Memory { old, new });
    changes.differ(group, &after.group, here, |old, new| Kind::Group { old, new });
    changes.differ(since, &after.since, here, |old, new| Kind::Since { old, new });
    diff_deprecation(changes, deprecated.as_ref(), after.deprecated.as_ref(), here);
    changes.differ(doc, &after.doc, here, |old, new| Kind::Doc { old, new });
    changes.differ(example, &after.example, here, |old, new| Kind::Example { old, new });
}

/// Adds what differs between two fields of one name.
pub(super) fn diff_field(changes: &mut Changes, table: &str, before: &StreamField, after: &StreamField) {
    let here = || Subject::Field { table: table.to_owned(), name: after.name.clone() };
    let StreamField { name: _, ty, required, non_empty, doc, example, format, values } = before;
    changes.differ(ty, &after.ty, here, |old, new| Kind::Type { old, new });
    if *required != after.required {
        changes.push(here(), Kind::Presence { required: after.required });
    }
    changes.differ(non_empty, &after.non_empty, here, |_, non_empty| Kind::EmptyText { non_empty });
    changes.differ(format, &after.format, here, |old, new| Kind::Format { old, new });
    diff_values(changes, values.as_ref(), after.values.as_ref(), here);
    changes.differ(doc, &after.doc, here, |old, new| Kind::Doc { old, new });
    changes.differ(example, &after.example, here, |old, new| Kind::Example { old, new });
}

fn diff_deprecation(
    changes: &mut Changes,
    old: Option<&Deprecation>,
    new: Option<&Deprecation>,
    subject: impl Fn() -> Subject,
) {
    changes.differ(&old.cloned(), &new.cloned(), subject, |old, new| Kind::Deprecation { old, new });
}

fn diff_values(changes: &mut Changes, old: Option<&ValueSet>, new: Option<&ValueSet>, subject: impl Fn() -> Subject) {
    let closed = |set: Option<&ValueSet>| set.map(|s| s.closed);
    changes.differ(&closed(old), &closed(new), &subject, |old, new| Kind::ValueSet { old, new });
    let (Some(ValueSet { closed: was_closed, values: before }), Some(ValueSet { closed, values: after })) = (old, new)
    else {
        return;
    };
    for ValueDoc { value, doc } in before {
        match after.iter().find(|v| v.value == *value) {
            None => changes.push(subject(), Kind::ValueDropped { value: value.clone(), closed: *closed }),
            Some(now) => {
                changes.differ(doc, &now.doc, &subject, |old, new| Kind::ValueDoc { value: value.clone(), old, new })
            }
        }
    }
    for value in after.iter().filter(|v| !before.iter().any(|b| b.value == v.value)) {
        changes.push(subject(), Kind::ValueAdded { value: value.value.clone(), closed: *was_closed });
    }
    let order = |values: &[ValueDoc], other: &[ValueDoc]| -> Vec<unified_event_schema::Value> {
        let both = values.iter().filter(|v| other.iter().any(|o| o.value == v.value));
        both.map(|v| v.value.clone()).collect()
    };
    let (old, new) = (order(before, after), order(after, before));
    changes.differ(&old, &new, &subject, |old, new| Kind::ValueOrder { old, new });
}
