//! `FROM`: tables, named queries, subqueries, and what joins do to them.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, JoinConstraint, JoinOperator, ObjectName, TableFactor, TableWithJoins,
};

use super::scope::{self, Relation, Scope};
use super::{Around, Resolver, Use, same, table_of};
use crate::evolve::change::QueryProblem;

impl Resolver<'_> {
    /// Adds what a part of a `FROM` clause reads to a scope.
    pub(super) fn from(&mut self, from: &TableWithJoins, scope: &mut Scope, around: Around<'_>) {
        // Relations before this part belong to the clause, and to no join of this part.
        let start = scope.relations.len();
        self.factor(&from.relation, scope, around);
        for join in &from.joins {
            let middle = scope.relations.len();
            self.factor(&join.relation, scope, around);
            match constraint(&join.join_operator) {
                Some(JoinConstraint::On(expr)) => {
                    let scope = scope.clone();
                    self.expr(expr, &scope, around, &[]);
                }
                Some(JoinConstraint::Using(names)) => {
                    for name in names.iter().map(last) {
                        self.merge(&name, scope, start, middle);
                    }
                }
                Some(JoinConstraint::Natural) => self.natural(&last_name(&join.relation), scope, start, middle),
                _ => {}
            }
            match join.join_operator {
                JoinOperator::Semi(_)
                | JoinOperator::LeftSemi(_)
                | JoinOperator::Anti(_)
                | JoinOperator::LeftAnti(_) => scope.relations.truncate(middle),
                JoinOperator::RightSemi(_) | JoinOperator::RightAnti(_) => {
                    scope.relations.drain(start..middle);
                }
                _ => {}
            }
        }
    }

    /// Makes one column of those that both sides of a join have.
    fn merge(&mut self, name: &str, scope: &mut Scope, start: usize, middle: usize) {
        let (left, right) = scope.relations.split_at_mut(middle);
        let left = left.get_mut(start..).unwrap_or_default();
        for side in [&*left, &*right] {
            if !side.iter().any(|r| r.open || r.shows(name)) {
                let message = format!("`USING ({name})`: one side has no such column");
                self.fault(QueryProblem::Unresolved, message);
            }
            let owners: Vec<String> =
                side.iter().filter(|r| r.shows(name)).map(|r| format!("`{}.{name}`", r.name)).collect();
            if owners.len() > 1 {
                let message = format!("`USING ({name})` means {}", owners.join(" and "));
                self.fault(QueryProblem::Ambiguous, message);
            }
        }
        if left.iter().any(|r| r.shows(name)) {
            right.iter_mut().filter(|r| r.shows(name)).for_each(|r| r.merge(name));
        }
    }

    /// Joins by every name that both sides have: one column more is another join.
    fn natural(&mut self, table: &str, scope: &mut Scope, start: usize, middle: usize) {
        let (left, right) = scope.relations.split_at(middle);
        let left = left.get(start..).unwrap_or_default();
        let mut keys: Vec<String> = Vec::new();
        for column in right.iter().flat_map(Relation::visible) {
            if left.iter().any(|r| r.shows(&column.name)) && !keys.iter().any(|k| same(k, &column.name)) {
                keys.push(column.name.clone());
            }
        }
        let means = match keys.as_slice() {
            [] => "a join of every row with every row".to_owned(),
            _ => format!("a join by {}", keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
        };
        self.uses.push(Use { text: format!("NATURAL JOIN {table}"), means });
        for key in keys {
            self.merge(&key, scope, start, middle);
        }
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope, around: Around<'_>) {
        let relation = match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let own = last(name);
                let cte = around.known.iter().rev().find(|r| name.0.len() == 1 && same(&r.name, &own));
                let mut relation = match (cte, table_of(self.schema, &own)) {
                    (Some(cte), _) => cte.clone(),
                    (None, Some(table)) => Relation::of_table(own, self.schema, table),
                    (None, None) => Relation::open(own),
                };
                if let Some(alias) = alias {
                    relation.name.clone_from(&alias.name.value);
                    let names = alias.columns.iter().map(|c| &c.name);
                    let fault = scope::rename(&mut relation.columns, names, relation.open, &relation.name);
                    self.faults.extend(fault);
                }
                relation
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let scopes: Vec<Scope> = around.outer.iter().cloned().chain([scope.clone()]).collect();
                let (mut columns, open) = self.query(subquery, Around { outer: &scopes, ..around });
                let name = alias.as_ref().map_or_else(String::new, |a| a.name.value.clone());
                let names = alias.iter().flat_map(|a| &a.columns).map(|c| &c.name);
                self.faults.extend(scope::rename(&mut columns, names, open, &name));
                self.distinct(&columns, &name);
                Relation::new(name, columns, open)
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.from(table_with_joins, scope, around);
                return;
            }
            // A function, a pivot, an unnesting: any column may come of it.
            other => {
                let within = scope.clone();
                for expr in arguments(other) {
                    self.expr(expr, &within, around, &[]);
                }
                Relation::open(last_name(other))
            }
        };
        scope.relations.push(relation);
    }
}

/// Returns the expressions over what stands before a table function.
fn arguments(factor: &TableFactor) -> Vec<&Expr> {
    match factor {
        TableFactor::UNNEST { array_exprs, .. } => array_exprs.iter().collect(),
        TableFactor::Table { args: Some(args), .. } => of_list(&args.args),
        TableFactor::Function { args, .. } => of_list(args),
        TableFactor::TableFunction { expr, .. } => vec![expr],
        _ => Vec::new(),
    }
}

fn of_list(args: &[FunctionArg]) -> Vec<&Expr> {
    args.iter()
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => Some(e),
            _ => None,
        })
        .collect()
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

/// Returns the last part of a name.
pub(super) fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map_or_else(|| name.to_string(), |ident| ident.value.clone())
}

/// Returns the name under which the rest of the query knows a part of `FROM`.
fn last_name(factor: &TableFactor) -> String {
    match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. }
        | TableFactor::UNNEST { alias: Some(alias), .. }
        | TableFactor::Function { alias: Some(alias), .. }
        | TableFactor::TableFunction { alias: Some(alias), .. } => alias.name.value.clone(),
        TableFactor::Table { name, .. } => last(name),
        _ => String::new(),
    }
}
