//! `policy.toml`: where a project sees a verdict otherwise, and which consumers it has.

use std::collections::BTreeMap;

use unified_event_schema::naming;

use super::finding::{Bump, Consumer, Verdict, Verdicts};
use super::lock::LockFault;
use super::rules;
use super::toml_file::{self, Table};

/// What a project decided for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Consumers that the project does not have: their verdicts count as untouched.
    unused: Vec<Consumer>,
    /// Verdicts by rule.
    verdicts: BTreeMap<String, Vec<(Consumer, Verdict)>>,
    /// Required releases by rule.
    requires: BTreeMap<String, Bump>,
}

impl Policy {
    /// Reads `policy.toml`; `path` is what faults call it.
    ///
    /// # Errors
    ///
    /// All faults, each with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<LockFault>> {
        let mut policy = Self::default();
        let mut file = toml_file::parse(path, text)?;
        for (name, line) in file.root.texts("unused") {
            match Consumer::from_name(&name) {
                Some(consumer) => policy.unused.push(consumer),
                None => file.faults.fault(line, format!("there is no consumer `{name}`"), consumers(&name)),
            }
        }
        for (code, table) in file.root.tables("rule") {
            let Some(rule) = rules::find(&code) else {
                let help = naming::did_you_mean(&code, rules::all().map(|r| r.code));
                let help = help.unwrap_or_else(|| "`unified-event rules` lists them".to_owned());
                file.faults.fault(table.line, format!("there is no rule `{code}`"), help);
                continue;
            };
            read_rule(&mut policy, &mut file.faults, rule.code, &table);
        }
        file.root.only(&["unused", "rule"], &mut file.faults);
        file.faults.finish(policy)
    }

    /// Puts the project's verdicts in the place of a rule's.
    pub fn apply(&self, code: &str, verdicts: &mut Verdicts) {
        for (consumer, verdict) in self.verdicts.get(code).into_iter().flatten() {
            verdicts.set(*consumer, *verdict);
        }
        for consumer in &self.unused {
            verdicts.set(*consumer, Verdict::Untouched);
        }
    }

    /// Returns the release that the project demands for findings of a rule.
    pub fn requires(&self, code: &str) -> Option<Bump> {
        self.requires.get(code).copied()
    }
}

fn read_rule(policy: &mut Policy, faults: &mut toml_file::Faults, code: &str, table: &Table) {
    for (key, value, line) in table.entries() {
        if key == "requires" {
            let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major];
            match bumps.into_iter().find(|b| b.name() == value) {
                Some(bump) => {
                    policy.requires.insert(code.to_owned(), bump);
                }
                None => faults.fault(line, format!("`{value}` is no release"), "expected none, patch, minor or major"),
            }
            continue;
        }
        match (Consumer::from_name(&key), Verdict::from_name(&value)) {
            (Some(consumer), Some(verdict)) => {
                policy.verdicts.entry(code.to_owned()).or_default().push((consumer, verdict));
            }
            (None, _) => faults.fault(line, format!("there is no consumer `{key}`"), consumers(&key)),
            (_, None) => {
                let help = "expected untouched, ok, warn, replace or break";
                faults.fault(line, format!("`{value}` is no verdict"), help);
            }
        }
    }
}

fn consumers(name: &str) -> String {
    let names = || Consumer::ALL.iter().map(|c| c.name());
    let all: Vec<String> = names().map(|n| format!("`{n}`")).collect();
    naming::did_you_mean(name, names()).unwrap_or_else(|| format!("expected one of {}", all.join(", ")))
}
