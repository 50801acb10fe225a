//! Reading `policy.toml`.

use unified_event_schema::suggest;

use super::{About, Entry, Gate, Part, Policy, Said};
use crate::FileFault;
use crate::finding::{Bump, Consumer, Verdict};
use crate::rules;
use crate::toml_file::{self, Faults, Table};

const GATE: [&str; 4] = ["reason", "owner", "ticket", "expires"];

/// Rules that keep watch over the policy itself.
const FIXED: [&str; 2] = ["UE-C92", "UE-C93"];

pub(super) fn parse(path: &str, text: &str) -> Result<Policy, Vec<FileFault>> {
    let mut policy = Policy { path: path.to_owned(), entries: Vec::new() };
    let mut file = toml_file::parse(path, text)?;
    file.root.only(&["unused", "rule"], &mut file.faults);
    for (name, line) in file.root.texts("unused") {
        unused(&mut policy, &mut file.faults, &name, line, Gate::default());
    }
    for (name, table) in file.root.tables("unused", "[unused.CONSUMER]", &mut file.faults) {
        table.only(&GATE, &mut file.faults);
        table.only_texts(&mut file.faults);
        let gate = gate(&table, &mut file.faults);
        unused(&mut policy, &mut file.faults, &name, table.line, gate);
    }
    for (code, table) in file.root.tables("rule", "[rule.CODE]", &mut file.faults) {
        rule(&mut policy, &mut file.faults, &code, &table);
    }
    file.faults.finish(policy)
}

fn unused(policy: &mut Policy, faults: &mut Faults, name: &str, line: usize, gate: Gate) {
    let Some(consumer) = Consumer::from_name(name) else {
        return faults.fault(line, format!("there is no consumer `{name}`"), consumers(name));
    };
    add(policy, faults, Entry { about: About::Unused(consumer), line, gate, parts: Vec::new() }, name);
}

/// Adds an entry, of which there is one about each thing.
fn add(policy: &mut Policy, faults: &mut Faults, entry: Entry, name: &str) {
    match policy.entry(entry.about) {
        Some(first) => {
            faults.fault(entry.line, format!("`{name}` stands twice: line {} is about it too", first.line), "keep one");
        }
        None => policy.entries.push(entry),
    }
}

fn rule(policy: &mut Policy, faults: &mut Faults, code: &str, table: &Table) {
    let Some(rule) = rules::find(code) else {
        let help = suggest::did_you_mean(code, rules::all().map(|r| r.code));
        let help = help.unwrap_or_else(|| "`unified-event rules` lists them".to_owned());
        return faults.fault(table.line, format!("there is no rule `{code}`"), help);
    };
    if FIXED.contains(&rule.code) {
        let help = "say in the entry that it is about why it is right, who answers for it and until when";
        return faults.fault(
            table.line,
            format!("`{}` is about the policy, which does not judge itself", rule.code),
            help,
        );
    }
    table.only_texts(faults);
    let mut parts = Vec::new();
    for (key, value, line) in table.entries().filter(|(key, _, _)| !GATE.contains(&key.as_str())) {
        if let Some(said) = said(faults, &key, &value, line) {
            parts.push(Part { said, line });
        }
    }
    let gate = gate(table, faults);
    add(policy, faults, Entry { about: About::Rule(rule.code), line: table.line, gate, parts }, code);
}

fn said(faults: &mut Faults, key: &str, value: &str, line: usize) -> Option<Said> {
    if key == "requires" {
        let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major];
        let bump = bumps.into_iter().find(|b| b.name() == value);
        if bump.is_none() {
            faults.fault(line, format!("`{value}` is no release"), "expected none, patch, minor or major");
        }
        return bump.map(Said::Requires);
    }
    match (Consumer::from_name(key), Verdict::from_name(value)) {
        (Some(consumer), Some(verdict)) => return Some(Said::Verdict(consumer, verdict)),
        (None, _) => faults.fault(line, format!("there is no consumer `{key}`"), consumers(key)),
        (_, None) => {
            faults.fault(line, format!("`{value}` is no verdict"), "expected untouched, ok, warn, replace or break");
        }
    }
    None
}

/// Reads why an entry is right; what is missing is for the rules to judge, as only what lowers a verdict needs it.
fn gate(table: &Table, faults: &mut Faults) -> Gate {
    for (key, value, line) in table.entries().filter(|(key, _, _)| GATE.contains(&key.as_str())) {
        if key == "expires" && !unified_event_schema::is_day(&value) {
            let help = "write a day of the calendar as text, \"YYYY-MM-DD\"";
            faults.fault(line, format!("`{value}` is not a date"), help);
        } else if value.trim().is_empty() {
            faults.fault(line, format!("`{key}` is empty"), "write it as text");
        }
    }
    let text = |key: &str| table.text(key).filter(|text| !text.trim().is_empty());
    Gate { reason: text("reason"), owner: text("owner"), ticket: text("ticket"), expires: text("expires") }
}

fn consumers(name: &str) -> String {
    let names = || Consumer::ALL.iter().map(|c| c.name());
    let all: Vec<String> = names().map(|n| format!("`{n}`")).collect();
    suggest::did_you_mean(name, names()).unwrap_or_else(|| format!("expected one of {}", all.join(", ")))
}
