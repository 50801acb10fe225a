//! The registered statements against one model, each resolved once: those that make a relation are found by others.

use std::cell::RefCell;
use std::collections::BTreeMap;

use sqlparser::ast::{Query, Statement};
use unified_event_schema::Schema;

use super::ConsumerQuery;
use super::resolve::{self, Output};

/// The registered statements and a model.
pub(super) struct Registry<'a> {
    pub schema: &'a Schema,
    queries: &'a [ConsumerQuery],
    done: RefCell<BTreeMap<usize, Output>>,
}

impl<'a> Registry<'a> {
    pub fn new(schema: &'a Schema, queries: &'a [ConsumerQuery]) -> Self {
        Self { schema, queries, done: RefCell::default() }
    }

    /// Returns the statements that may make the relation which a name means to the last of `stack`: the nearest
    /// one before it in its file, or all of other files.
    pub fn makers(&self, name: &str, stack: &[usize]) -> Vec<usize> {
        let Some((own, at)) = stack.last().and_then(|at| Some((self.queries.get(*at)?, *at))) else {
            return Vec::new();
        };
        let makes = |q: &ConsumerQuery| q.makes().is_some_and(|made| made.eq_ignore_ascii_case(name));
        let all = self.queries.iter().enumerate().filter(|(i, q)| !stack.contains(i) && makes(q));
        let (here, elsewhere): (Vec<_>, Vec<_>) = all.partition(|(_, q)| q.file == own.file);
        match here.iter().rev().find(|(i, _)| *i < at) {
            Some((i, _)) => vec![*i],
            None => elsewhere.into_iter().map(|(i, _)| i).collect(),
        }
    }

    /// Resolves a statement; nothing where it is none whose names are looked up.
    pub fn resolve(&self, at: usize, stack: &[usize]) -> Option<Output> {
        if let Some(done) = self.done.borrow().get(&at) {
            return Some(done.clone());
        }
        let stack: Vec<usize> = stack.iter().copied().chain([at]).collect();
        let output = self.statement(&self.queries.get(at)?.statement, &stack)?;
        self.done.borrow_mut().insert(at, output.clone());
        Some(output)
    }

    fn statement(&self, statement: &Statement, stack: &[usize]) -> Option<Output> {
        let query = |query: &Query| resolve::query(self, stack, query);
        match statement {
            Statement::Query(body) => Some(query(body)),
            Statement::Explain { statement, .. } => self.statement(statement, stack),
            Statement::CreateView(view) => {
                let mut output = query(&view.query);
                let names: Vec<_> = view.columns.iter().map(|c| c.name.clone()).collect();
                resolve::name_all(&mut output, &names);
                Some(output)
            }
            Statement::CreateTable(table) => table.query.as_ref().map(|q| query(q)),
            Statement::Insert(insert) => {
                let mut output = query(insert.source.as_deref()?);
                if let Some(table) = resolve::table_of(self.schema, &insert.table.to_string()) {
                    resolve::insert(&mut output, table, &insert.columns);
                    output.tables.insert(table.name.clone());
                }
                Some(output)
            }
            _ => None,
        }
    }
}
