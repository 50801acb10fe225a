//! Rules about the ways in which rows are divided.

use std::collections::BTreeMap;

use unified_event_schema::{PartitionSpec, Table, Transform};

use crate::change::{Change, Kind, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::lock::spec_text;
use crate::rules::{B, Context, Judged, O, Rule, U, W, sides};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C54", name: "PARTITION_NAME_NO_REUSE",
        summary: "Checks that no column takes the name that a partition field has or had.",
        why: "Iceberg keeps former specs, and refuses a column with the name of one of their fields.",
        next: &["choose another name", "run `unified-event release`: a new table version has no former specs"],
        verdicts: [U, U, U, U, U, U, U, U, B, U, U, U, U],
        requires: Bump::Major, first: First::Table, judge: partition_name_no_reuse,
    },
    Rule {
        code: "UE-C55", name: "PARTITION_SPEC_EVOLVES",
        summary: "Notes another way to divide rows.",
        why: "Iceberg keeps old files under their spec; only the cost of queries changes. The managed layout has its own.",
        next: &["replace the spec in place with the new spec id; rewrite old files where it pays"],
        verdicts: [U, U, U, U, U, U, U, U, O, W, O, O, U],
        requires: Bump::Minor, first: First::Table, judge: partition_spec_evolves,
    },
    Rule {
        code: "UE-C56", name: "PARTITION_ID_NO_REUSE",
        summary: "Checks that ids of specs and partition fields keep their meaning.",
        why: "Old manifests name the id: their files would be pruned by the wrong value.",
        next: &["take the next free id"],
        verdicts: [U, U, U, U, U, U, U, U, B, B, B, B, U],
        requires: Bump::Refused, first: First::Table, judge: partition_id_no_reuse,
    },
    Rule {
        code: "UE-C57", name: "PARTITION_SOURCE_NO_DROP",
        summary: "Checks that no column goes away by which rows are divided or sorted.",
        why: "Engines refuse to drop a column that the current spec or sort order names; former specs may name it.",
        next: &[
            "leave the column in the tables that have it, and run `unified-event release`: the new table version starts without it",
        ],
        verdicts: [U, U, U, U, U, U, U, U, W, O, O, O, U],
        requires: Bump::Minor, first: First::Table, judge: partition_source_no_drop,
    },
];

fn partition_spec_evolves(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let what = match &change.kind {
        Kind::PartitionAdded { .. } => "is new".to_owned(),
        Kind::PartitionDropped { .. } => "is dropped".to_owned(),
        Kind::PartitionChanged { .. } => format!("changes {}", sides(&change.kind)),
        Kind::PartitionDefault { .. } => {
            return Some(Judged::new(format!(
                "the order of schemes of {} changes {}",
                change.subject,
                sides(&change.kind)
            )));
        }
        _ => return None,
    };
    reused_id(change, cx).is_none().then(|| Judged::new(format!("{} {what}", change.subject)))
}

fn partition_id_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    reused_id(change, cx).map(Judged::new)
}

fn reused_id(change: &Change, cx: &Context<'_>) -> Option<String> {
    let spec = match &change.kind {
        Kind::PartitionAdded { spec } => spec,
        Kind::PartitionChanged { new, .. } => new,
        _ => return None,
    };
    let old = cx.old_table(change)?;
    let meaning = |s: &PartitionSpec| -> Vec<(u32, u32, Transform)> {
        s.fields.iter().map(|f| (f.id, f.source_id, f.transform)).collect()
    };
    if let Some(before) = old.partition_specs.iter().find(|s| s.spec_id == spec.spec_id)
        && meaning(before) != meaning(spec)
    {
        return Some(format!("spec id {} of `{}` divides rows otherwise than before", spec.spec_id, old.name));
    }
    let locked_spec = cx.lock.and_then(|l| l.specs.iter().find(|s| s.table == old.name && s.id == spec.spec_id));
    if let Some(locked) = locked_spec.filter(|locked| locked.text != spec_text(spec)) {
        return Some(format!(
            "spec id {} of `{}` stood for the partition fields {} in a former release",
            spec.spec_id, old.name, locked.text
        ));
    }
    let known = field_meanings(old);
    let taken = |id: u32| {
        let locked = cx.lock.and_then(|l| l.partition(&old.name, id)).map(|p| (p.source, p.transform));
        known.get(&id).copied().or(locked)
    };
    if let Some(field) = spec.fields.iter().find(|f| taken(f.id).is_some_and(|m| m != (f.source_id, f.transform))) {
        return Some(format!("partition field id {} of `{}` has another meaning than before", field.id, old.name));
    }
    // The other way round: an equal field keeps the id that it had.
    spec.fields.iter().find_map(|field| {
        let locked = cx.lock?.partitions.iter().find(|p| {
            p.table == old.name && (p.source, p.transform) == (field.source_id, field.transform) && p.id != field.id
        })?;
        let (name, id) = (&field.name, field.id);
        Some(format!("partition field `{name}` of `{}` had the id {}, and has {id} now", old.name, locked.id))
    })
}

fn field_meanings(table: &Table) -> BTreeMap<u32, (u32, Transform)> {
    table.partition_specs.iter().flat_map(|s| &s.fields).map(|f| (f.id, (f.source_id, f.transform))).collect()
}

fn partition_name_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (Kind::ColumnAdded { .. } | Kind::ColumnRenamed { .. }, Subject::Column { table, id, name }) =
        (&change.kind, &change.subject)
    else {
        return None;
    };
    let field = |source: u32, transform: Transform, field: String| {
        // An identity field has the name of its own source, which may have it back.
        field == *name && !(transform == Transform::Identity && source == *id)
    };
    let in_model = || cx.old_table(change).into_iter().flat_map(|t| &t.partition_specs).flat_map(|s| &s.fields);
    let in_lock = || cx.lock.into_iter().flat_map(|l| &l.partitions).filter(|p| p.table == *table);
    // A field is named after what its source was called when the spec was made.
    let names = |source: u32| {
        let former = cx.lock.into_iter().flat_map(|l| &l.former).filter(move |f| f.table == *table && f.id == source);
        former.map(|f| &f.name).chain(cx.lock.and_then(|l| l.column(table, source)).map(|c| &c.name))
    };
    let taken = in_model().any(|f| field(f.source_id, f.transform, f.name.clone()))
        || in_lock().any(|p| names(p.source).any(|n| field(p.source, p.transform, p.transform.field_name(n))));
    taken.then(|| Judged::new(format!("{} takes the name of a partition field", change.subject)))
}

fn partition_source_no_drop(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnDropped { column, .. } = &change.kind else { return None };
    let divided = |t: &Table| field_meanings(t).values().any(|(source, _)| *source == column.id);
    let sorted = |t: &Table| t.sort_order.iter().flat_map(|s| &s.fields).any(|f| f.source_id == column.id);
    let table = cx.old_table(change)?;
    (sorted(table) || divided(table)).then(|| {
        let what = if divided(table) { "divided" } else { "sorted" };
        let judged = Judged::new(format!("{} is dropped, and rows are {what} by it", change.subject));
        let now = cx.new.table(&table.name);
        if now.is_some_and(|t| divided(t) || sorted(t)) {
            judged.verdict(&[Consumer::EngineTable], Verdict::Break).requires(Bump::Major)
        } else if now.is_some_and(|t| table.partition_specs.iter().any(|s| is_left_blind(s, column.id, t))) {
            judged.verdict(&[Consumer::EngineTable], Verdict::Break).requires(Bump::Major).next(
                "keep one column by which rows were divided: DuckDB 1.5 ends its process on a table that has lost \
                 them all",
            )
        } else {
            judged
        }
    })
}

fn is_left_blind(spec: &PartitionSpec, dropped: u32, now: &Table) -> bool {
    let is_there = |id: u32| now.columns.iter().any(|c| c.id == id);
    spec.fields.iter().any(|f| f.source_id == dropped) && !spec.fields.iter().any(|f| is_there(f.source_id))
}
