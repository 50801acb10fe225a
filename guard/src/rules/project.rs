//! Rules about what a project accepts: waivers and policy.

use super::{Context, Judged, Rule, U};
use crate::change::{Change, Kind, Subject};
use crate::finding::{Bump, First};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
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
    Rule {
        code: "UE-C92", name: "POLICY_NOT_LOWERED",
        summary: "Checks that `policy.toml` lowers no verdict without saying why, for whom and until when.",
        why: "Whoever reviews the change sees a break as less than it is, or not at all.",
        next: &[
            "say in the entry of `policy.toml` `reason`, `owner` and `expires`, as a waiver does",
            "put the entry back as it was; a waiver accepts the finding too",
        ],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::Refused, first: First::Any, judge: policy_not_lowered,
    },
    Rule {
        code: "UE-C93", name: "POLICY_NOT_EXPIRED",
        summary: "Checks that nothing that lowers a verdict in `policy.toml` is past its date.",
        why: "A verdict was lowered for a time, and the time is over: the rule's own verdict holds again.",
        next: &["delete the entry, or agree on another date"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::Refused, first: First::Any, judge: policy_not_expired,
    },
];

fn waiver_used(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::WaiverUnused { owner } = &change.kind else { return None };
    Some(Judged::new(format!("{} of {owner} accepts no finding", change.subject)))
}

fn waiver_not_expired(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::WaiverExpired { owner, expires } = &change.kind else { return None };
    Some(Judged::new(format!("{} of {owner} was good until {expires}", change.subject)))
}

fn policy_not_lowered(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let (Subject::Policy { entry }, Kind::PolicyLowered { old, new, missing }) = (&change.subject, &change.kind) else {
        return None;
    };
    let named = match entry.strip_prefix("rule.").and_then(super::find) {
        Some(rule) => format!("{} {}", rule.code, rule.name),
        None => format!("every rule for `{}`", entry.trim_start_matches("unused.")),
    };
    let message = format!("verdict lowered by policy, in this change: {named} says `{new}` instead of `{old}`");
    Some(if missing.is_empty() {
        Judged::new(message)
    } else {
        let missing = missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        Judged::new(format!("{message}, and `[{entry}]` has no {missing}"))
    })
}

fn policy_not_expired(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::PolicyExpired { owner, expires } = &change.kind else { return None };
    Some(Judged::new(format!("{} of {owner} was good until {expires}", change.subject)))
}
