//! Rules about the order of rows in files, properties and statistics.

use crate::change::{Change, Kind};
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::lock::sort_text;
use crate::rules::{B, Context, Judged, O, Rule, U, W, sides};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
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
];

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
