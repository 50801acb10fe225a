//! Rules about columns: identity, type, presence, meaning.

use unified_event_schema::ColumnType;

use super::{B, Context, Judged, O, R, Rule, U, W, sides};
use crate::evolve::change::{Change, Kind, Subject};
use crate::evolve::finding::{Bump, Consumer, First, Verdict};
use crate::evolve::lock::{ColumnState, LockedColumn};
use crate::evolve::witness;

const PLATFORM: [Consumer; 3] = [Consumer::Stream, Consumer::PipelineSql, Consumer::ManagedTable];
const PRODUCERS: [Consumer; 4] = [Consumer::WireIn, Consumer::TypeScript, Consumer::Validators, Consumer::Stream];
const RELEASE: &str = "run `unified-event release`: it makes a new table version beside this one, with its migration";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C01", name: "COLUMN_NO_DROP",
        summary: "Checks that no column goes away that was not deprecated with a date before.",
        why: "Readers that name the column fail, and rows written from now on have lost it.",
        next: &["deprecate it with `remove_after`, and drop it when the date has passed", RELEASE],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [B, O, B, B, W, R, R, R, O, B, B, B, U],
        requires: Bump::Major, first: First::Readers, judge: no_drop,
    },
    Rule {
        code: "UE-C02", name: "COLUMN_DROP_AFTER_DATE",
        summary: "Notes a column that goes away after the date of its deprecation; its name and id stay reserved.",
        why: "Whoever heeded the notice is prepared; whoever did not fails as with any dropped column.",
        next: &[RELEASE],
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
            "engine layout: add the column in place, then let producers fill it",
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
    Rule {
        code: "UE-C10", name: "COLUMN_SAME_TYPE",
        summary: "Checks that a column keeps its type, widening apart.",
        why: "Old values are no values of the new type: the platform drops events, engines refuse the table.",
        next: &["add a column of the new type and deprecate this one with `replaced_by`", RELEASE],
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
    Rule {
        code: "UE-C15", name: "COLUMN_SAME_MEANING",
        summary: "Checks that unit and meaning of a column stay, though no type shows them.",
        why: "Nothing fails: sums over old and new rows are simply wrong.",
        next: &["add a column with the new meaning, such as one that names its unit", RELEASE],
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
        summary: "Notes that a deprecation came, went or says something else.",
        why: "Compilers warn from now on, and builds that refuse warnings fail.",
        next: &["move readers to the replacement before the date"],
        verdicts: [W, U, U, W, U, U, U, U, O, U, U, U, U],
        requires: Bump::Minor, first: First::Readers, judge: deprecation_noted,
    },
    Rule {
        code: "UE-C24", name: "DEPRECATION_NO_EARLIER",
        summary: "Checks that the date of a removal never moves forward.",
        why: "Readers plan by the promised date.",
        next: &["keep the date, or move it later"],
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
];

fn no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnDropped { column, similar } = &change.kind else { return None };
    if column.deprecated.as_ref().is_some_and(|d| d.remove_after.is_some()) {
        return None;
    }
    let judged = Judged::new(format!("{} is dropped", change.subject)).witness(witness::of_name(change, &column.name));
    Some(match similar {
        Some(near) => judged.next(format!(
            "is `{near}` the same column? then give it the id {} and `renamed_from = \"{}\"`",
            column.id, column.name
        )),
        None => judged,
    })
}

fn drop_after_date(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (column, date) = deprecated_drop(change)?;
    cx.today.is_some_and(|today| today > date).then(|| {
        Judged::new(format!("{} is dropped; it was deprecated until {date}", change.subject))
            .witness(witness::of_name(change, &column.name))
    })
}

fn no_drop_before_date(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (column, date) = deprecated_drop(change)?;
    match cx.today {
        Some(today) if today > date => None,
        Some(today) => Some(
            Judged::new(format!("{} is dropped on {today}, but was promised until {date}", change.subject))
                .witness(witness::of_name(change, &column.name)),
        ),
        None => Some(
            Judged::new(format!("{} is dropped, and was promised until {date}", change.subject))
                .next("say which day it is with `--today`"),
        ),
    }
}

fn deprecated_drop(change: &Change) -> Option<(&unified_event_schema::Column, &str)> {
    let Kind::ColumnDropped { column, .. } = &change.kind else { return None };
    Some((column, column.deprecated.as_ref()?.remove_after.as_deref()?))
}

fn id_no_reuse(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    match (&change.kind, &change.subject) {
        (Kind::ColumnReplaced { old, new }, Subject::Column { table, id, .. }) => Some(
            Judged::new(format!("id {id} of `{table}` was `{}` and is `{}`", old.name, new.name))
                .witness(witness::of_name(change, &old.name)),
        ),
        (Kind::ColumnAdded { column }, Subject::Column { table, id, .. }) => {
            let gone = |known: &LockedColumn| known.state == ColumnState::Reserved;
            let taken = cx.lock?.column(table, *id).filter(|known| known.name != column.name || gone(known))?;
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
            .next(format!("give readers a view that shows the column as `{old}` too"))
            .witness(witness::of_name(change, old)),
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

fn no_add_required(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    column.required.then(|| {
        let judged = Judged::new(format!("{} is new and required", change.subject));
        if column.is_settable() {
            judged.witness(witness::old_event(change, cx))
        } else {
            judged.verdict(&PRODUCERS, Verdict::Ok)
        }
    })
}

fn same_type(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (old, new) = column_types(change)?;
    if matches!((old, new), (ColumnType::Int32, ColumnType::Int64) | (ColumnType::Int64, ColumnType::Int32)) {
        return None;
    }
    let judged = Judged::new(format!("the type of {} changes from `{old}` to `{new}`", change.subject))
        .witness(witness::old_event(change, cx));
    Some(match (old, new) {
        (ColumnType::Int32 | ColumnType::Int64, ColumnType::Float64) => judged
            .verdict(&[Consumer::WireIn, Consumer::TypeScript, Consumer::Validators], Verdict::Ok)
            .verdict(&[Consumer::WireOut, Consumer::SelectList, Consumer::SelectStar], Verdict::Warn),
        // Both are text in tables and files; only what the text says differs.
        (ColumnType::String, ColumnType::Json) | (ColumnType::Json, ColumnType::String) => judged
            .verdict(&[Consumer::EngineTable], Verdict::Ok)
            .verdict(&[Consumer::Files, Consumer::SelectList, Consumer::SelectStar], Verdict::Warn),
        _ => judged,
    })
}

fn widen_type(change: &Change, _: &Context<'_>) -> Option<Judged> {
    (column_types(change)? == (ColumnType::Int32, ColumnType::Int64)).then(|| {
        Judged::new(format!("{} grows from `int32` to `int64`", change.subject)).witness(witness::of_type(change))
    })
}

fn no_narrow_type(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    (column_types(change)? == (ColumnType::Int64, ColumnType::Int32)).then(|| {
        Judged::new(format!("{} shrinks from `int64` to `int32`", change.subject))
            .witness(witness::old_event(change, cx))
    })
}

fn column_types(change: &Change) -> Option<(ColumnType, ColumnType)> {
    match (&change.subject, &change.kind) {
        (Subject::Column { .. }, Kind::Type { old, new }) => Some((*old, *new)),
        _ => None,
    }
}

fn no_optional_to_required(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (Subject::Column { .. }, Kind::Presence { required: true }) = (&change.subject, &change.kind) else {
        return None;
    };
    Some(Judged::new(format!("{} becomes required", change.subject)).witness(witness::old_event(change, cx)))
}

fn no_required_to_optional(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let (Subject::Column { .. }, Kind::Presence { required: false }) = (&change.subject, &change.kind) else {
        return None;
    };
    Some(Judged::new(format!("{} becomes optional", change.subject)).witness(witness::new_event(change, cx)))
}

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
    .map(|judged| judged.witness(witness::of_value(change)))
}

fn same_wire_form(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Wire { .. } = &change.kind else { return None };
    Some(
        Judged::new(format!("the JSON form of {} changes {}", change.subject, sides(&change.kind)))
            .witness(witness::old_event(change, cx)),
    )
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
    let Kind::Expression { .. } = &change.kind else { return None };
    Some(Judged::new(format!("the expression of {} changes {}", change.subject, sides(&change.kind))))
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
    let Kind::Deprecation { old, new } = &change.kind else { return None };
    if deprecation_no_earlier(change, cx).is_some() {
        return None;
    }
    Some(match (old, new) {
        (None, Some(new)) => {
            let date = new.remove_after.as_ref().map_or_else(String::new, |d| format!(" and goes after {d}"));
            Judged::new(format!("{} is deprecated{date}", change.subject))
        }
        (_, None) => Judged::new(format!("{} is no longer deprecated", change.subject))
            .verdict(&[Consumer::RustApi, Consumer::TypeScript], Verdict::Ok)
            .requires(Bump::Patch),
        _ => Judged::new(format!("the deprecation of {} changes {}", change.subject, sides(&change.kind)))
            .verdict(&[Consumer::RustApi, Consumer::TypeScript], Verdict::Ok)
            .requires(Bump::Patch),
    })
}

fn deprecation_no_earlier(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Deprecation { old: Some(old), new: Some(new) } = &change.kind else { return None };
    let (before, after) = (old.remove_after.as_ref()?, new.remove_after.as_ref()?);
    (after < before)
        .then(|| Judged::new(format!("the removal of {} moves from {before} forward to {after}", change.subject)))
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
