//! Rules about queries: of the library, and registered by consumers.

use super::{B, Context, Judged, O, Rule, U, W};
use crate::change::{Change, Kind, QueryProblem};
use crate::finding::{Bump, Consumer, First, Verdict};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
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
];

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
