//! Rules about tables and their layout.

use std::collections::BTreeMap;

use unified_event_schema::{PartitionSpec, Schema, Table, Transform};

use super::{B, Context, Judged, O, R, Rule, U, W, sides};
use crate::evolve::change::{Change, Kind, NameOf, Subject};
use crate::evolve::finding::{Bump, Consumer, First, Verdict};
use crate::evolve::lock::{sort_text, spec_text};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C50", name: "TABLE_ADD",
        summary: "Notes a new table with its pipeline.",
        why: "The platform allows 20 streams, 20 sinks and 20 pipelines an account.",
        next: &["create the stream, then the sink, then the pipeline"],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [O, O, O, O, O, O, O, O, O, U, U, U, U],
        requires: Bump::Minor, first: First::Table, judge: table_add,
    },
    Rule {
        code: "UE-C51", name: "TABLE_NO_DROP",
        summary: "Checks that no table and no pipeline goes away.",
        why: "Producers and readers of the table have nowhere to go.",
        next: &["move readers and producers away, then retire its versions in the lock"],
        verdicts: [B, B, B, B, B, B, B, B, B, B, B, B, U],
        requires: Bump::Major, first: First::Readers, judge: table_no_drop,
    },
    Rule {
        code: "UE-C52", name: "TABLE_VERSION_ONLY_RISES",
        summary: "Checks that a table's version rises by one at a time.",
        why: "The version is part of every name; one that comes back would write into the old table.",
        next: &["leave `version` to `unified-event release`"],
        verdicts: [B, B, B, B, B, B, B, B, B, B, B, B, U],
        requires: Bump::Refused, first: First::Any, judge: table_version_only_rises,
    },
    Rule {
        code: "UE-C53", name: "TABLE_VERSION_NOTED",
        summary: "Notes a new table version: new names beside the old ones.",
        why: "Stream, sink, pipeline and table are made anew; the old ones run on until they are retired.",
        next: &["follow the plan of the migration: both versions first, then readers, then producers"],
        verdicts: [W, O, O, W, O, R, R, R, R, O, W, W, U],
        requires: Bump::Major, first: First::Both, judge: table_version_noted,
    },
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
        next: &["on an existing table, replace spec and sort order first, and drop the column in a statement after that"],
        verdicts: [U, U, U, U, U, U, U, U, W, O, O, O, U],
        requires: Bump::Minor, first: First::Table, judge: partition_source_no_drop,
    },
    Rule {
        code: "UE-C58", name: "SORT_ORDER_EVOLVES",
        summary: "Notes another order of rows in files.",
        why: "Only the cost of queries changes.",
        next: &["replace the order in place with the new order id"],
        verdicts: [U, U, U, U, U, U, U, U, O, O, O, O, U],
        requires: Bump::Patch, first: First::Table, judge: sort_order_evolves,
    },
    Rule {
        code: "UE-C59", name: "SORT_ORDER_ID_NO_REUSE",
        summary: "Checks that an order id keeps its meaning.",
        why: "Files name the id of the order in which they were written.",
        next: &["take the next free order id"],
        verdicts: [U, U, U, U, U, U, U, U, B, W, O, O, U],
        requires: Bump::Refused, first: First::Table, judge: sort_order_id_no_reuse,
    },
    Rule {
        code: "UE-C60", name: "LAYOUT_NOTED",
        summary: "Notes other properties, statistics and distribution.",
        why: "Writers of the engine layout follow; readers see no difference.",
        next: &["set the properties on the existing table"],
        verdicts: [U, U, U, U, U, U, U, U, O, O, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: layout_noted,
    },
    Rule {
        code: "UE-C61", name: "FORMAT_VERSION_SAME",
        summary: "Checks the Iceberg format version: it may rise when every reader knows the new one, and never falls.",
        why: "A reader that does not know the version refuses the table; no engine can lower it.",
        next: &["upgrade every reader first"],
        verdicts: [U, U, U, U, U, U, U, U, W, W, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: format_version_same,
    },
    Rule {
        code: "UE-C62", name: "NAMES_SAME",
        summary: "Checks the names by which others find the event, the tables and the platform's resources.",
        why: "Whoever uses the old name finds nothing, or the platform makes another resource.",
        next: &["keep the name", "let the old name live on until nobody uses it"],
        verdicts: [U, U, U, U, U, R, R, R, U, U, U, U, U],
        requires: Bump::Minor, first: First::Both, judge: names_same,
    },
    Rule {
        code: "UE-C63", name: "KEY_NOTED",
        summary: "Notes that a table gets its first key, or names its columns in another order.",
        why: "Rows with the same key are one row: a migration moves them once, and finds them by it.",
        next: &["count the keys that stand on several rows; a migration reports those whose rows differ"],
        verdicts: [U, U, U, U, U, U, U, W, W, U, U, U, U],
        requires: Bump::Minor, first: First::Producers, judge: key_noted,
    },
    Rule {
        code: "UE-C64", name: "KEY_SAME",
        summary: "Checks that rows are told apart by the same columns, and that the pipeline writes these as before.",
        why: "With fewer columns two rows become one, with more or none one row becomes two: joins and counts change without a word.",
        next: &["keep the key", "run `unified-event release`: the new table version has the new key"],
        verdicts: [U, B, U, U, U, U, U, B, B, B, B, B, U],
        requires: Bump::Major, first: First::Both, judge: key_same,
    },
];

fn table_add(change: &Change, _: &Context<'_>) -> Option<Judged> {
    matches!(&change.kind, Kind::TableAdded | Kind::PipelineAdded)
        .then(|| Judged::new(format!("{} is new", change.subject)))
}

fn table_no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match &change.kind {
        Kind::TableDropped | Kind::PipelineDropped => Some(Judged::new(format!("{} is dropped", change.subject))),
        // A table that turns wide or narrow is another table under the same name.
        Kind::TableGrouped { .. } => Some(Judged::new(format!("{} changes {}", change.subject, sides(&change.kind)))),
        _ => None,
    }
}

/// Says whether a table may go from one version to another: to one that a release made, or to the next one
/// as long as nothing of the table is released.
fn is_rise(change: &Change, cx: &Context<'_>, old: u32, new: u32) -> bool {
    let table = change.subject.table();
    let mut released = cx.lock.iter().flat_map(|l| &l.tables).filter(|t| Some(t.table.as_str()) == table).peekable();
    new > old && if released.peek().is_none() { new == old + 1 } else { released.any(|t| t.version.major == new) }
}

fn table_version_only_rises(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::TableVersion { old, new } = &change.kind else { return None };
    if is_rise(change, cx, *old, *new) {
        return None;
    }
    let judged = Judged::new(format!("{} goes from version {old} to {new}", change.subject));
    let table = change.subject.table().unwrap_or_default();
    let newest = cx.lock.and_then(|l| l.newest(table)).map(|t| t.version.major);
    Some(match newest {
        Some(newest) if newest < *new => {
            Judged::new(format!("{}, which no release made", judged.message)).next(format!(
                "put `version = {newest}` back and run `unified-event release`: it raises the version where a change \
             needs that, and with `--new-version {table}` where none does"
            ))
        }
        Some(newest) => judged.next(format!("put `version = {newest}` back, which is the newest release")),
        None => judged,
    })
}

fn table_version_noted(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::TableVersion { old, new } = &change.kind else { return None };
    is_rise(change, cx, *old, *new).then(|| Judged::new(format!("{} goes from version {old} to {new}", change.subject)))
}

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

/// Returns what is wrong with the ids of a spec that came or changed.
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

/// Says whether no source of a spec is left, this one among them.
fn is_left_blind(spec: &PartitionSpec, dropped: u32, now: &Table) -> bool {
    let is_there = |id: u32| now.columns.iter().any(|c| c.id == id);
    spec.fields.iter().any(|f| f.source_id == dropped) && !spec.fields.iter().any(|f| is_there(f.source_id))
}

fn sort_order_evolves(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Sort { .. } = &change.kind else { return None };
    sort_order_id_no_reuse(change, cx)
        .is_none()
        .then(|| Judged::new(format!("the sort order of {} changes {}", change.subject, sides(&change.kind))))
}

fn sort_order_id_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Sort { old, new: Some(new) } = &change.kind else { return None };
    let table = change.subject.table()?;
    let locked = || cx.lock?.sorts.iter().find(|s| s.table == table && s.id == new.order_id);
    let sorted_otherwise = locked().is_some_and(|locked| locked.text != sort_text(new));
    (sorted_otherwise || old.as_ref().is_some_and(|old| old.order_id == new.order_id))
        .then(|| Judged::new(format!("order id {} of {} sorts otherwise than before", new.order_id, change.subject)))
}

fn layout_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let what = match &change.kind {
        Kind::Distribution { .. } => "the distribution".to_owned(),
        Kind::Metrics { .. } => "the statistics".to_owned(),
        Kind::Property { key, .. } if key != FORMAT_VERSION => format!("the property `{key}`"),
        _ => return None,
    };
    Some(Judged::new(format!("{what} of {} changes {}", change.subject, sides(&change.kind))))
}

const FORMAT_VERSION: &str = "format-version";

fn format_version_same(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Property { key, old, new } = &change.kind else { return None };
    (key == FORMAT_VERSION).then(|| {
        let judged = Judged::new(format!("the format version of {} changes {}", change.subject, sides(&change.kind)));
        if new < old {
            judged.verdict(&[Consumer::EngineTable], Verdict::Break).requires(Bump::Refused)
        } else {
            judged
        }
    })
}

fn key_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Key { old, new } = &change.kind else { return None };
    if old.is_empty() {
        return Some(Judged::new(format!("{} gets a first key, `{}`", change.subject, new.join(", "))));
    }
    is_order_only(old, new).then(|| {
        Judged::new(format!("the key of {} changes its order {}", change.subject, sides(&change.kind)))
            .verdict(&[Consumer::ManagedTable, Consumer::EngineTable], Verdict::Ok)
            .requires(Bump::Patch)
    })
}

fn key_same(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    const READERS: [Consumer; 3] = [Consumer::Files, Consumer::SelectList, Consumer::SelectStar];
    const TABLES: [Consumer; 2] = [Consumer::ManagedTable, Consumer::EngineTable];
    match &change.kind {
        Kind::Key { old, new } if !old.is_empty() && !is_order_only(old, new) => {
            let judged = Judged::new(format!("the key of {} changes {}", change.subject, sides(&change.kind)));
            let fewer: Vec<&String> = old.iter().filter(|c| !new.contains(c)).collect();
            let more = new.iter().any(|c| !old.contains(c));
            Some(if new.is_empty() {
                judged.verdict(&[Consumer::WireIn], Verdict::Ok).verdict(&TABLES, Verdict::Warn)
            } else if fewer.is_empty() {
                // What one key told apart, more columns tell apart as well.
                judged.verdict(&[Consumer::WireIn], Verdict::Ok).verdict(&TABLES, Verdict::Ok)
            } else {
                let names = fewer.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
                let judged =
                    judged.next(format!("find rows that differ in {names} alone: each such pair becomes one row"));
                // A key of fewer columns is one of all of them too, so that readers see what they did.
                if more { judged } else { judged.verdict(&READERS, Verdict::Ok) }
            })
        }
        Kind::Expression { .. } | Kind::Derived { rewritten: true, .. } => {
            let Subject::Column { table, id, name } = &change.subject else { return None };
            let is_key = |schema: &Schema| {
                let table = schema.table(table)?;
                Some(table.key.iter().any(|k| table.column(k).is_some_and(|c| c.id == *id)))
            };
            let in_key = is_key(cx.old) == Some(true) && is_key(cx.new) == Some(true);
            in_key.then(|| {
                Judged::new(format!("`{name}`, by which rows of table `{table}` are told apart, is written otherwise"))
                    .verdict(&[Consumer::WireIn], Verdict::Untouched)
            })
        }
        _ => None,
    }
}

fn is_order_only(old: &[String], new: &[String]) -> bool {
    let sorted = |key: &[String]| {
        let mut key = key.to_vec();
        key.sort_unstable();
        key
    };
    sorted(old) == sorted(new)
}

fn names_same(change: &Change, _: &Context<'_>) -> Option<Judged> {
    use Consumer::{
        EngineTable, Files, ManagedTable, PipelineSql, RustApi, SelectList, SelectStar, Stream, TypeScript,
    };
    let Kind::Name { of, .. } = &change.kind else { return None };
    let judged = Judged::new(format!("the {} of {} changes {}", of.words(), change.subject, sides(&change.kind)));
    let platform = [Stream, PipelineSql, ManagedTable];
    Some(match of {
        // The npm package's names are a contract of their own, and the crate's modules of groups are private.
        NameOf::Event => judged.verdict(&platform, Verdict::Untouched).verdict(&[RustApi], Verdict::Break),
        NameOf::Module => judged.verdict(&platform, Verdict::Untouched).verdict(&[RustApi], Verdict::Ok),
        NameOf::Binding => judged
            .verdict(&[PipelineSql, ManagedTable], Verdict::Untouched)
            .verdict(&[Stream], Verdict::Ok)
            .verdict(&[TypeScript], Verdict::Break),
        NameOf::Stream => judged.verdict(&[ManagedTable], Verdict::Untouched),
        NameOf::Pipeline => judged.verdict(&[Stream, ManagedTable], Verdict::Untouched),
        NameOf::Sink => judged.verdict(&[Stream], Verdict::Untouched),
        NameOf::Table | NameOf::SinkTable | NameOf::Namespace | NameOf::Bucket => judged
            .verdict(&[Stream], Verdict::Untouched)
            .verdict(&[EngineTable, Files, SelectList, SelectStar], Verdict::Break)
            .requires(Bump::Major),
    })
}
