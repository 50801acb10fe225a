//! Names of one query against one model: scopes, wildcards, ambiguities.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, JoinConstraint, JoinOperator, ObjectName, OrderByKind, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableFactor, TableWithJoins, Visit, Visitor,
};
use unified_event_schema::{Schema, Table};

use crate::evolve::change::QueryProblem;

/// What a query yields.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    pub columns: Vec<Column>,
    pub faults: Vec<Fault>,
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

/// A relation in a `FROM` clause.
#[derive(Debug, Clone)]
struct Relation {
    /// The alias, or the name of the table.
    name: String,
    columns: Vec<Column>,
    open: bool,
}

/// What an expression may name: relations, and columns that a join has merged.
#[derive(Debug, Clone, Default)]
struct Scope {
    relations: Vec<Relation>,
    merged: BTreeSet<String>,
}

/// Resolves a query.
pub(super) fn query(schema: &Schema, query: &Query) -> Output {
    let mut resolver = Resolver { schema, faults: Vec::new() };
    let (columns, open) = resolver.query(query, &[], &[]);
    Output { columns, faults: resolver.faults, open }
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
    if columns.is_empty() && !output.open && output.columns.len() != table.columns.len() {
        let (values, wanted) = (output.columns.len(), table.columns.len());
        let message =
            format!("`INSERT` without a column list has {values} values for the {wanted} columns of `{}`", table.name);
        output.faults.push(Fault { problem: QueryProblem::Unresolved, message });
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

struct Resolver<'a> {
    schema: &'a Schema,
    faults: Vec<Fault>,
}

impl Resolver<'_> {
    fn fault(&mut self, problem: QueryProblem, message: String) {
        let fault = Fault { problem, message };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Returns the columns of a query, and whether there may be more.
    fn query(&mut self, query: &Query, outer: &[Scope], known: &[Relation]) -> (Vec<Column>, bool) {
        let mut known = known.to_vec();
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            // A recursive part may name the table itself: until it is known, it may have any column.
            let own = Relation { name: cte.alias.name.value.clone(), columns: Vec::new(), open: true };
            let within: Vec<Relation> = known.iter().cloned().chain([own]).collect();
            let (mut columns, open) = self.query(&cte.query, outer, &within);
            rename(&mut columns, cte.alias.columns.iter().map(|c| &c.name));
            known.push(Relation { name: cte.alias.name.value.clone(), columns, open });
        }
        let (columns, open, scope) = self.body(&query.body, outer, &known);
        if let Some(order) = &query.order_by
            && let OrderByKind::Expressions(list) = &order.kind
        {
            for item in list {
                self.order(&item.expr, &columns, open, scope.as_ref(), outer, &known);
            }
        }
        (columns, open)
    }

    fn body(&mut self, body: &SetExpr, outer: &[Scope], known: &[Relation]) -> (Vec<Column>, bool, Option<Scope>) {
        match body {
            SetExpr::Select(select) => {
                let (columns, open, scope) = self.select(select, outer, known);
                (columns, open, Some(scope))
            }
            SetExpr::Query(query) => {
                let (columns, open) = self.query(query, outer, known);
                (columns, open, None)
            }
            SetExpr::SetOperation { op, left, right, .. } => {
                let (columns, left_open, _) = self.body(left, outer, known);
                let (others, right_open, _) = self.body(right, outer, known);
                let open = left_open || right_open;
                if !open && columns.len() != others.len() {
                    let message = format!("the sides of `{op}` have {} and {} columns", columns.len(), others.len());
                    self.fault(QueryProblem::Unresolved, message);
                }
                (columns, open, None)
            }
            _ => (Vec::new(), true, None),
        }
    }

    fn select(&mut self, select: &Select, outer: &[Scope], known: &[Relation]) -> (Vec<Column>, bool, Scope) {
        let mut scope = Scope::default();
        for from in &select.from {
            self.from(from, &mut scope, outer, known);
        }
        for view in &select.lateral_views {
            let name = view.lateral_view_name.to_string();
            scope.relations.push(Relation { name, columns: Vec::new(), open: true });
        }
        let mut columns = Vec::new();
        let mut open = false;
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) => {
                    let mut seen = BTreeSet::new();
                    for relation in &scope.relations {
                        open |= relation.open;
                        let merged = |c: &&Column| !scope.merged.contains(&c.name) || seen.insert(c.name.clone());
                        columns.extend(relation.columns.iter().filter(merged).cloned().collect::<Vec<_>>());
                    }
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    match scope.relations.iter().find(|r| same(&r.name, &last(name))) {
                        Some(relation) => {
                            columns.extend(relation.columns.iter().cloned());
                            open |= relation.open;
                        }
                        None => self.fault(QueryProblem::Unresolved, format!("there is no relation `{name}`")),
                    }
                }
                SelectItem::QualifiedWildcard(..) => open = true,
                SelectItem::UnnamedExpr(expr) => {
                    let ty = self.expr(expr, &scope, outer, known, &[]);
                    columns.push(Column { name: name_of(expr), ty });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let ty = self.expr(expr, &scope, outer, known, &[]);
                    columns.push(Column { name: alias.value.clone(), ty });
                }
            }
        }
        // Engines differ in where an alias may be used again; taking it everywhere reports too little
        // rather than what is not there.
        let aliases = columns.clone();
        let mut rest: Vec<&Expr> = [&select.selection, &select.prewhere, &select.having, &select.qualify]
            .into_iter()
            .filter_map(Option::as_ref)
            .collect();
        if let GroupByExpr::Expressions(list, _) = &select.group_by {
            rest.extend(list);
        }
        rest.extend(select.sort_by.iter().map(|o| &o.expr));
        for expr in rest {
            self.expr(expr, &scope, outer, known, &aliases);
        }
        (columns, open, scope)
    }

    fn from(&mut self, from: &TableWithJoins, scope: &mut Scope, outer: &[Scope], known: &[Relation]) {
        self.factor(&from.relation, scope, outer, known);
        for join in &from.joins {
            let before = scope.relations.len();
            self.factor(&join.relation, scope, outer, known);
            match constraint(&join.join_operator) {
                Some(JoinConstraint::On(expr)) => {
                    let scope = scope.clone();
                    self.expr(expr, &scope, outer, known, &[]);
                }
                Some(JoinConstraint::Using(names)) => {
                    for name in names.iter().map(last) {
                        let sides = [&scope.relations[..before], &scope.relations[before..]];
                        for side in sides {
                            let has = side.iter().any(|r| r.open || r.columns.iter().any(|c| same(&c.name, &name)));
                            if !has {
                                self.fault(
                                    QueryProblem::Unresolved,
                                    format!("`USING ({name})`: one side has no such column"),
                                );
                            }
                        }
                        scope.merged.insert(name);
                    }
                }
                Some(JoinConstraint::Natural) => {
                    let left: BTreeSet<String> =
                        scope.relations[..before].iter().flat_map(|r| &r.columns).map(|c| c.name.clone()).collect();
                    let right = scope.relations[before..].iter().flat_map(|r| &r.columns).map(|c| c.name.clone());
                    let common: Vec<String> = right.filter(|n| left.contains(n)).collect();
                    scope.merged.extend(common);
                }
                _ => {}
            }
        }
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope, outer: &[Scope], known: &[Relation]) {
        let relation = match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let own = last(name);
                let cte = known.iter().rev().find(|r| name.0.len() == 1 && same(&r.name, &own));
                let mut relation = match (cte, table_of(self.schema, &own)) {
                    (Some(cte), _) => cte.clone(),
                    (None, Some(table)) => {
                        Relation { name: own, columns: table.columns.iter().map(column).collect(), open: false }
                    }
                    (None, None) => Relation { name: own, columns: Vec::new(), open: true },
                };
                if let Some(alias) = alias {
                    relation.name = alias.name.value.clone();
                    rename(&mut relation.columns, alias.columns.iter().map(|c| &c.name));
                }
                relation
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let scopes: Vec<Scope> = outer.iter().cloned().chain([scope.clone()]).collect();
                let (mut columns, open) = self.query(subquery, &scopes, known);
                let name = alias.as_ref().map_or_else(String::new, |a| a.name.value.clone());
                rename(&mut columns, alias.iter().flat_map(|a| &a.columns).map(|c| &c.name));
                Relation { name, columns, open }
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.from(table_with_joins, scope, outer, known);
                return;
            }
            // A function, a pivot, an unnesting: any column may come of it.
            _ => Relation { name: String::new(), columns: Vec::new(), open: true },
        };
        scope.relations.push(relation);
    }

    /// Resolves what an `ORDER BY` names: first the result, then what the query reads.
    fn order(
        &mut self,
        expr: &Expr,
        output: &[Column],
        open: bool,
        scope: Option<&Scope>,
        outer: &[Scope],
        known: &[Relation],
    ) {
        if let Expr::Identifier(ident) = expr {
            let named: Vec<&Column> = output.iter().filter(|c| same(&c.name, &ident.value)).collect();
            match named.len() {
                0 => {}
                1 => return,
                _ => {
                    let message = format!("`ORDER BY {ident}` means {} columns of the result", named.len());
                    self.fault(QueryProblem::Ambiguous, message);
                    return;
                }
            }
        }
        match scope {
            Some(scope) => {
                self.expr(expr, scope, outer, known, output);
            }
            None if open => {}
            None => {
                let whole = Scope {
                    relations: vec![Relation { name: String::new(), columns: output.to_vec(), open }],
                    merged: BTreeSet::new(),
                };
                self.expr(expr, &whole, outer, known, output);
            }
        }
    }

    /// Resolves all names of an expression; returns the types that it is made of.
    fn expr(&mut self, expr: &Expr, scope: &Scope, outer: &[Scope], known: &[Relation], aliases: &[Column]) -> String {
        let mut names = Names::default();
        let _ = expr.visit(&mut names);
        let scopes: Vec<Scope> = outer.iter().cloned().chain([scope.clone()]).collect();
        let mut leaves = Vec::new();
        for parts in &names.names {
            leaves.extend(self.name(parts, &scopes, aliases));
        }
        for query in &names.queries {
            let (columns, _) = self.query(query, &scopes, known);
            leaves.extend(columns.into_iter().map(|c| c.ty));
        }
        match expr {
            Expr::Cast { data_type, .. } => data_type.to_string(),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Nested(_) if leaves.len() == 1 => {
                leaves.remove(0)
            }
            _ => format!("a function of ({})", leaves.join(", ")),
        }
    }

    /// Resolves one name from the innermost scope outwards; returns its type where it has one.
    fn name(&mut self, parts: &[Ident], scopes: &[Scope], aliases: &[Column]) -> Option<String> {
        let (column, qualifier) = match parts {
            [column] => (&column.value, None),
            [.., qualifier, column] => (&column.value, Some(&qualifier.value)),
            [] => return None,
        };
        for scope in scopes.iter().rev() {
            let named = |r: &&Relation| qualifier.is_none_or(|q| same(&r.name, q));
            let relations: Vec<&Relation> = scope.relations.iter().filter(named).collect();
            let mut found: Vec<&Column> =
                relations.iter().filter_map(|r| r.columns.iter().find(|c| same(&c.name, column))).collect();
            if qualifier.is_none() && scope.merged.iter().any(|m| same(m, column)) {
                found.truncate(1);
            }
            match found.as_slice() {
                [one] => return Some(one.ty.clone()),
                [] if relations.iter().any(|r| r.open) => return None,
                [] => {}
                _ => {
                    let owners: Vec<String> = relations
                        .iter()
                        .filter(|r| r.columns.iter().any(|c| same(&c.name, column)))
                        .map(|r| format!("`{}.{column}`", r.name))
                        .collect();
                    self.fault(QueryProblem::Ambiguous, format!("`{column}` means {}", owners.join(" and ")));
                    return None;
                }
            }
        }
        if let Some(alias) = aliases.iter().find(|a| qualifier.is_none() && same(&a.name, column)) {
            return Some(alias.ty.clone());
        }
        // `row.field` of a value that is no relation, and keywords without parentheses.
        let is_relation = |q: &String| scopes.iter().any(|s| s.relations.iter().any(|r| same(&r.name, q)));
        if qualifier.is_some_and(|q| !is_relation(q)) && parts.len() == 2 {
            return self.name(&parts[..1], scopes, aliases);
        }
        if !KEYWORDS.iter().any(|k| same(k, column)) {
            let text: Vec<String> = parts.iter().map(|p| p.value.clone()).collect();
            self.fault(QueryProblem::Unresolved, format!("`{}` is no column that the query reads", text.join(".")));
        }
        None
    }
}

/// Names that some dialects write without parentheses, and the column that the platform adds.
const KEYWORDS: [&str; 7] = [
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "current_user",
    "session_user",
    unified_event_schema::INGEST_COLUMN,
];

/// Collects the names of an expression, and the queries within it, which have scopes of their own.
#[derive(Default)]
struct Names {
    names: Vec<Vec<Ident>>,
    queries: Vec<Query>,
    depth: usize,
}

impl Visitor for Names {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.queries.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) if self.depth == 0 => self.names.push(vec![ident.clone()]),
            Expr::CompoundIdentifier(parts) if self.depth == 0 => self.names.push(parts.clone()),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(c)
        | JoinOperator::Inner(c)
        | JoinOperator::Left(c)
        | JoinOperator::LeftOuter(c)
        | JoinOperator::Right(c)
        | JoinOperator::RightOuter(c)
        | JoinOperator::FullOuter(c)
        | JoinOperator::CrossJoin(c)
        | JoinOperator::Semi(c)
        | JoinOperator::LeftSemi(c)
        | JoinOperator::RightSemi(c)
        | JoinOperator::Anti(c)
        | JoinOperator::LeftAnti(c)
        | JoinOperator::RightAnti(c)
        | JoinOperator::AsOf { constraint: c, .. } => Some(c),
        _ => None,
    }
}

fn column(column: &unified_event_schema::Column) -> Column {
    Column { name: column.name.clone(), ty: column.ty.name().to_owned() }
}

fn rename<'a>(columns: &mut [Column], names: impl Iterator<Item = &'a Ident>) {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name.clone_from(&name.value);
    }
}

fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map_or_else(|| name.to_string(), |ident| ident.value.clone())
}

fn name_of(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(ident) => ident.value.clone(),
        Expr::CompoundIdentifier(parts) => parts.last().map_or_else(String::new, |p| p.value.clone()),
        other => other.to_string(),
    }
}
