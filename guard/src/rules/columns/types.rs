//! Rules about the type of a column, and whether it may be absent.

use unified_event_schema::{ColumnType, Schema};

use super::RELEASE;
use crate::change::{Change, Kind, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::rules::{B, Context, Judged, O, R, Rule, U, W};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C10", name: "COLUMN_SAME_TYPE",
        summary: "Checks that a column keeps its type, widening apart.",
        why: "Old values are no values of the new type: the platform drops events, engines refuse the table.",
        next: &["add a column of the new type and deprecate this one with `replaced_by`", RELEASE],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [B, B, B, B, B, R, R, R, B, B, B, B, U],
        requires: Bump::Major, first: First::Both, judge: same_type,
    },
    Rule {
        code: "UE-C11", name: "COLUMN_WIDEN_TYPE",
        summary: "Notes an integer that grows from 32 to 64 bits.",
        why: "Iceberg reads old files as the wider type, but Rust code names the narrower one, and old readers overflow.",
        next: &["release a new major version of the Rust crate", "upgrade readers before producers send larger values"],
        verdicts: [B, O, W, O, O, R, R, R, O, W, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: widen_type,
    },
    Rule {
        code: "UE-C12", name: "COLUMN_NO_NARROW_TYPE",
        summary: "Checks that an integer does not shrink from 64 to 32 bits.",
        why: "Larger values exist: the platform drops new ones, and Iceberg refuses to read old ones.",
        next: &["keep 64 bits", RELEASE],
        verdicts: [B, B, O, O, B, R, R, R, B, B, W, W, U],
        requires: Bump::Major, first: First::Producers, judge: no_narrow_type,
    },
    Rule {
        code: "UE-C13", name: "COLUMN_NO_OPTIONAL_TO_REQUIRED",
        summary: "Checks that an optional column stays optional.",
        why: "Events without it are accepted and then dropped, and Iceberg refuses the change where nulls are stored.",
        next: &["require it of single event types in `event_types.toml` instead", RELEASE],
        verdicts: [B, B, O, W, B, R, R, R, B, B, O, O, U],
        requires: Bump::Major, first: First::Producers, judge: no_optional_to_required,
    },
    Rule {
        code: "UE-C14", name: "COLUMN_NO_REQUIRED_TO_OPTIONAL",
        summary: "Checks that a required column stays required.",
        why: "Readers rely on the value: programs that unwrap it fail, and aggregates silently skip rows.",
        next: &["send a value that says \"unknown\"", RELEASE],
        verdicts: [B, O, B, B, B, R, R, R, O, W, W, W, U],
        requires: Bump::Major, first: First::Readers, judge: no_required_to_optional,
    },
];

fn same_type(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (old, new) = column_types(change)?;
    if matches!((old, new), (ColumnType::Int32, ColumnType::Int64) | (ColumnType::Int64, ColumnType::Int32)) {
        return None;
    }
    let judged = Judged::new(format!("the type of {} changes from `{old}` to `{new}`", change.subject));
    Some(match (old, new) {
        (ColumnType::Int32 | ColumnType::Int64, ColumnType::Float64) => judged
            .verdict(&[Consumer::WireIn, Consumer::TypeScript, Consumer::Validators], Verdict::Ok)
            .verdict(&[Consumer::WireOut, Consumer::SelectList, Consumer::SelectStar], Verdict::Warn),
        // Both are text in tables and files; only what the text says differs.
        (ColumnType::String, ColumnType::Json) | (ColumnType::Json, ColumnType::String) => judged
            .verdict(&[Consumer::EngineTable], Verdict::Ok)
            .verdict(&[Consumer::Files, Consumer::SelectList, Consumer::SelectStar], Verdict::Warn),
        // TypeScript has one type for either, so that code compiles; its values are refused as all others.
        _ if is_one_type_in_typescript(change, cx) => judged.verdict(&[Consumer::TypeScript], Verdict::Warn),
        _ => judged,
    })
}

fn is_one_type_in_typescript(change: &Change, cx: &Context<'_>) -> bool {
    let (Some(table), Some(name)) = (change.subject.table(), change.subject.name()) else { return false };
    let type_in = |schema: &Schema| {
        schema.table(table).and_then(|t| t.column(name)).map(|c| cx.languages.typescript.value_type(c))
    };
    type_in(cx.old) == type_in(cx.new)
}

fn widen_type(change: &Change, _: &Context<'_>) -> Option<Judged> {
    (column_types(change)? == (ColumnType::Int32, ColumnType::Int64))
        .then(|| Judged::new(format!("{} grows from `int32` to `int64`", change.subject)))
}

fn no_narrow_type(change: &Change, _: &Context<'_>) -> Option<Judged> {
    (column_types(change)? == (ColumnType::Int64, ColumnType::Int32))
        .then(|| Judged::new(format!("{} shrinks from `int64` to `int32`", change.subject)))
}

fn column_types(change: &Change) -> Option<(ColumnType, ColumnType)> {
    match (&change.subject, &change.kind) {
        (Subject::Column { .. }, Kind::Type { old, new }) => Some((*old, *new)),
        _ => None,
    }
}

fn no_optional_to_required(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (Subject::Column { id, .. }, Kind::Presence { required: true }) = (&change.subject, &change.kind) else {
        return None;
    };
    let judged = Judged::new(format!("{} becomes required", change.subject));
    Some(if every_type_requires(cx.old, change.subject.table()?, *id) {
        let refused_none = [Consumer::WireIn, Consumer::Validators];
        judged.verdict(&refused_none, Verdict::Ok).next(
            "every event type required the column before, so that no event is refused; only types and tables change",
        )
    } else {
        judged
    })
}

fn no_required_to_optional(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (Subject::Column { id, .. }, Kind::Presence { required: false }) = (&change.subject, &change.kind) else {
        return None;
    };
    let judged = Judged::new(format!("{} becomes optional", change.subject));
    Some(if every_type_requires(cx.new, change.subject.table()?, *id) {
        let taken_none = [Consumer::WireOut, Consumer::Validators, Consumer::SelectList, Consumer::SelectStar];
        judged.verdict(&taken_none, Verdict::Ok).requires(Bump::Minor).next(
            "every event type still requires the column, so that no event lacks it: release new major versions of the \
             Rust crate and the npm package",
        )
    } else {
        judged
    })
}

/// Says whether an event must set a column whatever its type is.
fn every_type_requires(schema: &Schema, table: &str, id: u32) -> bool {
    let Some(table) = schema.table(table).filter(|t| t.grouped) else { return false };
    let Some(column) = table.columns.iter().find(|c| c.id == id) else { return false };
    let alone = |any_of: &[String]| any_of == [column.name.as_str()];
    let types = &schema.event_types;
    !types.is_empty() && types.iter().all(|t| t.requires.iter().any(|r| alone(&r.any_of)))
}
