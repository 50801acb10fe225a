//! Names of one query against one model: scopes, wildcards, ambiguities, and what each name means.

mod expression;
mod from;
mod literals;
mod names;
mod scope;
mod select;
mod types;

use std::collections::BTreeSet;

use sqlparser::ast::{Fetch, Ident, LimitClause, Offset, OrderByKind, Query, SetExpr, SetQuantifier, Spanned, With};
use unified_event_schema::{INGEST_COLUMN, Schema, Table};

use super::registry::Registry;
use crate::change::QueryProblem;
pub(super) use literals::How;
use scope::{Relation, Scope};

/// What a query yields.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    pub columns: Vec<Column>,
    pub faults: Vec<Fault>,
    /// What every name means, in an order that follows from the text alone.
    pub uses: Vec<Use>,
    /// The columns of tables that names mean, through views and subqueries.
    pub reads: BTreeSet<Origin>,
    /// The tables of the definition that are read.
    pub tables: BTreeSet<String>,
    /// Whether other relations are read too.
    pub reads_others: bool,
    /// The literals that columns are compared with.
    pub mentions: Vec<Mention>,
    /// What is not resolved.
    pub gaps: Vec<Gap>,
    /// Whether there may be more columns, from relations that the definition does not know.
    open: bool,
}

impl Output {
    /// Returns every column of a table that the query names, or passes on to its result.
    pub fn origins(&self) -> BTreeSet<&Origin> {
        self.reads.iter().chain(self.columns.iter().flat_map(|c| &c.from)).collect()
    }
}

/// A column of a table of the definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub table: String,
    pub id: u32,
}

/// A column of a relation or of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    /// The type, or what it is made of: two texts are equal where the types are.
    pub ty: String,
    /// What it is made from.
    from: BTreeSet<Origin>,
    /// Those of them whose values it passes on.
    carries: BTreeSet<Origin>,
}

impl Column {
    fn new(name: impl Into<String>, ty: impl Into<String>) -> Self {
        Self { name: name.into(), ty: ty.into(), from: BTreeSet::new(), carries: BTreeSet::new() }
    }

    fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

/// A name that does not resolve.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    pub problem: QueryProblem,
    pub message: String,
    /// The line of the name; 0 where it is not known.
    pub line: u64,
}

/// A place where a name is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// What is written there.
    pub text: String,
    /// What it means, in words.
    pub means: String,
    /// The line; 0 where it is not known.
    pub line: u64,
}

/// A literal that the values of columns are compared with.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub origins: BTreeSet<Origin>,
    pub literal: String,
    pub how: How,
    /// The line; 0 in another file.
    pub line: u64,
}

/// A part of a query that is not resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// The line; 0 where it is not known.
    pub line: u64,
    /// What it is, as SQL calls it.
    pub what: String,
    /// What follows from that.
    pub why: String,
}

/// Resolves a query; `stack` are the registered ones that are being resolved, this one last.
pub(super) fn query(registry: &Registry<'_>, stack: &[usize], query: &Query) -> Output {
    let mut resolver = Resolver { schema: registry.schema, registry, stack, found: Output::default() };
    let (columns, open) = resolver.query(query, Around { outer: &[], known: &[] });
    Output { columns, open, ..resolver.found }
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
        output.faults.push(Fault { problem: QueryProblem::Unresolved, message, line: 0 });
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
        output.faults.push(Fault { problem: QueryProblem::Unresolved, message, line: 0 });
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
    registry: &'a Registry<'a>,
    stack: &'a [usize],
    found: Output,
}

impl Resolver<'_> {
    fn fault(&mut self, problem: QueryProblem, message: String) {
        self.fault_at(0, problem, message);
    }

    fn fault_at(&mut self, line: u64, problem: QueryProblem, message: String) {
        self.add(Fault { problem, message, line });
    }

    fn add(&mut self, fault: Fault) {
        if !self.found.faults.contains(&fault) {
            self.found.faults.push(fault);
        }
    }

    /// Notes a part that is not resolved.
    fn gap(&mut self, line: u64, what: &str, why: &str) {
        let gap = Gap { line, what: what.to_owned(), why: why.to_owned() };
        if !self.found.gaps.contains(&gap) {
            self.found.gaps.push(gap);
        }
    }

    /// Returns the columns of a query, and whether there may be more.
    fn query(&mut self, query: &Query, around: Around<'_>) -> (Vec<Column>, bool) {
        // A clause that is new in the parser does not compile until it stands here.
        #[rustfmt::skip]
        let Query {
            with, body, order_by, limit_clause, fetch, locks: _, for_clause, settings: _, format_clause: _, pipe_operators,
        } = query;
        let mut known = around.known.to_vec();
        if let Some(With { with_token: _, recursive, cte_tables }) = with {
            for cte in cte_tables {
                let name = &cte.alias.name.value;
                // A recursive part may name the table itself: until it is known, it may have any column. Without the
                // word, as some engines take it, the name means what has it already.
                let is_own = *recursive || !(known.iter().any(|r| same(&r.name, name)) || self.is_taken(name));
                let own = is_own.then(|| Relation::open(name.clone()));
                let within: Vec<Relation> = known.iter().cloned().chain(own).collect();
                let (mut columns, open) = self.query(&cte.query, Around { known: &within, ..around });
                let names = cte.alias.columns.iter().map(|c| &c.name);
                self.found.faults.extend(scope::rename(&mut columns, names, open, name));
                self.distinct(&columns, name);
                known.push(Relation::new(name.clone(), columns, open));
            }
        }
        let around = Around { known: &known, ..around };
        let (columns, mut open, scope) = self.body(body, around);
        if let Some(order) = order_by {
            match &order.kind {
                OrderByKind::Expressions(list) => {
                    for item in list {
                        self.order(&item.expr, &columns, open, scope.as_ref(), around);
                    }
                }
                OrderByKind::All(_) => {}
            }
        }
        self.limit(limit_clause.as_ref(), scope.as_ref(), around);
        if let Some(Fetch { with_ties: _, percent: _, quantity: Some(quantity) }) = fetch {
            self.expr(quantity, &Scope::default(), around, &[]);
        }
        let line = query.span().start.line;
        if for_clause.is_some() {
            self.gap(line, "FOR", "what it makes of the result is not checked");
        }
        if !pipe_operators.is_empty() {
            self.gap(line, "|>", "what follows it is not checked, and it may yield other columns");
            open = true;
        }
        (columns, open)
    }

    /// Resolves what a limit names: nothing of the query itself, but for ClickHouse's `LIMIT … BY`.
    fn limit(&mut self, limit: Option<&LimitClause>, scope: Option<&Scope>, around: Around<'_>) {
        let mut numbers = Vec::new();
        match limit {
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                numbers.extend(limit);
                numbers.extend(offset.iter().map(|Offset { value, rows: _ }| value));
                let scope = scope.cloned().unwrap_or_default();
                for expr in limit_by {
                    self.expr(expr, &scope, around, &[]);
                }
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => numbers.extend([offset, limit]),
            None => {}
        }
        for number in numbers {
            // DuckDB and Spark take `LIMIT ALL`, which is no column.
            if !matches!(number, sqlparser::ast::Expr::Identifier(word) if same(&word.value, "all")) {
                self.expr(number, &Scope::default(), around, &[]);
            }
        }
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
                for (column, other) in columns.iter_mut().zip(others) {
                    if column.ty != other.ty {
                        column.ty = types::common(&[column.ty.clone(), other.ty]);
                    }
                    column.from.extend(other.from);
                    column.carries.extend(other.carries);
                }
                (columns, open, None)
            }
            SetExpr::Values(values) => {
                let mut columns: Vec<Column> = Vec::new();
                for (i, row) in values.rows.iter().enumerate() {
                    let of_row: Vec<Column> =
                        row.iter().map(|e| self.expr(e, &Scope::default(), around, &[])).collect();
                    columns = if i == 0 { of_row } else { columns };
                }
                let columns = columns.into_iter().enumerate();
                (columns.map(|(i, c)| c.named(format!("column{}", i + 1))).collect(), false, None)
            }
            SetExpr::Table(table) => {
                let name = table.table_name.clone().unwrap_or_default();
                let relation = self.table(&name, true, 0, around);
                (relation.columns, relation.open, None)
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.gap(body.span().start.line, "a statement that writes", "what it names and returns is not checked");
                (Vec::new(), true, None)
            }
        }
    }
}
