//! Registered queries: their names, types and ambiguities, resolved against two models.
//!
//! No engine is asked. Relations that the definition does not know may have any column, so that a
//! query is only ever reported for what the definition changed. What is not resolved is said.

mod read;
mod registry;
mod resolve;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{ObjectName, Statement};
use unified_event_schema::Schema;

use super::change::{Change, Kind, QueryProblem, Subject};
use super::finding::Location;
pub use read::{Registered, parse};
use registry::Registry;
use resolve::{Fault, Output};

/// A query that a consumer registered.
pub struct ConsumerQuery {
    /// The path of the file, with the number of the statement where it has several.
    pub name: String,
    /// The path of the file.
    pub file: String,
    /// The line on which the statement starts, as far as the parser tells.
    pub line: usize,
    /// The SQL.
    sql: String,
    statement: Statement,
}

impl ConsumerQuery {
    /// Returns the name of the relation that the statement makes of a query.
    fn makes(&self) -> Option<&str> {
        let name: &ObjectName = match &self.statement {
            Statement::CreateView(view) => &view.name,
            Statement::CreateTable(table) if table.query.is_some() => &table.name,
            _ => return None,
        };
        Some(name.0.last()?.as_ident()?.value.as_str())
    }
}

/// Returns what happens to the registered queries between two models whose differences are `changes`.
pub(super) fn compare(
    queries: &[ConsumerQuery],
    (old, new): (&Schema, &Schema),
    changes: &[Change],
    notices: &mut Vec<String>,
) -> Vec<Change> {
    let (then, now) = (Registry::new(old, queries), Registry::new(new, queries));
    let mut found = Vec::new();
    for (at, query) in queries.iter().enumerate() {
        match then.resolve(at, &[]).zip(now.resolve(at, &[])) {
            Some((before, after)) => {
                query.notices(&before, &after, notices);
                found.extend(query.compare(&before, &after, (old, new), changes));
            }
            None => {
                let place = query.place(0);
                notices.push(format!("{place}: not checked: it is neither a query nor one that writes its result"));
            }
        }
    }
    found
}

impl ConsumerQuery {
    fn place(&self, line: u64) -> String {
        let line = usize::try_from(line).ok().filter(|line| *line > 0).unwrap_or(self.line);
        format!("{}:{line}", self.file)
    }

    /// Says what is not checked, and why.
    fn notices(&self, before: &Output, after: &Output, notices: &mut Vec<String>) {
        for gap in &after.gaps {
            notices.push(format!(
                "{}: not wholly checked: {} is not resolved: {}",
                self.place(gap.line),
                gap.what,
                gap.why
            ));
        }
        if after.reads_others && after.tables.is_empty() {
            notices.push(format!("{}: not checked: it reads no table of the definition", self.place(0)));
        }
        for fault in &before.faults {
            // A query that was changed together with the definition is as it should be.
            let when = if after.faults.is_empty() { "fails under the old definition only" } else { "fails already" };
            notices.push(format!("{} {when}: {}", self.place(fault.line), fault.message));
        }
    }

    fn compare(
        &self,
        before: &Output,
        after: &Output,
        (old, new): (&Schema, &Schema),
        changes: &[Change],
    ) -> Vec<Change> {
        let change = |problem, detail, breaks, line| Change {
            subject: Subject::Query { name: self.name.clone() },
            kind: Kind::QueryResult { problem, detail, sql: self.sql.clone(), breaks, line },
        };
        // What fails without the change is not broken by it.
        if !before.faults.is_empty() {
            return Vec::new();
        }
        if !after.faults.is_empty() {
            let faults: BTreeSet<&Fault> = after.faults.iter().collect();
            return faults.into_iter().map(|f| change(f.problem, f.message.clone(), false, f.line)).collect();
        }
        let mut found: Vec<Change> = meanings(before, after)
            .into_iter()
            .map(|(detail, line)| change(QueryProblem::Meaning, detail, false, line))
            .collect();
        let names = |output: &Output| output.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        let (old_names, new_names) = (names(before), names(after));
        if old_names != new_names {
            let minus = |a: &[String], b: &[String]| a.iter().filter(|n| !b.contains(n)).cloned().collect::<Vec<_>>();
            let (lost, gained) = (minus(&old_names, &new_names), minus(&new_names, &old_names));
            let mut parts = Vec::new();
            for (word, list) in [("loses", &lost), ("gains", &gained)] {
                if !list.is_empty() {
                    parts.push(format!(
                        "{word} {}",
                        list.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
                    ));
                }
            }
            let detail =
                if parts.is_empty() { "has its columns in another order".to_owned() } else { parts.join(" and ") };
            found.push(change(QueryProblem::Columns, format!("the result {detail}"), !lost.is_empty(), 0));
        }
        for now in &after.columns {
            let then = before.columns.iter().find(|c| c.name == now.name).filter(|c| c.ty != now.ty);
            if let Some(then) = then {
                let detail = format!("`{}` changes from {} to {}", now.name, then.ty, now.ty);
                found.push(change(QueryProblem::Types, detail, false, 0));
            }
        }
        let literals = values::literals(after, old, new);
        found.extend(literals.into_iter().map(|a| change(QueryProblem::Literals, a.detail, a.breaks, a.line)));
        let values = values::meanings(after, changes);
        found.extend(values.into_iter().map(|a| change(QueryProblem::Values, a.detail, a.breaks, a.line)));
        found
    }
}

/// Returns what is written in a query and means something else than before, with the first line of each.
fn meanings(before: &Output, after: &Output) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (then, now) in before.uses.iter().zip(&after.uses).filter(|(a, b)| a.text == b.text && a.means != b.means) {
        let detail = format!("`{}` meant {} and now means {}", then.text, then.means, now.means);
        found.entry(detail).or_insert(now.line);
    }
    found
}

/// Returns the place of the query that a change is about.
pub(super) fn file_of(change: &Change, queries: &[ConsumerQuery]) -> Option<Location> {
    let (Subject::Query { name }, Kind::QueryResult { line, .. }) = (&change.subject, &change.kind) else {
        return None;
    };
    let query = queries.iter().find(|q| q.name == *name)?;
    let line = usize::try_from(*line).ok().filter(|line| *line > 0).unwrap_or(query.line);
    Some(Location { file: query.file.clone(), line, column: 1 })
}
