//! Names of one query against one model: scopes, wildcards, ambiguities, and what each name means.

mod expression;
mod from;
mod names;
mod scope;
mod select;
mod types;

use sqlparser::ast::{Ident, OrderByKind, Query, SetExpr, SetQuantifier};
use unified_event_schema::{INGEST_COLUMN, Schema, Table};

use crate::evolve::change::QueryProblem;
use scope::{Relation, Scope};

/// What a query yields.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    pub columns: Vec<Column>,
    pub faults: Vec<Fault>,
    /// What every name means, in an order that follows from the text alone.
    pub uses: Vec<Use>,
    /// Whether there may be more columns, from relations that the definition does not know.
    open: bool,
}

/// A column of a relation or of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    /// The type, or what it is made of: two texts are equal where the types are.
    pub ty: String,
}

/// A name that does not resolve.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    pub problem: QueryProblem,
    pub message: String,
}

/// A place where a name is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// What is written there.
    pub text: String,
    /// What it means, in words.
    pub means: String,
}

/// Resolves a query.
pub(super) fn query(schema: &Schema, query: &Query) -> Output {
    let mut resolver = Resolver { schema, faults: Vec::new(), uses: Vec::new() };
    let (columns, open) = resolver.query(query, Around { outer: &[], known: &[] });
    Output { columns, faults: resolver.faults, uses: resolver.uses, open }
}

/// Returns the table that SQL calls `name`, with or without catalog and version.
pub(super) fn table_of<'a>(schema: &'a Schema, name: &str) -> Option<&'a Table> {
    let last = name.rsplit('.').next()?.trim_matches(['"', '`']);
    // The bare name of a table that is at a later version is that of its first version, which a view
    // or the old table itself still answers to: readers mean the table.
    schema.tables.iter().find(|t| same(&t.physical_name, last) || same(&t.name, last))
}

/// Checks a result that is inserted by position or by a list of columns.
pub(super) fn insert(output: &mut Output, table: &Table, columns: &[Ident]) {
    for ident in columns.iter().filter(|i| !table.columns.iter().any(|c| same(&c.name, &i.value))) {
        let message = format!("`{}` has no column `{}`", table.name, ident.value);
        output.faults.push(Fault { problem: QueryProblem::Unresolved, message });
    }
    let wanted = if columns.is_empty() { table.columns.len() } else { columns.len() };
    if !output.open && !widths(&output.columns).contains(&wanted) {
        let values = output.columns.len();
        let message = match columns {
            [] => {
                let name = &table.name;
                format!("`INSERT` without a column list has {values} values for the {wanted} columns of `{name}`")
            }
            _ => format!("`INSERT` has {values} values for {wanted} columns"),
        };
        output.faults.push(Fault { problem: QueryProblem::Unresolved, message });
    }
}

/// Checks the names that a view gives to the columns of its query.
pub(super) fn name_all(output: &mut Output, names: &[Ident]) {
    if let Some(fault) = scope::rename(&mut output.columns, names, output.open, "the view") {
        output.faults.push(fault);
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Returns how many columns there may be: only tables that the platform's sink made have the time of
/// arrival, and a query does not say which layout it reads.
fn widths(columns: &[Column]) -> [usize; 2] {
    [columns.len(), columns.iter().filter(|c| !same(&c.name, INGEST_COLUMN)).count()]
}

/// What lies around a query: the scopes of those that contain it, and the named ones it may read.
#[derive(Clone, Copy)]
struct Around<'e> {
    outer: &'e [Scope],
    known: &'e [Relation],
}

struct Resolver<'a> {
    schema: &'a Schema,
    faults: Vec<Fault>,
    uses: Vec<Use>,
}

impl Resolver<'_> {
    fn fault(&mut self, problem: QueryProblem, message: String) {
        self.add(Fault { problem, message });
    }

    fn add(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Returns the columns of a query, and whether there may be more.
    fn query(&mut self, query: &Query, around: Around<'_>) -> (Vec<Column>, bool) {
        let mut known = around.known.to_vec();
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            let name = &cte.alias.name.value;
            // A recursive part may name the table itself: until it is known, it may have any column.
            let own = Relation::open(name.clone());
            let within: Vec<Relation> = known.iter().cloned().chain([own]).collect();
            let (mut columns, open) = self.query(&cte.query, Around { known: &within, ..around });
            let names = cte.alias.columns.iter().map(|c| &c.name);
            self.faults.extend(scope::rename(&mut columns, names, open, name));
            self.distinct(&columns, name);
            known.push(Relation::new(name.clone(), columns, open));
        }
        let around = Around { known: &known, ..around };
        let (columns, mut open, scope) = self.body(&query.body, around);
        if let Some(order) = &query.order_by
            && let OrderByKind::Expressions(list) = &order.kind
        {
            for item in list {
                self.order(&item.expr, &columns, open, scope.as_ref(), around);
            }
        }
        // Operators after `|>` may do anything to the columns.
        open |= !query.pipe_operators.is_empty();
        (columns, open)
    }

    /// Says where two columns of a named result have one name, which engines refuse or cannot address.
    fn distinct(&mut self, columns: &[Column], relation: &str) {
        for (i, column) in columns.iter().enumerate() {
            if columns.iter().take(i).any(|c| same(&c.name, &column.name)) {
                let message = format!("`{relation}` has two columns `{}`", column.name);
                self.fault(QueryProblem::Ambiguous, message);
            }
        }
    }

    fn body(&mut self, body: &SetExpr, around: Around<'_>) -> (Vec<Column>, bool, Option<Scope>) {
        match body {
            SetExpr::Select(select) => {
                let (columns, open, scope) = self.select(select, around);
                (columns, open, Some(scope))
            }
            SetExpr::Query(query) => {
                let (columns, open) = self.query(query, around);
                (columns, open, None)
            }
            SetExpr::SetOperation { op, left, right, set_quantifier } => {
                let (mut columns, left_open, _) = self.body(left, around);
                let (others, right_open, _) = self.body(right, around);
                let open = left_open || right_open;
                if matches!(
                    set_quantifier,
                    SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName
                ) {
                    let more: Vec<Column> =
                        others.into_iter().filter(|o| !columns.iter().any(|c| same(&c.name, &o.name))).collect();
                    columns.extend(more);
                    return (columns, open, None);
                }
                let fits = widths(&columns).iter().any(|w| widths(&others).contains(w));
                if !open && !fits {
                    let message = format!("the sides of `{op}` have {} and {} columns", columns.len(), others.len());
                    self.fault(QueryProblem::Unresolved, message);
                }
                for (column, other) in columns.iter_mut().zip(&others).filter(|(c, o)| c.ty != o.ty) {
                    column.ty = types::common(&[column.ty.clone(), other.ty.clone()]);
                }
                (columns, open, None)
            }
            SetExpr::Values(values) => {
                let mut types: Vec<String> = Vec::new();
                for (i, row) in values.rows.iter().enumerate() {
                    let of_row = row.iter().map(|e| self.expr(e, &Scope::default(), around, &[])).collect();
                    types = if i == 0 { of_row } else { types };
                }
                let columns = types.into_iter().enumerate();
                let columns = columns.map(|(i, ty)| Column { name: format!("column{}", i + 1), ty });
                (columns.collect(), false, None)
            }
            _ => (Vec::new(), true, None),
        }
    }
}
