//! `SELECT`: the columns of the result, and every other clause that names columns.

use sqlparser::ast::{
    Distinct, ExcludeSelectItem, Expr, GroupByExpr, Ident, NamedWindowExpr, RenameSelectItem, Select, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions,
};

use unified_event_schema::INGEST_COLUMN;

use super::from::last;
use super::scope::{Relation, Scope};
use super::{Around, Column, Resolver, same};
use crate::evolve::change::QueryProblem;

impl Resolver<'_> {
    /// Returns the columns, whether there may be more, and what the query reads.
    pub(super) fn select(&mut self, select: &Select, around: Around<'_>) -> (Vec<Column>, bool, Scope) {
        let mut scope = Scope::default();
        for from in &select.from {
            self.from(from, &mut scope, around);
        }
        for view in &select.lateral_views {
            let within = scope.clone();
            self.expr(&view.lateral_view, &within, around, &[]);
            scope.relations.push(Relation::open(view.lateral_view_name.to_string()));
        }
        let mut columns: Vec<Column> = Vec::new();
        let mut open = false;
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(options) => {
                    let mut all: Vec<Column> = scope.relations.iter().flat_map(Relation::visible).cloned().collect();
                    let more = scope.relations.iter().any(|r| r.open);
                    open |= self.options(&mut all, options, more, &scope, around);
                    self.grouped(&all, &select.group_by);
                    columns.extend(all);
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                    let relation = scope.relations.iter().find(|r| same(&r.name, &last(name)));
                    let Some((mut all, more)) = relation.map(|r| (r.columns.clone(), r.open)) else {
                        self.fault(QueryProblem::Unresolved, format!("there is no relation `{name}`"));
                        continue;
                    };
                    open |= self.options(&mut all, options, more, &scope, around);
                    self.grouped(&all, &select.group_by);
                    columns.extend(all);
                }
                SelectItem::QualifiedWildcard(..) => open = true,
                // Some engines know the aliases that stand further left.
                SelectItem::UnnamedExpr(expr) => {
                    let ty = self.expr(expr, &scope, around, &columns);
                    columns.push(Column { name: name_of(expr), ty });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let ty = self.expr(expr, &scope, around, &columns);
                    columns.push(Column { name: alias.value.clone(), ty });
                }
            }
        }
        let excluded = select.exclude.as_ref().map_or_else(Vec::new, excluded_names);
        columns.retain(|c| !excluded.iter().any(|name| same(&c.name, &name.value)));
        // Engines differ in where an alias may be used again; taking it everywhere reports too little
        // rather than what is not there.
        for expr in clauses(select) {
            self.expr(expr, &scope, around, &columns);
        }
        (columns, open, scope)
    }

    /// Applies what stands behind a `*`; returns whether there may be more columns.
    fn options(
        &mut self,
        columns: &mut Vec<Column>,
        options: &WildcardAdditionalOptions,
        open: bool,
        scope: &Scope,
        around: Around<'_>,
    ) -> bool {
        let excluded: Vec<&Ident> = match (&options.opt_exclude, &options.opt_except) {
            (Some(exclude), _) => excluded_names(exclude),
            (None, Some(except)) => [&except.first_element].into_iter().chain(&except.additional_elements).collect(),
            (None, None) => Vec::new(),
        };
        let renamed: Vec<(&Ident, &Ident)> = match &options.opt_rename {
            Some(RenameSelectItem::Single(one)) => vec![(&one.ident, &one.alias)],
            Some(RenameSelectItem::Multiple(list)) => list.iter().map(|one| (&one.ident, &one.alias)).collect(),
            None => Vec::new(),
        };
        let replaced: Vec<_> = options.opt_replace.iter().flat_map(|r| &r.items).collect();
        let named = excluded.iter().copied().chain(renamed.iter().map(|(name, _)| *name));
        for name in named.chain(replaced.iter().map(|r| &r.column_name)) {
            if !open && !columns.iter().any(|c| same(&c.name, &name.value)) {
                self.fault(QueryProblem::Unresolved, format!("`*` has no column `{name}`"));
            }
        }
        columns.retain(|c| !excluded.iter().any(|name| same(&name.value, &c.name)));
        for element in replaced {
            let ty = self.expr(&element.expr, scope, around, &[]);
            let slot = columns.iter_mut().filter(|c| same(&c.name, &element.column_name.value));
            slot.for_each(|c| c.ty.clone_from(&ty));
        }
        for (old, new) in renamed {
            columns.iter_mut().filter(|c| same(&c.name, &old.value)).for_each(|c| c.name.clone_from(&new.value));
        }
        // Only the engine knows which names `ILIKE` matches.
        open || options.opt_ilike.is_some()
    }

    /// Checks that what `*` stands for is grouped, where anything is.
    fn grouped(&mut self, columns: &[Column], group_by: &GroupByExpr) {
        let GroupByExpr::Expressions(list, _) = group_by else { return };
        let keys: Vec<&Ident> = list.iter().filter_map(key).collect();
        // An ordinal or an expression may stand for any of them.
        if list.is_empty() || keys.len() < list.len() {
            return;
        }
        // The time of arrival is in one of the two layouts only.
        let grouped = |c: &&Column| same(&c.name, INGEST_COLUMN) || keys.iter().any(|k| same(&k.value, &c.name));
        for column in columns.iter().filter(|c| !grouped(c)) {
            let message = format!("`{}` is neither grouped nor aggregated", column.name);
            self.fault(QueryProblem::Unresolved, message);
        }
    }
}

fn excluded_names(exclude: &ExcludeSelectItem) -> Vec<&Ident> {
    match exclude {
        ExcludeSelectItem::Single(name) => vec![name],
        ExcludeSelectItem::Multiple(names) => names.iter().collect(),
    }
}

/// Returns the column that a part of `GROUP BY` names.
fn key(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(ident) => Some(ident),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

/// Returns the expressions of all clauses but the list of the result.
fn clauses(select: &Select) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = [&select.selection, &select.prewhere, &select.having, &select.qualify]
        .into_iter()
        .filter_map(Option::as_ref)
        .collect();
    if let GroupByExpr::Expressions(list, _) = &select.group_by {
        found.extend(list);
    }
    if let Some(Distinct::On(list)) = &select.distinct {
        found.extend(list);
    }
    found.extend(select.cluster_by.iter().chain(&select.distribute_by));
    found.extend(select.sort_by.iter().map(|o| &o.expr));
    for window in &select.named_window {
        if let NamedWindowExpr::WindowSpec(spec) = &window.1 {
            found.extend(spec.partition_by.iter().chain(spec.order_by.iter().map(|o| &o.expr)));
        }
    }
    found
}

/// Returns what engines call a column without an alias.
fn name_of(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(ident) => ident.value.clone(),
        Expr::CompoundIdentifier(parts) => parts.last().map_or_else(String::new, |p| p.value.clone()),
        other => other.to_string(),
    }
}
