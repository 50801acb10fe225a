//! Rules about what a column is: that it stays, its id and its name, and columns that are new.

use unified_event_schema::ColumnType;

use super::{PRODUCERS, RELEASE};
use crate::change::{Change, Kind, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::lock::{ColumnState, LockedColumn};
use crate::rules::{B, Context, Judged, O, R, Rule, U, W};

/// Why a drop that is waived does harm in tables that exist.
const IN_PLACE: &str = "dropped in place, it also parts the field ids: the artefacts rank the columns that are left, \
                        and a table that exists keeps its numbers";

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C01", name: "COLUMN_NO_DROP",
        summary: "Checks that no column goes away that was not deprecated with a date before.",
        why: "Readers that name the column fail, and rows written from now on have lost it.",
        next: &["deprecate it with `remove_after`, and drop it when the date has passed", RELEASE, IN_PLACE],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [B, O, B, B, W, R, R, R, O, B, B, B, U],
        requires: Bump::Major, first: First::Readers, judge: no_drop,
    },
    Rule {
        code: "UE-C02", name: "COLUMN_DROP_AFTER_DATE",
        summary: "Notes a column that goes away after the date of its deprecation; its name and id stay reserved.",
        why: "Whoever heeded the notice is prepared; whoever did not fails as with any dropped column.",
        next: &[RELEASE, IN_PLACE],
        verdicts: [B, O, W, B, W, R, R, R, O, W, B, B, U],
        requires: Bump::Major, first: First::Readers, judge: drop_after_date,
    },
    Rule {
        code: "UE-C03", name: "COLUMN_NO_DROP_BEFORE_DATE",
        summary: "Checks that a deprecated column stays until the date that its deprecation promises.",
        why: "Readers plan by the promised date; breaking it once makes every later promise worthless.",
        next: &["keep the column until the date, or waive the finding with the readers' consent"],
        verdicts: [B, O, B, B, W, R, R, R, O, B, B, B, U],
        requires: Bump::Refused, first: First::Readers, judge: no_drop_before_date,
    },
    Rule {
        code: "UE-C04", name: "COLUMN_ID_NO_REUSE",
        summary: "Checks that an id never names another column than before.",
        why: "Iceberg finds values in old files by id: the new column would show the old one's values.",
        next: &["if it is the same column, declare `renamed_from`; if not, take the next free id"],
        verdicts: [B, B, B, B, B, R, R, R, B, B, B, B, U],
        requires: Bump::Refused, first: First::Both, judge: id_no_reuse,
    },
    Rule {
        code: "UE-C05", name: "COLUMN_NAME_NO_REUSE",
        summary: "Checks that a name never comes back for another column.",
        why: "Queries and dashboards that still use the name would silently read something else.",
        next: &["choose a name that the table never had"],
        verdicts: [B, B, B, B, B, R, R, R, W, W, B, B, U],
        requires: Bump::Refused, first: First::Both, judge: name_no_reuse,
    },
    Rule {
        code: "UE-C06", name: "COLUMN_SAME_NAME",
        summary: "Checks that a column keeps its name; a declared rename is a break for all who use names.",
        why: "Iceberg follows the id, but programs, events and queries use the name.",
        next: &["add the new name as a column of its own and deprecate the old one with `replaced_by`", RELEASE],
        verdicts: [B, B, B, B, B, R, R, R, O, W, B, B, U],
        requires: Bump::Major, first: First::Both, judge: same_name,
    },
    Rule {
        code: "UE-C07", name: "COLUMN_RENAME_KEEPS_ID",
        summary: "Checks that `renamed_from` stands with the id that the former name had.",
        why: "A rename under a new id is a drop and an addition: old files show nothing under the new name.",
        next: &["give the column the id of its former name, or leave `renamed_from` out"],
        verdicts: [U, U, U, U, U, U, U, U, B, B, B, B, U],
        requires: Bump::Refused, first: First::Any, judge: rename_keeps_id,
    },
    Rule {
        code: "UE-C08", name: "COLUMN_ADD_OPTIONAL",
        summary: "Notes a new optional column: fine for readers, new resources on the platform.",
        why: "Streams, transforms and sinks of the platform are immutable, so that they carry it only when made anew.",
        next: &[
            "engine layout: add the column in place, after those with lower ids, then let producers fill it",
            "managed layout: make stream, sink, pipeline and table anew under a new version \
             (`unified-event release --new-version TABLE`), or carry the value in a json column until the next one",
        ],
        verdicts: [O, O, W, O, W, R, R, R, O, O, O, W, U],
        requires: Bump::Minor, first: First::Table, judge: add_optional,
    },
    Rule {
        code: "UE-C09", name: "COLUMN_NO_ADD_REQUIRED",
        summary: "Checks that a new column is optional.",
        why: "Old producers do not send it, so the platform drops their events; Iceberg v2 has no default for old rows.",
        next: &["make it optional, and require it of new event types only", RELEASE],
        verdicts: [B, B, W, B, B, R, R, R, B, B, O, W, U],
        requires: Bump::Major, first: First::Producers, judge: no_add_required,
    },
];

fn no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnDropped { column, similar } = &change.kind else { return None };
    if column.deprecated.as_ref().is_some_and(|d| d.remove_after.is_some()) {
        return None;
    }
    let judged = Judged::new(format!("{} is dropped", change.subject));
    Some(match similar {
        Some(near) => judged.next(format!(
            "is `{near}` the same column? then give it the id {} and `renamed_from = \"{}\"`",
            column.id, column.name
        )),
        None => judged,
    })
}

fn drop_after_date(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let date = deprecated_drop(change)?;
    cx.today
        .is_some_and(|today| today > date)
        .then(|| Judged::new(format!("{} is dropped; it was deprecated until {date}", change.subject)))
}

fn no_drop_before_date(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let date = deprecated_drop(change)?;
    match cx.today {
        Some(today) if today > date => None,
        Some(today) => {
            Some(Judged::new(format!("{} is dropped on {today}, but was promised until {date}", change.subject)))
        }
        None => Some(
            Judged::new(format!("{} is dropped, and was promised until {date}", change.subject))
                .next("say which day it is with `--today`"),
        ),
    }
}

/// Returns the promised date of a column that goes away.
fn deprecated_drop(change: &Change) -> Option<&str> {
    let Kind::ColumnDropped { column, .. } = &change.kind else { return None };
    column.deprecated.as_ref()?.remove_after.as_deref()
}

fn id_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    match (&change.kind, &change.subject) {
        (Kind::ColumnReplaced { old, new }, Subject::Column { table, id, .. }) => {
            Some(Judged::new(format!("id {id} of `{table}` was `{}` and is `{}`", old.name, new.name)))
        }
        (Kind::ColumnAdded { column }, Subject::Column { table, id, .. }) => {
            // Since an older release the column may have come and have been renamed.
            let is_same = |known: &&LockedColumn| {
                let declared = [Some(&column.name), column.renamed_from.as_ref()].contains(&Some(&known.name));
                declared && known.state != ColumnState::Reserved
            };
            let taken = cx.lock?.column(table, *id).filter(|known| !is_same(known))?;
            let next = cx.lock?.next_column(table);
            Some(
                Judged::new(format!(
                    "id {id} of `{table}` belongs to `{}`, which is {}",
                    taken.name,
                    taken.state.name()
                ))
                .next(format!("the next free id of `{table}` is {next}")),
            )
        }
        _ => None,
    }
}

fn name_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    let table = change.subject.table()?;
    let before = cx.old_table(change)?.columns.iter().find(|c| c.name == column.name).map(|c| c.id);
    let locked = || cx.lock?.column_named(table, &column.name).map(|c| c.id);
    let id = before.or_else(locked).filter(|id| *id != column.id)?;
    Some(Judged::new(format!("the name `{table}.{}` belongs to the column with id {id}", column.name)))
}

fn same_name(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnRenamed { old, .. } = &change.kind else { return None };
    Some(
        Judged::new(format!("{} was called `{old}`", change.subject))
            .next(format!("give readers a view that shows the column as `{old}` too")),
    )
}

fn rename_keeps_id(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    let former = column.renamed_from.as_ref()?;
    let before = cx.old_table(change)?.columns.iter().find(|c| c.name == *former)?;
    Some(Judged::new(format!(
        "{} has id {} and says that it was `{former}`, whose id is {}",
        change.subject, column.id, before.id
    )))
}

fn add_optional(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    (!column.required).then(|| {
        let mut judged = Judged::new(format!("{} is new: optional {}", change.subject, column.ty));
        if !column.is_settable() {
            judged = judged.verdict(&[Consumer::Stream, Consumer::Validators], Verdict::Untouched);
        }
        if column.ty == ColumnType::Binary {
            judged = judged.verdict(&[Consumer::EngineTable], Verdict::Break).requires(Bump::Major).next(
                "the Rust crate iceberg 0.10 refuses tables whose old files lack a binary column: carry the bytes as \
                 text, or lower this rule in `policy.toml` where nobody reads with that crate",
            );
        }
        judged
    })
}

fn no_add_required(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    column.required.then(|| {
        let judged = Judged::new(format!("{} is new and required", change.subject));
        if column.is_settable() { judged } else { judged.verdict(&PRODUCERS, Verdict::Ok) }
    })
}
