//! From changes to findings: every rule looks at every change.

use sha2::{Digest, Sha256};

use super::change::Change;
use super::finding::{Bump, Finding, Level, State, Verdict, Verdicts};
use super::policy::Policy;
use super::rules::{self, Context, Judged, Rule};
use super::witness;

/// Returns what the rules say of the changes in a context, in the order of the changes.
pub fn judge(cx: &Context<'_>, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for change in cx.changes {
        for rule in rules::all() {
            findings.extend((rule.judge)(change, cx).map(|judged| finding(rule, judged, change, cx, policy)));
        }
    }
    findings
}

fn finding(rule: &'static Rule, judged: Judged, change: &Change, cx: &Context<'_>, policy: &Policy) -> Finding {
    let mut verdicts = Verdicts::default();
    for ((consumer, _), verdict) in Verdicts::default().iter().zip(rule.verdicts) {
        verdicts.set(consumer, verdict);
    }
    for (consumer, verdict) in judged.verdicts {
        verdicts.set(consumer, verdict);
    }
    policy.apply(rule.code, &mut verdicts);
    let requires = policy.requires(rule.code).unwrap_or(judged.requires.unwrap_or(rule.requires));
    let (from, to) = change.kind.sides();
    let of_rule = if judged.next_alone { &[] } else { rule.next };
    Finding {
        rule: rule.code,
        name: rule.name,
        level: level(verdicts.worst(), requires),
        state: State::Open,
        table: change.subject.table().map(str::to_owned),
        fingerprint: fingerprint(rule.code, change, &from, &to),
        change: change.clone(),
        from,
        to,
        verdicts,
        requires,
        first: rule.first,
        replaces: verdicts.replaces(),
        message: judged.message,
        why: rule.why,
        next: judged.next.into_iter().chain(of_rule.iter().map(|n| (*n).to_owned())).collect(),
        witnesses: witness::of(change, cx, &verdicts),
        location: None,
        old_location: None,
        against: Vec::new(),
        waiver: None,
    }
}

fn level(worst: Verdict, requires: Bump) -> Level {
    match (requires, worst) {
        (Bump::Refused, _) => Level::Error,
        (_, Verdict::Break) => Level::Breaking,
        (_, Verdict::Warn | Verdict::Replace) => Level::Warning,
        _ => Level::Note,
    }
}

/// Returns the identity of a finding: structured fields only, so that no rewording changes it.
fn fingerprint(code: &str, change: &Change, from: &str, to: &str) -> String {
    let json = serde_json::to_value(&change.kind).unwrap_or_default();
    let mut kind = json.get("change").and_then(|c| c.as_str()).unwrap_or_default().to_owned();
    // What changes may be one of several things of a part, which then have the same sides.
    for which in ["of", "key", "limit"].iter().filter_map(|key| json.get(key)) {
        kind.push_str(&format!(" {which}"));
    }
    let subject = &change.subject;
    let fields = [code, subject.part(), subject.table().unwrap_or(""), subject.name().unwrap_or(""), &kind, from, to];
    let mut hash = Sha256::new();
    for field in fields {
        hash.update(field.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
