//! Rules about pipelines: the fields of their streams, the filter, the sink.

use unified_event_schema::ColumnType;

use super::{B, Context, Judged, O, R, Rule, U, W, derived_from, sides};
use crate::change::{Change, Kind, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C65", name: "FIELD_ADD_OPTIONAL",
        summary: "Notes a new optional field of a stream.",
        why: "Streams are immutable: the platform strips the field without a word until the stream is made anew.",
        next: &["make stream, sink, pipeline and table anew under a new version (`unified-event release --new-version TABLE`)"],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [O, O, W, O, W, R, R, R, U, U, U, U, U],
        requires: Bump::Minor, first: First::Table, judge: field_add_optional,
    },
    Rule {
        code: "UE-C66", name: "FIELD_NO_ADD_REQUIRED",
        summary: "Checks that a new field of a stream is optional.",
        why: "Old producers do not send it, so the platform drops their events.",
        next: &["make it optional", "run `unified-event release`"],
        verdicts: [B, B, W, B, B, R, R, R, U, U, U, U, U],
        requires: Bump::Major, first: First::Producers, judge: field_no_add_required,
    },
    Rule {
        code: "UE-C67", name: "FIELD_NO_DROP",
        summary: "Checks that a stream keeps its fields.",
        why: "The platform strips what producers still send, without a word.",
        next: &["keep the field and stop reading it", "run `unified-event release`"],
        verdicts: [B, W, B, B, W, R, R, R, U, U, W, W, U],
        requires: Bump::Major, first: First::Producers, judge: field_no_drop,
    },
    Rule {
        code: "UE-C68", name: "FIELD_SAME_TYPE",
        summary: "Checks that a field of a stream keeps its type.",
        why: "The platform accepts an event with the old type and then drops it.",
        next: &["add a field of the new type", "run `unified-event release`"],
        verdicts: [B, B, B, B, B, R, R, R, U, U, U, U, U],
        requires: Bump::Major, first: First::Both, judge: field_same_type,
    },
    Rule {
        code: "UE-C69", name: "FIELD_NO_OPTIONAL_TO_REQUIRED",
        summary: "Checks that an optional field of a stream stays optional.",
        why: "The platform accepts an event without it and then drops it.",
        next: &["keep it optional", "run `unified-event release`"],
        verdicts: [B, B, O, W, B, R, R, R, U, U, O, O, U],
        requires: Bump::Major, first: First::Producers, judge: field_no_optional_to_required,
    },
    Rule {
        code: "UE-C70", name: "FIELD_REQUIRED_TO_OPTIONAL",
        summary: "Notes that a field of a stream may be left out.",
        why: "Old validators refuse such events, and what the transform makes of it may be null.",
        next: &["upgrade readers before producers leave it out"],
        verdicts: [B, O, W, W, W, R, R, R, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: field_required_to_optional,
    },
    Rule {
        code: "UE-C71", name: "FILTER_SAME",
        summary: "Checks that the same rows are stored.",
        why: "Nothing fails: counts over old and new rows are simply wrong.",
        next: &["store all rows and filter in a view", "run `unified-event release`"],
        verdicts: [U, U, U, U, U, U, R, R, U, U, B, B, U],
        requires: Bump::Major, first: First::Both, judge: filter_same,
    },
    Rule {
        code: "UE-C72", name: "SINK_SETTING_NOTED",
        summary: "Notes another setting of a sink: new resources on the platform, and nothing that a reader sees.",
        why: "A sink is immutable and refuses a table that exists.",
        next: &["leave the running sink alone; the setting counts from the next table version on"],
        verdicts: [U, U, U, U, U, U, R, R, U, O, U, U, U],
        requires: Bump::Patch, first: First::Table, judge: sink_setting_noted,
    },
];

fn field_add_optional(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::FieldAdded { field } = &change.kind else { return None };
    (!field.required).then(|| Judged::new(format!("{} is new: optional {}", change.subject, field.ty)))
}

fn field_no_add_required(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::FieldAdded { field } = &change.kind else { return None };
    field.required.then(|| Judged::new(format!("{} is new and required", change.subject)))
}

fn field_no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::FieldDropped { .. } = &change.kind else { return None };
    Some(Judged::new(format!("{} is dropped", change.subject)))
}

fn field_same_type(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let (Subject::Field { .. }, Kind::Type { old, new }) = (&change.subject, &change.kind) else { return None };
    let judged = Judged::new(format!("the type of {} changes from `{old}` to `{new}`", change.subject));
    Some(if (*old, *new) == (ColumnType::Int32, ColumnType::Int64) {
        judged
            .verdict(&[Consumer::WireIn, Consumer::TypeScript, Consumer::Validators], Verdict::Ok)
            .verdict(&[Consumer::WireOut], Verdict::Warn)
            .requires(Bump::Minor)
    } else {
        judged
    })
}

fn presence(change: &Change) -> Option<bool> {
    match (&change.subject, &change.kind) {
        (Subject::Field { .. }, Kind::Presence { required }) => Some(*required),
        _ => None,
    }
}

fn field_no_optional_to_required(change: &Change, _: &Context<'_>) -> Option<Judged> {
    presence(change)?.then(|| Judged::new(format!("{} becomes required", change.subject)))
}

fn field_required_to_optional(change: &Change, _: &Context<'_>) -> Option<Judged> {
    (!presence(change)?).then(|| Judged::new(format!("{} becomes optional", change.subject)))
}

fn filter_same(change: &Change, _: &Context<'_>) -> Option<Judged> {
    match (&change.subject, &change.kind) {
        (_, Kind::Filter { .. }) => {
            Some(Judged::new(format!("the filter of {} changes {}", change.subject, sides(&change.kind))))
        }
        (Subject::Pipeline { .. }, Kind::Derived { from, rewritten }) => {
            Some(Judged::new(format!("the filter of {} reads {}", change.subject, derived_from(from, *rewritten))))
        }
        _ => None,
    }
}

fn sink_setting_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::SinkSetting { key, .. } = &change.kind else { return None };
    Some(Judged::new(format!("`{key}` of {} changes {}", change.subject, sides(&change.kind))))
}
