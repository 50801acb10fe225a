//! Registered queries: their names, types and ambiguities, resolved against two models.
//!
//! No engine is asked. Relations that the definition does not know may have any column, so that a
//! query is only ever reported for what the definition changed.

mod resolve;

use std::collections::BTreeSet;

use sqlparser::ast::{Query, Statement};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use unified_event_schema::Schema;

use super::change::{Change, Kind, QueryProblem, Subject};
use super::finding::Location;
use super::lock::LockFault;
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

/// Reads the statements of a file.
///
/// # Errors
///
/// When the text is no SQL.
pub fn parse(file: &str, text: &str) -> Result<Vec<ConsumerQuery>, LockFault> {
    let statements = Parser::parse_sql(&GenericDialect {}, text).map_err(|error| {
        let message = error.to_string();
        let number = message.split("Line: ").nth(1).and_then(|m| m.split(',').next()?.trim().parse().ok());
        let help = "mend the query, or move it out of the folder".to_owned();
        LockFault {
            file: file.to_owned(),
            line: number.unwrap_or(1),
            message: format!("this is no SQL: {message}"),
            help,
        }
    })?;
    let several = statements.len() > 1;
    let queries = statements.into_iter().enumerate().map(|(i, statement)| {
        let name = if several { format!("{file}#{}", i + 1) } else { file.to_owned() };
        let line = usize::try_from(sqlparser::ast::Spanned::span(&statement).start.line).unwrap_or(1).max(1);
        ConsumerQuery { name, file: file.to_owned(), line, sql: statement.to_string(), statement }
    });
    Ok(queries.collect())
}

/// Returns what happens to a query between two models.
pub(super) fn compare(query: &ConsumerQuery, old: &Schema, new: &Schema, notices: &mut Vec<String>) -> Vec<Change> {
    let (Some(before), Some(after)) = (resolve_statement(query, old), resolve_statement(query, new)) else {
        notices.push(format!("{} is neither a query nor one that writes its result: not checked", query.name));
        return Vec::new();
    };
    let change = |problem, detail, lost| Change {
        subject: Subject::Query { name: query.name.clone() },
        kind: Kind::QueryResult { problem, detail, sql: query.sql.clone(), lost },
    };
    for fault in &before.faults {
        // A query that was changed together with the definition is as it should be.
        let when = if after.faults.is_empty() { "fails under the old definition only" } else { "fails already" };
        notices.push(format!("{} {when}: {}", query.name, fault.message));
    }
    let known: BTreeSet<&Fault> = before.faults.iter().collect();
    let faults: BTreeSet<&Fault> = after.faults.iter().filter(|f| !known.contains(f)).collect();
    if !faults.is_empty() {
        return faults.into_iter().map(|f| change(f.problem, f.message.clone(), false)).collect();
    }
    if !before.faults.is_empty() || !after.faults.is_empty() {
        return Vec::new();
    }
    let mut changes: Vec<Change> =
        meanings(&before, &after).into_iter().map(|detail| change(QueryProblem::Meaning, detail, false)).collect();
    let names = |output: &Output| output.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&before), names(&after));
    if old_names != new_names {
        let minus = |a: &[String], b: &[String]| a.iter().filter(|n| !b.contains(n)).cloned().collect::<Vec<_>>();
        let (lost, gained) = (minus(&old_names, &new_names), minus(&new_names, &old_names));
        let mut parts = Vec::new();
        for (word, list) in [("loses", &lost), ("gains", &gained)] {
            if !list.is_empty() {
                parts.push(format!("{word} {}", list.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")));
            }
        }
        let detail = if parts.is_empty() { "has its columns in another order".to_owned() } else { parts.join(" and ") };
        changes.push(change(QueryProblem::Columns, format!("the result {detail}"), !lost.is_empty()));
    }
    for now in &after.columns {
        let then = before.columns.iter().find(|c| c.name == now.name).filter(|c| c.ty != now.ty);
        if let Some(then) = then {
            let detail = format!("`{}` changes from {} to {}", now.name, then.ty, now.ty);
            changes.push(change(QueryProblem::Types, detail, false));
        }
    }
    changes
}

/// Returns what is written in a query and means something else than before.
fn meanings(before: &Output, after: &Output) -> BTreeSet<String> {
    let pairs = before.uses.iter().zip(&after.uses);
    let differ = pairs.filter(|(then, now)| then.text == now.text && then.means != now.means);
    differ.map(|(then, now)| format!("`{}` meant {} and now means {}", then.text, then.means, now.means)).collect()
}

/// Returns the place of the query that a change is about.
pub(super) fn file_of(change: &Change, queries: &[ConsumerQuery]) -> Option<Location> {
    let (Subject::Query { name }, Kind::QueryResult { .. }) = (&change.subject, &change.kind) else { return None };
    let query = queries.iter().find(|q| q.name == *name)?;
    Some(Location { file: query.file.clone(), line: query.line, column: 1 })
}

fn resolve_statement(query: &ConsumerQuery, schema: &Schema) -> Option<Output> {
    match &query.statement {
        Statement::Query(query) => Some(resolve::query(schema, query)),
        Statement::CreateView(view) => {
            let mut output = resolve::query(schema, &view.query);
            let names: Vec<_> = view.columns.iter().map(|c| c.name.clone()).collect();
            resolve::name_all(&mut output, &names);
            Some(output)
        }
        Statement::CreateTable(table) => table.query.as_ref().map(|q| resolve::query(schema, q)),
        Statement::Insert(insert) => {
            let source: &Query = insert.source.as_deref()?;
            let mut output = resolve::query(schema, source);
            if let Some(table) = resolve::table_of(schema, &insert.table.to_string()) {
                resolve::insert(&mut output, table, &insert.columns);
            }
            Some(output)
        }
        _ => None,
    }
}
