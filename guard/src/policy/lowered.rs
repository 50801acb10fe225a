//! What a change of the policy takes from the verdicts: compared is what holds, not how it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{About, Entry, Gate, Policy, Said};
use crate::change::{Change, Kind, Subject};
use crate::finding::{Consumer, Finding};
use crate::rules::{self, Rule};

/// A verdict that the policy lowers, or that it lowers for longer than before.
pub(crate) struct Lowered<'a> {
    pub change: Change,
    /// The line that says it; none where an entry is gone.
    pub line: Option<usize>,
    /// Reason, owner and last day, when the policy says them all.
    pub accepted: Option<Accepted<'a>>,
}

/// Why a lowered verdict is accepted.
pub(crate) struct Accepted<'a> {
    pub reason: &'a str,
    pub owner: &'a str,
    pub ticket: Option<&'a str>,
    pub expires: &'a str,
    pub line: usize,
}

/// A verdict that holds, and until when.
#[derive(Clone, Copy)]
struct Standing<'a> {
    said: Said,
    until: Option<&'a str>,
    line: Option<usize>,
}

impl Standing<'_> {
    fn words(&self) -> String {
        let until = self.until.map_or_else(String::new, |day| format!(" until {day}"));
        format!("{} {}{until}", self.said.key(), self.said.word())
    }

    /// Returns true if this one demands less than another, or demands little for longer.
    fn is_below(&self, before: &Self, rule: Self) -> bool {
        let weight = |standing: &Self| standing.said.weight();
        let lasts = match (self.until, before.until) {
            (None, until) => until.is_some(),
            (Some(_), None) => false,
            (Some(now), Some(then)) => now > then,
        };
        weight(self) < weight(before) || (weight(self) == weight(before) && weight(self) < weight(&rule) && lasts)
    }
}

/// Returns what `now` lowers that `before` does not; both as they are in force.
///
/// `met` are the findings under either policy: where a rule says more of one change than of most, only they show that
/// its verdict is lowered.
pub(crate) fn lowered<'a>(before: &Policy, now: &'a Policy, met: (&[Finding], &[Finding])) -> Vec<Lowered<'a>> {
    let unused = now.unused().filter_map(|consumer| unused(before, now, consumer));
    let in_effect = in_effect(met);
    unused.chain(rules::all().filter_map(|rule| of_rule(before, now, rule, &in_effect))).collect()
}

fn unused<'a>(before: &Policy, now: &'a Policy, consumer: Consumer) -> Option<Lowered<'a>> {
    let about = About::Unused(consumer);
    let entry = now.entry(about)?;
    let words = |entry: &Entry| {
        let until = entry.gate.expires.as_ref().map_or_else(String::new, |day| format!(" until {day}"));
        format!("unused{until}")
    };
    let old = before.entry(about);
    let lasts = old.is_none_or(|old| match (&entry.gate.expires, &old.gate.expires) {
        (None, until) => until.is_some(),
        (Some(_), None) => false,
        (Some(now), Some(then)) => now > then,
    });
    lasts.then(|| {
        let old = old.map_or_else(|| "in use".to_owned(), words);
        let path = format!("unused.{}", consumer.name());
        lowered_by(path, (old, words(entry)), Some(entry.line), Some(entry))
    })
}

fn of_rule<'a>(
    before: &Policy,
    now: &'a Policy,
    rule: &'static Rule,
    in_effect: &BTreeSet<(&str, &str)>,
) -> Option<Lowered<'a>> {
    let (then, said) = (standing(before, rule), standing(now, rule));
    let is_unused = |key: &str| before.unused().chain(now.unused()).any(|consumer| consumer.name() == key);
    let keys: BTreeSet<&str> = then.keys().chain(said.keys()).copied().filter(|key| !is_unused(key)).collect();
    let (mut old, mut new, mut line) = (Vec::new(), Vec::new(), None);
    for key in keys {
        let Some(any) = then.get(key).or_else(|| said.get(key)) else { continue };
        let of_rule = Standing { said: any.said.of_rule(rule), until: None, line: None };
        let (was, is) = (then.get(key).unwrap_or(&of_rule), said.get(key).unwrap_or(&of_rule));
        if is.is_below(was, of_rule) || in_effect.contains(&(rule.code, key)) {
            old.push(was.words());
            new.push(is.words());
            line = line.or(is.line);
        }
    }
    let entry = now.entry(About::Rule(rule.code));
    let line = line.or(entry.map(|e| e.line));
    let sides = (old.join(", "), new.join(", "));
    (!old.is_empty()).then(|| lowered_by(format!("rule.{}", rule.code), sides, line, entry))
}

/// Returns what a policy says of a rule, by key.
fn standing<'a>(policy: &'a Policy, rule: &Rule) -> BTreeMap<&'static str, Standing<'a>> {
    let Some(entry) = policy.entry(About::Rule(rule.code)) else { return BTreeMap::new() };
    let parts = entry.parts.iter().map(|part| {
        // What raises a verdict does so for ever.
        let is_less = part.said.weight() <= part.said.of_rule(rule).weight();
        let until = entry.gate.expires.as_deref().filter(|_| is_less);
        (part.said.key(), Standing { said: part.said, until, line: Some(part.line) })
    });
    parts.collect()
}

fn lowered_by<'a>(
    path: String,
    (old, new): (String, String),
    line: Option<usize>,
    entry: Option<&'a Entry>,
) -> Lowered<'a> {
    let accepted = entry.and_then(|e| accepted(&e.gate, e.line));
    let nothing = Gate::default();
    let Gate { reason, owner, expires, .. } = entry.map_or(&nothing, |e| &e.gate);
    let missing = [("reason", reason), ("owner", owner), ("expires", expires)];
    let missing = missing.into_iter().filter(|(_, said)| said.is_none()).map(|(key, _)| key.to_owned()).collect();
    let change = Change { subject: Subject::Policy { entry: path }, kind: Kind::PolicyLowered { old, new, missing } };
    Lowered { change, line, accepted }
}

fn accepted(gate: &Gate, line: usize) -> Option<Accepted<'_>> {
    let (reason, owner) = (gate.reason.as_deref()?, gate.owner.as_deref()?);
    Some(Accepted { reason, owner, ticket: gate.ticket.as_deref(), expires: gate.expires.as_deref()?, line })
}

/// Returns the verdicts and releases that are lower in findings, by rule and key.
fn in_effect<'a>((before, now): (&'a [Finding], &'a [Finding])) -> BTreeSet<(&'a str, &'static str)> {
    let before: BTreeMap<&str, &Finding> = before.iter().map(|f| (f.fingerprint.as_str(), f)).collect();
    let mut found = BTreeSet::new();
    for finding in now {
        let Some(then) = before.get(finding.fingerprint.as_str()) else { continue };
        let lower = finding.verdicts.iter().filter(|(consumer, verdict)| *verdict < then.verdicts.of(*consumer));
        found.extend(lower.map(|(consumer, _)| (finding.rule, consumer.name())));
        if finding.requires < then.requires {
            found.insert((finding.rule, "requires"));
        }
    }
    found
}

/// Returns the entries past their date that would lower a verdict, with their lines.
pub(crate) fn expired(policy: &Policy, today: Option<&str>) -> Vec<(Change, usize)> {
    let past = policy.entries.iter().filter(|e| e.gate.is_past(today));
    let past = past.filter_map(|entry| {
        let path = match entry.about {
            About::Unused(consumer) => format!("unused.{}", consumer.name()),
            About::Rule(code) if entry.parts.iter().any(|p| !super::raises(code, p.said)) => format!("rule.{code}"),
            About::Rule(_) => return None,
        };
        let owner = entry.gate.owner.clone().unwrap_or_else(|| "nobody".to_owned());
        let kind = Kind::PolicyExpired { owner, expires: entry.gate.expires.clone()? };
        Some((Change { subject: Subject::Policy { entry: path }, kind }, entry.line))
    });
    past.collect()
}

impl Policy {
    /// Returns the path of the file, and where it says something.
    pub(crate) fn place(&self, line: usize) -> crate::Location {
        crate::Location { file: self.path.clone(), line, column: 1 }
    }

    /// Returns the line of an entry, by its path.
    pub(crate) fn line_of(&self, path: &str) -> Option<usize> {
        let of = |about: About| match about {
            About::Unused(consumer) => format!("unused.{}", consumer.name()),
            About::Rule(code) => format!("rule.{code}"),
        };
        self.entries.iter().find(|e| of(e.about) == path).map(|e| e.line)
    }
}
