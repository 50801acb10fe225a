//! `FROM`: tables, named queries, subqueries, and what joins do to them.

use sqlparser::ast::{
    Expr, Join, JoinConstraint, JoinOperator, ObjectName, PivotValueSource, Spanned, TableAlias, TableFactor,
    TableFunctionArgs, TableWithJoins,
};

use super::scope::{self, Relation, Scope};
use super::types::argument;
use super::{Around, Resolver, Use, same, table_of};
use crate::change::QueryProblem;

impl Resolver<'_> {
    /// Adds what a part of a `FROM` clause reads to a scope.
    pub(super) fn from(&mut self, from: &TableWithJoins, scope: &mut Scope, around: Around<'_>) {
        // Relations before this part belong to the clause, and to no join of this part.
        let start = scope.relations.len();
        let TableWithJoins { relation, joins } = from;
        self.factor(relation, scope, around);
        for join in joins {
            let Join { relation, global: _, join_operator } = join;
            let middle = scope.relations.len();
            self.factor(relation, scope, around);
            if let JoinOperator::AsOf { match_condition, constraint: _ } = join_operator {
                let scope = scope.clone();
                self.expr(match_condition, &scope, around, &[]);
            }
            match constraint(join_operator) {
                Some(JoinConstraint::On(expr)) => {
                    let scope = scope.clone();
                    self.expr(expr, &scope, around, &[]);
                }
                Some(JoinConstraint::Using(names)) => {
                    for name in names.iter().map(last) {
                        self.merge(&name, scope, start, middle);
                    }
                }
                Some(JoinConstraint::Natural) => self.natural(&last_name(relation), scope, start, middle),
                Some(JoinConstraint::None) | None => {}
            }
            match join_operator {
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
        let keys = left.iter().chain(&*right).flat_map(Relation::visible).filter(|c| same(&c.name, name));
        let read: Vec<_> = keys.flat_map(|c| c.from.clone()).collect();
        self.found.reads.extend(read);
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
        self.found.uses.push(Use { text: format!("NATURAL JOIN {table}"), means, line: 0 });
        for key in keys {
            self.merge(&key, scope, start, middle);
        }
    }

    /// Returns the relation that a name means: a named query, a table of the definition, or a registered view.
    pub(super) fn table(&mut self, own: &str, is_bare: bool, line: u64, around: Around<'_>) -> Relation {
        if let Some(cte) = around.known.iter().rev().find(|r| is_bare && same(&r.name, own)) {
            return cte.clone();
        }
        if let Some(table) = table_of(self.schema, own) {
            self.found.tables.insert(table.name.clone());
            return Relation::of_table(own.to_owned(), self.schema, table);
        }
        self.view(own, line).unwrap_or_else(|| {
            self.found.reads_others = true;
            Relation::open(own.to_owned())
        })
    }

    /// Returns true if a table of the definition or a registered view has a name.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        table_of(self.schema, name).is_some() || !self.registry.makers(name, self.stack).is_empty()
    }

    /// Returns what a registered statement makes under a name.
    fn view(&mut self, name: &str, line: u64) -> Option<Relation> {
        let places = self.registry.makers(name, self.stack);
        let [place] = places.as_slice() else {
            if !places.is_empty() {
                self.gap(line, &format!("`{name}`"), "several registered files make it, and any column may come of it");
            }
            return None;
        };
        let output = self.registry.resolve(*place, self.stack)?;
        if let Some(fault) = output.faults.first() {
            let message = format!("it reads `{name}`, which fails: {}", fault.message);
            self.fault_at(line, fault.problem, message);
        }
        if !output.gaps.is_empty() {
            self.gap(line, &format!("`{name}`"), "it is not wholly resolved itself");
        }
        let found = &mut self.found;
        found.reads.extend(output.reads);
        found.tables.extend(output.tables);
        found.reads_others |= output.reads_others;
        found.mentions.extend(output.mentions.into_iter().map(|m| super::Mention { line: 0, ..m }));
        Some(Relation::new(name.to_owned(), output.columns, output.open))
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope, around: Around<'_>) {
        let line = factor.span().start.line;
        let open = |factor: &TableFactor| Relation::open(last_name(factor));
        // A relation that is new in the parser does not compile until it stands here.
        let relation = match factor {
            TableFactor::Table { args: Some(args), .. } => {
                let TableFunctionArgs { args, settings: _ } = args;
                self.each(args.iter().filter_map(argument), scope, around);
                self.gap(line, "a table function", "any column may come of it");
                open(factor)
            }
            #[rustfmt::skip]
            TableFactor::Table {
                name, alias, args: None, with_hints: _, version: _, with_ordinality, partitions: _, json_path, sample: _,
                index_hints: _,
            } => {
                let named = name.0.last().is_some_and(|part| part.as_ident().is_some());
                let mut relation = if named {
                    self.table(&last(name), name.0.len() == 1, line, around)
                } else {
                    self.gap(line, &format!("`{name}`"), "which relation that is, only the engine knows");
                    Relation::open(name.to_string())
                };
                if json_path.is_some() || *with_ordinality {
                    self.gap(line, "a part of a value as a relation", "any column may come of it");
                    relation = Relation::open(last(name));
                }
                self.alias(alias.as_ref(), &mut relation);
                relation
            }
            TableFactor::Derived { lateral, subquery, alias, sample: _ } => {
                // Only a lateral one sees what stands to its left.
                let own = lateral.then(|| scope.clone());
                let scopes: Vec<Scope> = around.outer.iter().cloned().chain(own).collect();
                let (columns, open) = self.query(subquery, Around { outer: &scopes, ..around });
                let mut relation = Relation::new(String::new(), columns, open);
                self.alias(alias.as_ref(), &mut relation);
                self.distinct(&relation.columns.clone(), &relation.name.clone());
                relation
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.from(table_with_joins, scope, around);
                return;
            }
            TableFactor::NestedJoin { table_with_joins, alias: Some(alias) } => {
                let mut inner = Scope::default();
                self.from(table_with_joins, &mut inner, around);
                let columns = inner.relations.iter().flat_map(Relation::visible).cloned().collect();
                let is_open = inner.relations.iter().any(|r| r.open);
                let mut relation = Relation::new(String::new(), columns, is_open);
                self.alias(Some(alias), &mut relation);
                relation
            }
            // What comes of the array follows from its elements, and its names are those of the alias.
            TableFactor::UNNEST { alias: _, array_exprs, with_offset: _, with_offset_alias: _, with_ordinality: _ } => {
                self.each(array_exprs.iter(), scope, around);
                open(factor)
            }
            TableFactor::Function { lateral: _, name, args, alias: _ } => {
                self.each(args.iter().filter_map(argument), scope, around);
                self.gap(line, &format!("`{name}(…)` in FROM"), "any column may come of it");
                open(factor)
            }
            TableFactor::TableFunction { expr, alias: _ } => {
                self.each([expr], scope, around);
                self.gap(line, "TABLE(…)", "any column may come of it");
                open(factor)
            }
            TableFactor::JsonTable { json_expr, json_path: _, columns: _, alias: _ } => {
                self.each([json_expr], scope, around);
                self.gap(line, "JSON_TABLE", "any column may come of it");
                open(factor)
            }
            TableFactor::OpenJsonTable { json_expr, json_path: _, columns: _, alias: _ } => {
                self.each([json_expr], scope, around);
                self.gap(line, "OPENJSON", "any column may come of it");
                open(factor)
            }
            TableFactor::XmlTable { namespaces: _, row_expression, passing: _, columns: _, alias: _ } => {
                self.each([row_expression], scope, around);
                self.gap(line, "XMLTABLE", "what it names is not checked, and any column may come of it");
                open(factor)
            }
            TableFactor::SemanticView { .. } => {
                self.gap(line, "SEMANTIC_VIEW", "what it names is not checked, and any column may come of it");
                open(factor)
            }
            #[rustfmt::skip]
            TableFactor::Pivot { table, aggregate_functions, value_column, value_source, default_on_null, alias: _ } => {
                let inner = self.inner(table, around);
                self.each(aggregate_functions.iter().map(|a| &a.expr), &inner, around);
                self.each(value_column.iter().chain(default_on_null), &inner, around);
                match value_source {
                    PivotValueSource::List(values) => {
                        let literals = values.iter().map(|v| v.expr.clone()).collect::<Vec<_>>();
                        for column in value_column {
                            let list = literals.clone();
                            let compared = Expr::InList { expr: Box::new(column.clone()), list, negated: false };
                            self.expr(&compared, &inner, around, &[]);
                        }
                    }
                    PivotValueSource::Any(order) => self.each(order.iter().map(|o| &o.expr), &inner, around),
                    PivotValueSource::Subquery(query) => {
                        self.query(query, around);
                    }
                }
                self.gap(line, "PIVOT", "which columns come of it is not checked");
                open(factor)
            }
            TableFactor::Unpivot { table, value: _, name: _, columns, null_inclusion: _, alias: _ } => {
                let inner = self.inner(table, around);
                self.each(columns.iter().map(|c| &c.expr), &inner, around);
                self.gap(line, "UNPIVOT", "which columns come of it is not checked");
                open(factor)
            }
            #[rustfmt::skip]
            TableFactor::MatchRecognize {
                table, partition_by, order_by, measures: _, rows_per_match: _, after_match_skip: _, pattern: _, symbols: _,
                alias: _,
            } => {
                let inner = self.inner(table, around);
                self.each(partition_by.iter().chain(order_by.iter().map(|o| &o.expr)), &inner, around);
                self.gap(line, "MATCH_RECOGNIZE", "its measures and its pattern are not checked");
                open(factor)
            }
        };
        scope.relations.push(relation);
    }

    /// Returns what stands before an operator on a relation.
    fn inner(&mut self, factor: &TableFactor, around: Around<'_>) -> Scope {
        let mut inner = Scope::default();
        self.factor(factor, &mut inner, around);
        inner
    }

    fn each<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, scope: &Scope, around: Around<'_>) {
        for expr in exprs {
            self.expr(expr, scope, around, &[]);
        }
    }

    /// Gives a relation and its columns the names of an alias.
    fn alias(&mut self, alias: Option<&TableAlias>, relation: &mut Relation) {
        let Some(alias) = alias else { return };
        relation.name.clone_from(&alias.name.value);
        let names = alias.columns.iter().map(|c| &c.name);
        let fault = scope::rename(&mut relation.columns, names, relation.open, &relation.name);
        self.found.faults.extend(fault);
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
        | JoinOperator::StraightJoin(c)
        | JoinOperator::AsOf { constraint: c, match_condition: _ } => Some(c),
        JoinOperator::CrossApply | JoinOperator::OuterApply => None,
    }
}

/// Returns the last part of a name.
pub(super) fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map_or_else(|| name.to_string(), |ident| ident.value.clone())
}

/// Returns the name under which the rest of the query knows a part of `FROM`.
fn last_name(factor: &TableFactor) -> String {
    let (name, alias): (Option<&ObjectName>, &Option<TableAlias>) = match factor {
        TableFactor::Table { name, alias, .. }
        | TableFactor::Function { name, alias, .. }
        | TableFactor::SemanticView { name, alias, .. } => (Some(name), alias),
        TableFactor::Derived { alias, .. }
        | TableFactor::TableFunction { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::JsonTable { alias, .. }
        | TableFactor::OpenJsonTable { alias, .. }
        | TableFactor::NestedJoin { alias, .. }
        | TableFactor::MatchRecognize { alias, .. }
        | TableFactor::XmlTable { alias, .. } => (None, alias),
        // Without an alias, names keep the one of the table.
        TableFactor::Pivot { table, alias, .. } | TableFactor::Unpivot { table, alias, .. } => match alias {
            Some(_) => (None, alias),
            None => return last_name(table),
        },
    };
    let of_alias = alias.as_ref().map(|alias| alias.name.value.clone());
    of_alias.or_else(|| name.map(last)).unwrap_or_default()
}
