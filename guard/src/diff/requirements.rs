//! What events of a type must set, compared by acceptance: which events fulfil it, not how it is written.
//!
//! A type's requirements are a conjunction of clauses, each a set of columns of which one must be set; a required
//! column is a clause of its own. No clause is about the absence of a value, so that one follows from others
//! exactly if it contains one of them: an event that sets every other column fulfils all the rest.

use std::collections::BTreeSet;

use unified_event_schema::{EventType, Requirement, Schema};

use super::{Renames, wide_table};
use crate::change::Kind;

/// Returns what differs between the requirements of one event type in two models.
pub(super) fn diff(old: (&Schema, &EventType), new: (&Schema, &EventType), renames: &Renames) -> Vec<Kind> {
    let before: Vec<Requirement> = old.1.requires.iter().map(|r| renamed(r, renames)).collect();
    let after = &new.1.requires;
    let follows = |from: &[Requirement], required: &BTreeSet<String>, clause: &Requirement| {
        let contains = |name: &String| clause.any_of.contains(name);
        required.iter().any(&contains) || from.iter().any(|r| r.any_of.iter().all(&contains))
    };
    let always = |schema: &Schema, renames: &Renames| -> BTreeSet<String> {
        let columns = wide_table(schema).into_iter().flat_map(|t| t.settable_columns());
        columns.filter(|c| c.required).map(|c| renames.get(&c.name).unwrap_or(&c.name).clone()).collect()
    };
    let (then, now) = (always(old.0, renames), always(new.0, &Renames::new()));
    let mut found: Vec<Kind> = Vec::new();
    for requirement in before.iter().filter(|r| !follows(after, &now, r)) {
        found.push(Kind::RequirementDropped { requirement: requirement.clone() });
    }
    for requirement in after.iter().filter(|r| !follows(&before, &then, r)) {
        found.push(Kind::RequirementAdded { requirement: requirement.clone() });
    }
    if found.is_empty() && before != *after {
        found.push(Kind::RequirementText { old: before, new: after.clone() });
    }
    found
}

fn renamed(requirement: &Requirement, renames: &Renames) -> Requirement {
    let Requirement { any_of } = requirement;
    Requirement { any_of: any_of.iter().map(|n| renames.get(n).unwrap_or(n).clone()).collect() }
}
