//! Rules about tables as a whole, and their versions.

use crate::change::{Change, Kind};
use crate::finding::{Bump, First};
use crate::rules::{B, Context, Judged, O, R, Rule, U, W, sides};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
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
