//! Rules about event types and groups, and the order of parts.

use super::{B, Context, Judged, O, Rule, U, W, sides};
use crate::change::{Change, Kind};
use crate::finding::{Bump, First};

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
