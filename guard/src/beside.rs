//! Findings about what stands beside the definition: the lock, the policy and the waivers.

use super::change::Change;
use super::check::{Baseline, BaselineKind, Input, Outcome, judged};
use super::finding::{Finding, Location, State};
use super::policy::{self, Policy};
use super::rules::Context;
use super::waiver::{self, Waiver};
use super::{history, judge};

/// Returns what is wrong with the lock and the frozen models.
pub(super) fn history(input: &Input<'_>, base: Option<&&Baseline>) -> Vec<Finding> {
    let Some(history) = input.history else { return Vec::new() };
    let mut findings = Vec::new();
    for deviation in history::deviations(history, input.lock, base.copied()) {
        let (old, new) = (input.schema, input.schema);
        let changes = [deviation.change];
        let cx =
            Context { old, new, changes: &changes, lock: input.lock, today: input.today, languages: input.languages };
        let against =
            base.filter(|_| deviation.is_since).map_or_else(|| "the frozen models".to_owned(), |b| b.label.clone());
        findings.extend(judge(&cx, input.policy).into_iter().map(|finding| Finding {
            state: deviation.state,
            location: Some(deviation.location.clone()),
            against: vec![against.clone()],
            ..finding
        }));
    }
    findings
}

/// Returns what the policy lowers since the change under review began, and what of it is past its date.
pub(super) fn policy(input: &Input<'_>, past: Vec<(Change, usize)>) -> Vec<Finding> {
    // The policy does not judge itself.
    let none = Policy::default();
    let judged = |change: Change| {
        let changes = [change];
        let (old, new) = (input.schema, input.schema);
        judge(
            &Context { old, new, changes: &changes, lock: input.lock, today: input.today, languages: input.languages },
            &none,
        )
    };
    let mut findings = Vec::new();
    for (change, line) in past {
        let location = Some(input.policy.place(line));
        let against = vec!["the policy".to_owned()];
        findings.extend(judged(change).into_iter().map(|f| Finding {
            location: location.clone(),
            against: against.clone(),
            ..f
        }));
    }
    let before = input.policy_before.map(|policy| policy.in_force(input.today));
    let Some(before) = before.filter(|before| before != input.policy) else { return findings };
    let label = input.baselines.iter().find(|b| b.kind == BaselineKind::Base && b.policy.is_some());
    let label = label.map_or_else(|| "no policy".to_owned(), |b| b.label.clone());
    for lowered in policy::lowered(&before, input.policy, (&met(input, &before), &met(input, input.policy))) {
        let name = lowered.change.subject.name().unwrap_or_default().to_owned();
        for finding in judged(lowered.change) {
            let waiver = lowered.accepted.as_ref().map(|a| Waiver {
                fingerprint: finding.fingerprint.clone(),
                reason: a.reason.to_owned(),
                owner: a.owner.to_owned(),
                ticket: a.ticket.map(str::to_owned),
                expires: a.expires.to_owned(),
                line: a.line,
            });
            findings.push(Finding {
                state: if waiver.is_some() { State::Waived } else { State::Open },
                waiver,
                location: lowered.line.map(|line| input.policy.place(line)),
                old_location: before.line_of(&name).map(|line| before.place(line)),
                against: vec![label.clone()],
                ..finding
            });
        }
    }
    findings
}

/// Returns what is found under a policy.
fn met(input: &Input<'_>, policy: &Policy) -> Vec<Finding> {
    let input = &Input { policy, ..*input };
    input.baselines.iter().flat_map(|baseline| judged(input, baseline, input.schema, &mut Vec::new())).collect()
}

/// Lets waivers accept findings, and adds what is wrong with waivers.
pub(super) fn waivers(input: &Input<'_>, outcome: &mut Outcome) {
    let faults: Vec<Change> = waiver::apply(input.waivers, &mut outcome.findings, input.today);
    let (old, new) = (input.schema, input.schema);
    let cx = Context { old, new, changes: &faults, lock: input.lock, today: input.today, languages: input.languages };
    let mut findings = judge(&cx, input.policy);
    for finding in &mut findings {
        let line = input.waivers.iter().find(|w| finding.change.subject.name() == Some(w.fingerprint.as_str()));
        let file = input.waivers_path.to_owned();
        finding.location = line.map(|w| Location { file, line: w.line, column: 1 });
    }
    outcome.findings.extend(findings);
}
