//! Rules about values and formats, of columns and of fields.

use super::{B, Context, Judged, O, Rule, U, W, sides};
use crate::change::{Change, Kind};
use crate::describe::plain;
use crate::finding::{Bump, Consumer, First, Verdict};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C30", name: "VALUE_ADD_TO_CLOSED_SET",
        summary: "Notes a new value of a closed set.",
        why: "Old validators refuse it, and code that matches on all values has no arm for it.",
        next: &["upgrade readers before producers send it"],
        verdicts: [W, O, W, W, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: value_add_to_closed_set,
    },
    Rule {
        code: "UE-C31", name: "VALUE_NO_DROP",
        summary: "Checks that a closed set keeps its values.",
        why: "Producers still send it, validators refuse it now, and the enum has lost a variant.",
        next: &["say in the value's text that it is no longer sent, and keep it", "run `unified-event release`"],
        verdicts: [B, B, O, B, B, U, U, U, U, U, W, W, U],
        requires: Bump::Major, first: First::Producers, judge: value_no_drop,
    },
    Rule {
        code: "UE-C32", name: "VALUES_NO_CLOSE",
        summary: "Checks that values that were free stay free.",
        why: "Values outside the set exist: validators refuse them from now on, and the type becomes an enum.",
        next: &["declare them as `known_values`: others are warnings then", "run `unified-event release`"],
        verdicts: [B, B, O, B, B, U, U, U, U, U, O, O, U],
        requires: Bump::Major, first: First::Producers, judge: values_no_close,
    },
    Rule {
        code: "UE-C33", name: "VALUES_NO_OPEN",
        summary: "Checks that a closed set stays closed.",
        why: "Old readers meet values that their enum does not have; the type changes in Rust and TypeScript.",
        next: &["add the values to the set", "release new major versions of the Rust crate and the npm package"],
        verdicts: [B, O, W, B, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: values_no_open,
    },
    Rule {
        code: "UE-C34", name: "VALUES_NOTED",
        summary: "Notes changes of known values, and of the order and the texts of any.",
        why: "Documents and completion follow; nothing is refused for it.",
        next: &["raise `meaning` of the column if a value means something else than before"],
        verdicts: [O, U, U, O, O, U, U, U, O, U, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: values_noted,
    },
    Rule {
        code: "UE-C35", name: "FORMAT_NO_TIGHTEN",
        summary: "Checks that text which was taken is still taken.",
        why: "Validators refuse text of another shape from now on.",
        next: &["declare a convention (`noun.verb`, `namespace`), which only warns", "run `unified-event release`"],
        verdicts: [O, B, O, O, B, U, U, U, U, U, O, O, U],
        requires: Bump::Major, first: First::Producers, judge: format_no_tighten,
    },
    Rule {
        code: "UE-C36", name: "FORMAT_NO_RELAX",
        summary: "Notes that text of another shape is taken.",
        why: "Old validators refuse it, and readers that parse the text meet what they do not expect.",
        next: &["upgrade readers before producers send it"],
        verdicts: [O, O, W, O, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: format_no_relax,
    },
    Rule {
        code: "UE-C37", name: "EMPTY_TEXT_NO_REFUSE",
        summary: "Checks that a text of no characters is still taken.",
        why: "Validators, senders and decoders refuse it from now on. Stream, SQL and table stay as they are, so that \
              no new table version is needed.",
        next: &["find out which producers send it: they get such events back with a fault", "run `unified-event release`"],
        verdicts: [O, B, O, O, B, U, U, U, U, U, O, O, U],
        requires: Bump::Minor, first: First::Producers, judge: empty_text_no_refuse,
    },
    Rule {
        code: "UE-C38", name: "EMPTY_TEXT_NO_TAKE",
        summary: "Notes that a text of no characters is taken.",
        why: "Old validators refuse it, and readers that join on the column meet a key that identifies nothing.",
        next: &["upgrade readers before producers send it"],
        verdicts: [O, O, W, O, W, U, U, U, U, U, W, W, U],
        requires: Bump::Minor, first: First::Readers, judge: empty_text_no_take,
    },
    Rule {
        code: "UE-C39", name: "WIRE_LIMIT_NO_LOWER",
        summary: "Checks that the limits of the wire form are not lowered.",
        why: "Events that were taken are refused from now on; where a limit rises, old readers refuse what it lets in. \
              Stream, SQL and table stay as they are.",
        next: &["keep the limit, which is the platform's unless the definition says less", "run `unified-event release`"],
        verdicts: [O, B, O, O, B, U, U, U, U, U, O, O, U],
        requires: Bump::Minor, first: First::Producers, judge: wire_limit_no_lower,
    },
];

fn value_add_to_closed_set(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ValueAdded { value, closed: true } = &change.kind else { return None };
    Some(Judged::new(format!("{} takes the value `{}` too", change.subject, plain(value))))
}

fn value_no_drop(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ValueDropped { value, closed: true } = &change.kind else { return None };
    Some(Judged::new(format!("{} no longer takes the value `{}`", change.subject, plain(value))))
}

fn values_no_close(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ValueSet { new: Some(true), .. } = &change.kind else { return None };
    Some(Judged::new(format!("the values of {} are closed", change.subject)))
}

fn values_no_open(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::ValueSet { old: Some(true), .. } = &change.kind else { return None };
    Some(Judged::new(format!("{} takes any value", change.subject)))
}

fn values_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let what = match &change.kind {
        Kind::ValueAdded { value, closed: false } => format!("`{}` is a known value now", plain(value)),
        Kind::ValueDropped { value, closed: false } => format!("`{}` is no known value any more", plain(value)),
        Kind::ValueSet { old: None | Some(false), new: None | Some(false) } => "the known values".to_owned(),
        Kind::ValueDoc { value, .. } => format!("the text of the value `{}`", plain(value)),
        Kind::ValueOrder { .. } => "the order of the values".to_owned(),
        _ => return None,
    };
    Some(Judged::new(format!("{} changes: {what}", change.subject)))
}

fn format_no_tighten(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Format { new: Some(new), .. } = &change.kind else { return None };
    let judged = Judged::new(format!("the format of {} changes {}", change.subject, sides(&change.kind)));
    Some(if new.is_convention() {
        judged.verdict(&[Consumer::WireIn, Consumer::Validators], Verdict::Warn).requires(Bump::Minor)
    } else {
        judged
    })
}

fn format_no_relax(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::Format { old: Some(old), new: None } = &change.kind else { return None };
    Some(Judged::new(format!("{} is no longer {old}", change.subject)))
}

fn empty_text_no_refuse(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::EmptyText { non_empty: true } = &change.kind else { return None };
    Some(Judged::new(format!("{} no longer takes empty text", change.subject)))
}

fn empty_text_no_take(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::EmptyText { non_empty: false } = &change.kind else { return None };
    Some(Judged::new(format!("{} takes empty text", change.subject)))
}

fn wire_limit_no_lower(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::WireLimit { limit, old, new } = &change.kind else { return None };
    let consumers = [Consumer::WireIn, Consumer::Validators];
    let judged = Judged::new(format!("the limit `{limit}` of the wire form changes from {old} to {new}"));
    Some(match limit.as_str() {
        // A request is divided otherwise, and no event is refused for it.
        "max_request_bytes" => judged.verdict(&consumers, Verdict::Ok).requires(Bump::Patch),
        _ if new > old => judged.verdict(&consumers, Verdict::Warn).requires(Bump::Minor),
        _ => judged,
    })
}
