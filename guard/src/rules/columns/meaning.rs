//! Rules about what a column says and who fills it, and what is told of it.

use super::{PLATFORM, RELEASE};
use crate::change::{Change, Kind, Subject};
use crate::due;
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::rules::{B, Context, Judged, O, R, Rule, U, W, derived_from, sides};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C15", name: "COLUMN_SAME_MEANING",
        summary: "Checks that unit and meaning of a column stay, though no type shows them.",
        why: "Nothing fails: sums over old and new rows are simply wrong.",
        next: &["add a column with the new meaning, such as one that names its unit", RELEASE],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [O, O, B, O, O, U, U, U, O, W, B, B, U],
        requires: Bump::Major, first: First::Both, judge: same_meaning,
    },
    Rule {
        code: "UE-C16", name: "COLUMN_SAME_WIRE_FORM",
        summary: "Checks that an integer travels in JSON as it did.",
        why: "The stream declares text or a number, and drops events with the other one.",
        next: &["keep the form", RELEASE],
        verdicts: [B, B, B, B, B, R, R, R, U, U, U, U, U],
        requires: Bump::Major, first: First::Both, judge: same_wire_form,
    },
    Rule {
        code: "UE-C17", name: "COLUMN_SAME_MEMORY_FORM",
        summary: "Checks that TypeScript holds a json column as it did.",
        why: "TypeScript that reads the column stops compiling; nothing else sees the difference.",
        next: &["release a new major version of the npm package"],
        verdicts: [U, U, U, B, W, U, U, U, U, U, U, U, U],
        requires: Bump::Minor, first: First::Any, judge: same_memory_form,
    },
    Rule {
        code: "UE-C18", name: "COLUMN_SAME_KIND",
        summary: "Checks that producer and platform keep the columns that are theirs.",
        why: "Documents, counts and the types for producers follow the kind.",
        next: &["tell producers whether they are to fill it"],
        verdicts: [W, U, U, W, W, U, U, U, U, U, U, U, U],
        requires: Bump::Minor, first: First::Producers, judge: same_kind,
    },
    Rule {
        code: "UE-C19", name: "COLUMN_SAME_GROUP",
        summary: "Checks that a column stays in its group.",
        why: "Groups are types in Rust and TypeScript; rows, events and queries do not know them.",
        next: &["release new major versions of the Rust crate and the npm package"],
        verdicts: [B, U, U, B, U, U, U, U, U, U, U, U, U],
        requires: Bump::Minor, first: First::Any, judge: same_group,
    },
    Rule {
        code: "UE-C20", name: "COLUMN_SAME_EXPRESSION",
        summary: "Notes that the pipeline writes another expression to a column.",
        why: "Old rows keep what the old expression made; the pipeline's SQL is immutable.",
        next: &["raise `meaning` if the values now mean something else: then it needs a new table version"],
        verdicts: [U, U, W, U, U, U, R, R, U, U, W, W, U],
        requires: Bump::Minor, first: First::Table, judge: same_expression,
    },
    Rule {
        code: "UE-C21", name: "COLUMN_SAME_SOURCE",
        summary: "Checks that a column that producers set is not computed instead.",
        why: "What producers send is stripped without a word, and code that sets the column stops compiling.",
        next: &["compute another column", RELEASE],
        verdicts: [B, W, O, B, W, R, R, R, U, U, W, W, U],
        requires: Bump::Major, first: First::Producers, judge: same_source,
    },
    Rule {
        code: "UE-C22", name: "DOC_NOTED",
        summary: "Notes changes of documentation and examples.",
        why: "Comments in every artefact follow; if the meaning itself changed, `meaning` must rise.",
        next: &["raise `meaning` if the text describes something else than before"],
        verdicts: [O, U, U, O, U, U, U, U, O, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: doc_noted,
    },
    Rule {
        code: "UE-C23", name: "DEPRECATION_NOTED",
        summary: "Notes that a deprecation came or says something else, and why the date of a removal moves back.",
        why: "Compilers warn from now on, and builds that refuse warnings fail.",
        next: &["move readers to the replacement before the date"],
        verdicts: [W, U, U, W, U, U, U, U, O, U, U, U, U],
        requires: Bump::Minor, first: First::Readers, judge: deprecation_noted,
    },
    Rule {
        code: "UE-C24", name: "DEPRECATION_NO_EARLIER",
        summary: "Checks that the date of a removal is still to come when it is set, and neither moves forward nor goes away.",
        why: "Readers plan by the promised date; without one the column could be dropped at once.",
        next: &["keep the date, or move it later and say why in `reason`"],
        verdicts: [W, U, U, W, U, U, U, U, U, U, W, W, U],
        requires: Bump::Refused, first: First::Readers, judge: deprecation_no_earlier,
    },
    Rule {
        code: "UE-C25", name: "HISTORY_NOTED",
        summary: "Notes that `since` or `renamed_from` says something else of the past.",
        why: "Migrations take the former name from there.",
        next: &["keep `renamed_from` until the version that had the former name is retired"],
        verdicts: [O, U, U, O, U, U, U, U, U, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: history_noted,
    },
    Rule {
        code: "UE-C26", name: "SQL_TEXT_NOTED",
        summary: "Notes that an expression or a filter is written otherwise and means the same.",
        why: "Case, spaces, comments, parentheses and quotes are no part of what the pipeline runs.",
        next: &[],
        verdicts: [U, U, U, U, U, U, O, U, U, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: sql_text_noted,
    },
    Rule {
        code: "UE-C28", name: "DEPRECATION_WITHDRAWN",
        summary: "Notes that a column that was to go stays.",
        why: "Whoever heeded the notice has left: producers no longer fill the column, and readers use what replaced it.",
        next: &[
            "let producers fill the column again before readers rely on it, and say from when to when it has a gap",
            "tell those who moved to the replacement whether it stays too",
        ],
        verdicts: [O, U, U, O, U, U, U, U, O, U, W, W, U],
        requires: Bump::Minor, first: First::Producers, judge: deprecation_withdrawn,
    },
];

fn same_meaning(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match &change.kind {
        Kind::Unit { .. } => {
            Some(Judged::new(format!("the unit of {} changes {}", change.subject, sides(&change.kind))))
        }
        Kind::Meaning { old, new } if new < old => Some(
            Judged::new(format!("the revision of the meaning of {} falls from {old} to {new}", change.subject))
                .requires(Bump::Refused)
                .next("a revision only rises"),
        ),
        Kind::Meaning { old, new } => {
            Some(Judged::new(format!("the meaning of {} is revised from {old} to {new}", change.subject)))
        }
        _ => None,
    }
}

fn same_wire_form(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Wire { .. } = &change.kind else { return None };
    Some(Judged::new(format!("the JSON form of {} changes {}", change.subject, sides(&change.kind))))
}

fn same_memory_form(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Memory { .. } = &change.kind else { return None };
    Some(Judged::new(format!("the TypeScript form of {} changes {}", change.subject, sides(&change.kind))))
}

fn same_kind(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnKind { .. } = &change.kind else { return None };
    Some(Judged::new(format!("{} changes its owner {}", change.subject, sides(&change.kind))))
}

fn same_group(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Group { .. } = &change.kind else { return None };
    Some(Judged::new(format!("{} moves {}", change.subject, sides(&change.kind))))
}

fn same_expression(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match (&change.subject, &change.kind) {
        (_, Kind::Expression { .. }) => {
            Some(Judged::new(format!("the expression of {} changes {}", change.subject, sides(&change.kind))))
        }
        (Subject::Column { .. }, Kind::Derived { from, rewritten }) => {
            let judged = Judged::new(format!("{} is computed from {}", change.subject, derived_from(from, *rewritten)));
            Some(if *rewritten {
                judged
            } else {
                judged.verdict(&[Consumer::PipelineSql, Consumer::ManagedTable], Verdict::Untouched)
            })
        }
        _ => None,
    }
}

fn sql_text_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::SqlText { .. } = &change.kind else { return None };
    Some(Judged::new(format!("the SQL of {} is written otherwise and means the same", change.subject)))
}

fn same_source(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Settable { settable } = &change.kind else { return None };
    let judged = Judged::new(format!("{} changes {}", change.subject, sides(&change.kind)));
    Some(if *settable {
        let fine = [Consumer::RustApi, Consumer::WireIn, Consumer::TypeScript, Consumer::Validators];
        judged.verdict(&fine, Verdict::Ok).verdict(&PLATFORM, Verdict::Replace).requires(Bump::Minor)
    } else {
        judged
    })
}

fn doc_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match &change.kind {
        Kind::Doc { .. } => Some(Judged::new(format!("the documentation of {} changes", change.subject))),
        Kind::Example { .. } => Some(Judged::new(format!("the example of {} changes", change.subject))),
        _ => None,
    }
}

fn deprecation_noted(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Deprecation { old, new: Some(new) } = &change.kind else { return None };
    if deprecation_no_earlier(change, cx).is_some() {
        return None;
    }
    Some(match (old, new) {
        (None, new) => {
            let date = new.remove_after.as_ref().map_or_else(String::new, |d| format!(" and goes after {d}"));
            Judged::new(format!("{} is deprecated{date}", change.subject))
        }
        (Some(old), new) => match (&old.remove_after, &new.remove_after) {
            (Some(before), Some(after)) if after > before => later(change, (before, after), old.reason == new.reason),
            _ => Judged::new(format!("the deprecation of {} changes {}", change.subject, sides(&change.kind)))
                .verdict(&[Consumer::RustApi, Consumer::TypeScript], Verdict::Ok)
                .requires(Bump::Patch),
        },
    })
}

/// A removal that moves back keeps what was promised; readers who hurried for nothing want to know why.
fn later(change: &Change, (before, after): (&str, &str), is_silent: bool) -> Judged {
    let judged = Judged::new(format!("the removal of {} moves back from {before} to {after}", change.subject))
        .requires(Bump::Patch);
    if is_silent {
        Judged { message: format!("{}, and `reason` does not say why", judged.message), ..judged }
            .next("say in `reason` why the date moves")
    } else {
        judged.verdict(&[Consumer::RustApi, Consumer::TypeScript], Verdict::Ok)
    }
}

fn deprecation_withdrawn(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Deprecation { old: Some(old), new: None } = &change.kind else { return None };
    let date = old.remove_after.as_ref().map_or_else(String::new, |d| format!(", and was to go after {d}"));
    let instead = old.replaced_by.as_ref().map_or_else(String::new, |name| {
        let is_it = |c: &Change| matches!(&c.kind, Kind::ColumnDropped { column, .. } if column.name == *name);
        let also = |c: &Change| is_it(c) && c.subject.table() == change.subject.table();
        let goes = if cx.changes.iter().any(also) { ", which goes away in the same change" } else { "" };
        format!("; who was told to use `{name}` instead has moved there{goes}")
    });
    Some(Judged::new(format!("{} is no longer deprecated{date}{instead}", change.subject)))
}

fn deprecation_no_earlier(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Deprecation { old, new: Some(new) } = &change.kind else { return None };
    let before = old.as_ref().and_then(|d| d.remove_after.as_ref());
    match (before, new.remove_after.as_ref()) {
        (Some(before), None) => Some(Judged::new(format!(
            "the removal of {} was promised not to come before {before}, and loses its date",
            change.subject
        ))),
        (Some(before), Some(after)) if after < before => {
            Some(Judged::new(format!("the removal of {} moves from {before} forward to {after}", change.subject)))
        }
        (None, Some(_)) => due::past(new, cx.today).map(|date| {
            Judged::new(format!("{} gets {date} as the date of its removal, which is past", change.subject))
                .next("set a date that is still to come, so that readers have time to move")
        }),
        _ => None,
    }
}

fn history_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match &change.kind {
        Kind::Since { .. } => {
            Some(Judged::new(format!("`since` of {} changes {}", change.subject, sides(&change.kind))))
        }
        Kind::RenamedFrom { .. } => {
            Some(Judged::new(format!("`renamed_from` of {} changes {}", change.subject, sides(&change.kind))))
        }
        _ => None,
    }
}
