//! The witnesses of all cases of the guard, laid out for those that execute them.

use serde::Serialize;
use serde_json::Value;
use unified_event_guard::{Finding, Side, WitnessKind};
use unified_event_schema::Schema;

use crate::evolution::{REAL, TYPES, cases, load, outcome};

/// One witness and where it comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Exhibit {
    /// The case.
    pub case: String,
    /// The rule whose finding carries it.
    pub rule: &'static str,
    /// The table of the finding.
    pub table: Option<String>,
    /// What it is.
    pub kind: WitnessKind,
    /// The version with which it works.
    pub works_on: Side,
    /// The thing itself.
    pub text: String,
    /// What happened, where the answer of a query depends on it: rows of both versions, or an event.
    pub given: Option<Value>,
}

impl Exhibit {
    /// Returns where it comes from, for messages.
    pub fn label(&self) -> String {
        format!("{} of {}: {}", self.rule, self.case, self.text)
    }

    /// Returns the model with which it works, and the one with which it fails.
    pub fn models(&self) -> (Schema, Schema) {
        let (works, fails) = if self.works_on == Side::Old { ("old", "new") } else { ("new", "old") };
        (load(&self.case, works), load(&self.case, fails))
    }
}

/// Returns all findings of all cases, of the definition itself and of all types.
pub fn findings() -> Vec<(String, Finding)> {
    cases()
        .into_iter()
        .chain([REAL.to_owned(), TYPES.to_owned()])
        .flat_map(|case| outcome(&case).findings.into_iter().map(move |f| (case.clone(), f)))
        .collect()
}

/// Returns the witnesses of all cases.
pub fn exhibits() -> Vec<Exhibit> {
    let of = |(case, finding): (String, Finding)| {
        let (rule, table) = (finding.rule, finding.table);
        finding.witnesses.into_iter().map(move |w| Exhibit {
            case: case.clone(),
            rule,
            table: table.clone(),
            kind: w.kind,
            works_on: w.works_on,
            text: w.text,
            given: w.given.map(|given| serde_json::to_value(given).expect("JSON")),
        })
    };
    findings().into_iter().flat_map(of).collect()
}

/// Returns the witnesses of some kinds.
pub fn of_kind(kinds: &[WitnessKind]) -> Vec<Exhibit> {
    exhibits().into_iter().filter(|e| kinds.contains(&e.kind)).collect()
}
