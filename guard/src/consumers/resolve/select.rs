//! `SELECT`: the columns of the result, and every other clause that names columns.

use sqlparser::ast::{
    ConnectByKind, Distinct, ExcludeSelectItem, Expr, GroupByExpr, GroupByWithModifier, Ident, LateralView,
    NamedWindowExpr, RenameSelectItem, Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, Spanned, Top,
    TopQuantity, WildcardAdditionalOptions, WindowFrameBound, WindowSpec,
};

use unified_event_schema::INGEST_COLUMN;

use super::from::last;
use super::names::Names;
use super::scope::{Relation, Scope};
use super::{Around, Column, Resolver, same};
use crate::change::QueryProblem;

impl Resolver<'_> {
    /// Returns the columns, whether there may be more, and what the query reads.
    pub(super) fn select(&mut self, select: &Select, around: Around<'_>) -> (Vec<Column>, bool, Scope) {
        let mut scope = Scope::default();
        for from in &select.from {
            self.from(from, &mut scope, around);
        }
        for view in &select.lateral_views {
            let LateralView { lateral_view, lateral_view_name, lateral_col_alias: _, outer: _ } = view;
            let within = scope.clone();
            self.expr(lateral_view, &within, around, &[]);
            scope.relations.push(Relation::open(lateral_view_name.to_string()));
        }
        let mut columns: Vec<Column> = Vec::new();
        let mut open = false;
        // DuckDB's `FROM t` without a list is `SELECT * FROM t`.
        let everything = [SelectItem::Wildcard(WildcardAdditionalOptions::default())];
        let projection = match select.flavor {
            SelectFlavor::FromFirstNoSelect => &everything[..],
            SelectFlavor::Standard | SelectFlavor::FromFirst => &select.projection,
        };
        for item in projection {
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
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                    self.expr(expr, &scope, around, &columns);
                    self.gap(item.span().start.line, &format!("`{item}`"), "which columns come of it is not checked");
                    open = true;
                }
                // Some engines know the aliases that stand further left.
                SelectItem::UnnamedExpr(expr) => {
                    let column = self.expr(expr, &scope, around, &columns);
                    open |= Names::of(expr).dynamic.is_some();
                    columns.push(column.named(name_of(expr)));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let column = self.expr(expr, &scope, around, &columns);
                    columns.push(column.named(alias.value.clone()));
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
        if !select.connect_by.is_empty() {
            self.gap(select.span().start.line, "CONNECT BY", "what it computes beside the columns is not checked");
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
            let made = self.expr(&element.expr, scope, around, &[]);
            let slot = columns.iter_mut().filter(|c| same(&c.name, &element.column_name.value));
            slot.for_each(|c| *c = made.clone().named(c.name.clone()));
        }
        for (old, new) in renamed {
            columns.iter_mut().filter(|c| same(&c.name, &old.value)).for_each(|c| c.name.clone_from(&new.value));
        }
        if options.opt_ilike.is_some() {
            let line = options.wildcard_token.0.span.start.line;
            self.gap(line, "`* ILIKE`", "only the engine knows which names it matches");
        }
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
    // A clause that is new in the parser does not compile until it stands here.
    #[rustfmt::skip]
    let Select {
        select_token: _, optimizer_hint: _, distinct, select_modifiers: _, top, top_before_distinct: _, projection: _,
        exclude: _, into: _, from: _, lateral_views: _, prewhere, selection, connect_by, group_by, cluster_by,
        distribute_by, sort_by, having, named_window, qualify, window_before_qualify: _, value_table_mode: _, flavor: _,
    } = select;
    let mut found: Vec<&Expr> = [selection, prewhere, having, qualify].into_iter().filter_map(Option::as_ref).collect();
    let modifiers = match group_by {
        GroupByExpr::Expressions(list, modifiers) => {
            found.extend(list);
            modifiers
        }
        GroupByExpr::All(modifiers) => modifiers,
    };
    found.extend(modifiers.iter().filter_map(|modifier| match modifier {
        GroupByWithModifier::GroupingSets(expr) => Some(expr),
        GroupByWithModifier::Rollup | GroupByWithModifier::Cube | GroupByWithModifier::Totals => None,
    }));
    match distinct {
        Some(Distinct::On(list)) => found.extend(list),
        Some(Distinct::All | Distinct::Distinct) | None => {}
    }
    if let Some(Top { with_ties: _, percent: _, quantity: Some(TopQuantity::Expr(expr)) }) = top {
        found.push(expr);
    }
    for part in connect_by {
        match part {
            ConnectByKind::ConnectBy { connect_token: _, nocycle: _, relationships } => found.extend(relationships),
            ConnectByKind::StartWith { start_token: _, condition } => found.push(condition),
        }
    }
    found.extend(cluster_by.iter().chain(distribute_by));
    found.extend(sort_by.iter().map(|o| &o.expr));
    for window in named_window {
        match &window.1 {
            NamedWindowExpr::WindowSpec(WindowSpec { window_name: _, partition_by, order_by, window_frame }) => {
                found.extend(partition_by.iter().chain(order_by.iter().map(|o| &o.expr)));
                let bounds = window_frame.iter().flat_map(|f| [Some(&f.start_bound), f.end_bound.as_ref()]);
                found.extend(bounds.flatten().filter_map(|bound| match bound {
                    WindowFrameBound::Preceding(expr) | WindowFrameBound::Following(expr) => expr.as_deref(),
                    WindowFrameBound::CurrentRow => None,
                }));
            }
            NamedWindowExpr::NamedWindow(_) => {}
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
