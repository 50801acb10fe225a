//! Rules about event types, groups, the lake, queries and waivers.

use super::{B, Context, Judged, O, Rule, U, W, sides};
use crate::evolve::change::{Change, Kind, QueryProblem, Subject};
use crate::evolve::finding::{Bump, Consumer, First, Verdict};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C40", name: "EVENT_TYPE_ADD",
        summary: "Notes a new event type.",
        why: "Old validators refuse it, and code that matches on all types has no arm for it.",
        next: &["upgrade readers before producers send it"],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [W, O, W, W, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: event_type_add,
    },
    Rule {
        code: "UE-C41", name: "EVENT_TYPE_NO_DROP",
        summary: "Checks that no event type goes away.",
        why: "Producers still send it, validators refuse it now, and the enum has lost a variant.",
        next: &["say in its text that it is no longer sent, and keep it", "run `unified-event release`"],
        verdicts: [B, B, O, B, B, U, U, U, U, U, W, W, U],
        requires: Bump::Major, first: First::Producers, judge: event_type_no_drop,
    },
    Rule {
        code: "UE-C42", name: "EVENT_TYPE_NO_NEW_REQUIREMENT",
        summary: "Checks that events of a type need not set more than before.",
        why: "Validators refuse events that were fine, and the derive refuses structs that compiled.",
        next: &["make a new event type with the requirement", "run `unified-event release`"],
        verdicts: [B, B, O, B, B, U, U, U, U, U, O, O, U],
        requires: Bump::Major, first: First::Producers, judge: event_type_no_new_requirement,
    },
    Rule {
        code: "UE-C43", name: "EVENT_TYPE_DROP_REQUIREMENT",
        summary: "Notes that events of a type need no longer set something.",
        why: "Readers that relied on the value meet nulls, and old validators refuse such events.",
        next: &["upgrade readers before producers leave it out"],
        verdicts: [O, O, W, O, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: event_type_drop_requirement,
    },
    Rule {
        code: "UE-C44", name: "EVENT_TYPE_NOTED",
        summary: "Notes the order of event types, how requirements are written and what types mainly use.",
        why: "Documents and samples follow.",
        next: &[],
        verdicts: [O, U, U, O, U, U, U, U, U, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: event_type_noted,
    },
    Rule {
        code: "UE-C45", name: "GROUP_ADD",
        summary: "Notes a new group.",
        why: "Rust and TypeScript get a type for it.",
        next: &[],
        verdicts: [O, U, U, O, U, U, U, U, U, U, U, U, U],
        requires: Bump::Minor, first: First::Any, judge: group_add,
    },
    Rule {
        code: "UE-C46", name: "GROUP_NO_DROP",
        summary: "Checks that no group goes away or changes its name.",
        why: "Groups are types in Rust and TypeScript; rows, events and queries do not know them.",
        next: &["release new major versions of the Rust crate and the npm package"],
        verdicts: [B, U, U, B, U, U, U, U, U, U, U, U, U],
        requires: Bump::Minor, first: First::Any, judge: group_no_drop,
    },
    Rule {
        code: "UE-C47", name: "ORDER_NOTED",
        summary: "Notes the order of groups, tables and pipelines.",
        why: "Documents and indexes follow; a column's place is its id.",
        next: &[],
        verdicts: [O, U, U, O, U, U, U, U, U, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: order_noted,
    },
    Rule {
        code: "UE-C75", name: "LAKE_PATHS_SAME",
        summary: "Checks that files lie where they lay.",
        why: "Programs that list files by path find no new ones.",
        next: &["let readers look at both places until the old files are gone"],
        verdicts: [U, U, U, U, U, U, U, U, U, B, U, U, U],
        requires: Bump::Minor, first: First::Readers, judge: lake_paths_same,
    },
    Rule {
        code: "UE-C76", name: "LAKE_NOTED",
        summary: "Notes other settings of the lake.",
        why: "They say how files are written, kept and read, not what is in them.",
        next: &[],
        verdicts: [U, U, U, U, U, U, U, U, O, O, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: lake_noted,
    },
    Rule {
        code: "UE-C77", name: "QUERY_LIBRARY_NOTED",
        summary: "Notes changes of the queries that the definition brings along.",
        why: "Callers of the query get other SQL.",
        next: &[],
        verdicts: [O, U, U, O, U, U, U, U, U, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: query_library_noted,
    },
    Rule {
        code: "UE-C80", name: "QUERY_RESOLVES",
        summary: "Checks that the registered queries still find every name.",
        why: "The query fails on the new version.",
        next: &["change the query together with the definition", "let it read a view with the old names"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, B],
        requires: Bump::Major, first: First::Readers, judge: query_resolves,
    },
    Rule {
        code: "UE-C81", name: "QUERY_UNAMBIGUOUS",
        summary: "Checks that no name of a registered query becomes ambiguous.",
        why: "An added column makes an unqualified name mean two things, and the query fails.",
        next: &["qualify the name in the query, or name the column otherwise"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, B],
        requires: Bump::Major, first: First::Readers, judge: query_unambiguous,
    },
    Rule {
        code: "UE-C82", name: "QUERY_SAME_TYPES",
        summary: "Notes that a registered query yields other types.",
        why: "What reads the result may not take the new type.",
        next: &["cast in the query, or change what reads the result"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, W],
        requires: Bump::Minor, first: First::Readers, judge: query_same_types,
    },
    Rule {
        code: "UE-C83", name: "QUERY_SAME_COLUMNS",
        summary: "Notes that a registered query yields other columns.",
        why: "`SELECT *` follows the table; what reads by position reads something else.",
        next: &["list the columns in the query"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, W],
        requires: Bump::Minor, first: First::Readers, judge: query_same_columns,
    },
    Rule {
        code: "UE-C84", name: "QUERY_SAME_MEANING",
        summary: "Checks that no name of a registered query comes to mean something else.",
        why: "Nothing fails: an added column takes the place of an alias, of a column further out or of a join key.",
        next: &["qualify the name in the query, and say by what it joins", "name the column otherwise"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, B],
        requires: Bump::Major, first: First::Readers, judge: query_same_meaning,
    },
    Rule {
        code: "UE-C85", name: "QUERY_SAME_LITERALS",
        summary: "Checks that what registered queries compare columns with is still a value of them.",
        why: "Nothing fails: the comparison finds old rows only, and counts go down to nothing.",
        next: &["compare with the new value too, as old rows keep the old one", "keep the value"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, W],
        requires: Bump::Minor, first: First::Readers, judge: query_same_literals,
    },
    Rule {
        code: "UE-C86", name: "QUERY_SAME_VALUES",
        summary: "Checks that what registered queries read means what it meant.",
        why: "Nothing fails: results over old and new rows are of two kinds.",
        next: &["let the query tell old rows and new ones apart, by the version of the table"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, W],
        requires: Bump::Minor, first: First::Readers, judge: query_same_values,
    },
    Rule {
        code: "UE-C90", name: "WAIVER_USED",
        summary: "Checks that every waiver accepts a finding that is there.",
        why: "A waiver for nothing hides the finding it will meet one day.",
        next: &["delete the waiver"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::Refused, first: First::Any, judge: waiver_used,
    },
    Rule {
        code: "UE-C91", name: "WAIVER_NOT_EXPIRED",
        summary: "Checks that no waiver is past its date.",
        why: "A break was accepted for a time, and the time is over.",
        next: &["mend what it waives, or agree on another date"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::Refused, first: First::Any, judge: waiver_not_expired,
    },
];

fn event_type_add(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::EventTypeAdded = &change.kind else { return None };
    Some(Judged::new(format!("{} is new", change.subject)))
}

fn event_type_no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::EventTypeDropped = &change.kind else { return None };
    Some(Judged::new(format!("{} is dropped", change.subject)))
}

fn event_type_no_new_requirement(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::RequirementAdded { requirement } = &change.kind else { return None };
    Some(Judged::new(format!("{} requires {requirement} now", change.subject)))
}

fn event_type_drop_requirement(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::RequirementDropped { requirement } = &change.kind else { return None };
    Some(Judged::new(format!("{} no longer requires {requirement}", change.subject)))
}

fn event_type_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match &change.kind {
        Kind::EventTypeOrder { .. } => {
            Some(Judged::new(format!("the event types of {} are reordered", change.subject)))
        }
        Kind::RequirementText { .. } => Some(Judged::new(format!(
            "the requirements of {} are written otherwise, and the same events fulfil them",
            change.subject
        ))),
        Kind::EventTypeGroups { .. } => {
            Some(Judged::new(format!("the groups of {} change {}", change.subject, sides(&change.kind))))
        }
        _ => None,
    }
}

fn group_add(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::GroupAdded = &change.kind else { return None };
    Some(Judged::new(format!("{} is new", change.subject)))
}

fn group_no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::GroupDropped = &change.kind else { return None };
    Some(Judged::new(format!("{} is dropped", change.subject)))
}

fn order_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let what = match &change.kind {
        Kind::GroupOrder { .. } => "groups",
        Kind::GroupColumns { .. } => "columns",
        Kind::TableOrder { .. } => "tables",
        Kind::PipelineOrder { .. } => "pipelines",
        Kind::FieldOrder { .. } => "fields",
        Kind::Counts { .. } => "counts",
        _ => return None,
    };
    Some(Judged::new(format!("the {what} of {} change {}", change.subject, sides(&change.kind))))
}

fn is_path(change: &Change) -> bool {
    let Subject::Lake { path } = &change.subject else { return false };
    let own = |folder: &str| path.starts_with(folder) && !path.ends_with("/doc") && !path.ends_with("(order)");
    own("paths/") || own("time_patterns/") || (own("buckets/") && path.ends_with("/name"))
}

fn lake_paths_same(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::LakeSetting { old, .. } = &change.kind else { return None };
    (is_path(change) && !old.is_empty())
        .then(|| Judged::new(format!("{} changes {}", change.subject, sides(&change.kind))))
}

fn lake_noted(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::LakeSetting { .. } = &change.kind else { return None };
    lake_paths_same(change, cx)
        .is_none()
        .then(|| Judged::new(format!("{} changes {}", change.subject, sides(&change.kind))))
}

fn query_library_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::QueryText { old, new } = &change.kind else { return None };
    let what = match (old.is_empty(), new.is_empty()) {
        (true, _) => "is new",
        (_, true) => "is dropped",
        _ => "changes",
    };
    Some(Judged::new(format!("{} {what}", change.subject)))
}

fn query(change: &Change, wanted: QueryProblem) -> Option<Judged> {
    let Kind::QueryResult { problem, detail, .. } = &change.kind else { return None };
    (*problem == wanted).then(|| Judged::new(format!("{}: {detail}", change.subject)))
}

fn query_resolves(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query(change, QueryProblem::Unresolved)
}

fn query_unambiguous(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query(change, QueryProblem::Ambiguous)
}

fn query_same_meaning(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query(change, QueryProblem::Meaning)
}

fn query_same_types(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query(change, QueryProblem::Types)
}

fn query_same_columns(change: &Change, _: &Context<'_>) -> Option<Judged> {
    // Fewer columns than before is what readers by name notice as well.
    query_that_may_break(change, QueryProblem::Columns)
}

fn query_same_literals(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query_that_may_break(change, QueryProblem::Literals)
}

fn query_same_values(change: &Change, _: &Context<'_>) -> Option<Judged> {
    query_that_may_break(change, QueryProblem::Values)
}

fn query_that_may_break(change: &Change, wanted: QueryProblem) -> Option<Judged> {
    let breaks = matches!(&change.kind, Kind::QueryResult { breaks: true, .. });
    let judged = query(change, wanted)?;
    Some(if breaks { judged.verdict(&[Consumer::Queries], Verdict::Break).requires(Bump::Major) } else { judged })
}

fn waiver_used(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::WaiverUnused { owner } = &change.kind else { return None };
    Some(Judged::new(format!("{} of {owner} accepts no finding", change.subject)))
}

fn waiver_not_expired(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::WaiverExpired { owner, expires } = &change.kind else { return None };
    Some(Judged::new(format!("{} of {owner} was good until {expires}", change.subject)))
}
