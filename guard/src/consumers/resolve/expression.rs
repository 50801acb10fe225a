//! Expressions: every name in them, and what `ORDER BY` may mean.

use std::collections::BTreeSet;

use sqlparser::ast::{Expr, Ident};

use super::literals::{self, Beside};
use super::names::Names;
use super::scope::{Meaning, Relation, Scope, lookup};
use super::{Around, Column, Mention, Origin, Resolver, Use, same, types};
use crate::change::QueryProblem;

impl Resolver<'_> {
    /// Resolves all names of an expression; returns its type, or what it is made of, as a column without a name.
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope, around: Around<'_>, aliases: &[Column]) -> Column {
        let found = Names::of(expr);
        let scopes: Vec<Scope> = around.outer.iter().cloned().chain([scope.clone()]).collect();
        let mut from = BTreeSet::new();
        for parts in &found.names {
            from.extend(self.name(parts, &scopes, aliases));
        }
        if let Some(line) = found.dynamic {
            self.gap(line, "`COLUMNS(…)`", "only the engine knows which columns it means");
        }
        let mut queries = Vec::new();
        for query in &found.queries {
            let (columns, _) = self.query(query, Around { outer: &scopes, ..around });
            from.extend(columns.iter().flat_map(|c| c.from.clone()));
            queries.push(columns.into_iter().next().map_or_else(String::new, |c| c.ty));
        }
        let column_of = |parts: &[Ident]| match lookup(parts, &scopes, aliases) {
            Meaning::Column { column, .. } | Meaning::Alias(column) => Some(column.clone()),
            _ => None,
        };
        let type_of = |parts: &[Ident]| column_of(parts).map(|c| c.ty);
        let origins = |parts: &[Ident]| column_of(parts).map(|c| c.carries).unwrap_or_default();
        for beside in literals::of(expr) {
            let origins = types::carried(&beside.expr, &origins);
            if !origins.is_empty() {
                let Beside { literal, how, line, .. } = beside;
                self.found.mentions.push(Mention { origins, literal, how, line });
            }
        }
        let ty = types::of(expr, &type_of, &queries.join(", "));
        Column { name: String::new(), ty, from, carries: types::carried(expr, &origins) }
    }

    /// Resolves one name; returns the columns of tables that it is made from.
    fn name(&mut self, parts: &[Ident], scopes: &[Scope], aliases: &[Column]) -> BTreeSet<Origin> {
        let text = parts.iter().map(|p| p.value.as_str()).collect::<Vec<_>>().join(".");
        let line = parts.first().map_or(0, |p| p.span.start.line);
        let meaning = lookup(parts, scopes, aliases);
        match &meaning {
            Meaning::Several(owners) => {
                let column = parts.last().map_or("", |p| p.value.as_str());
                self.fault_at(line, QueryProblem::Ambiguous, format!("`{column}` means {}", owners.join(" and ")));
            }
            Meaning::Nothing => {
                let message = format!("`{text}` is no column that the query reads");
                self.fault_at(line, QueryProblem::Unresolved, message);
            }
            _ => {}
        }
        let from = origins_of(&meaning);
        self.found.reads.extend(from.iter().cloned());
        let means = words(&meaning);
        self.found.uses.push(Use { text, means, line });
        from
    }

    /// Resolves what an `ORDER BY` names: first the result, then what the query reads.
    pub(super) fn order(
        &mut self,
        expr: &Expr,
        output: &[Column],
        open: bool,
        scope: Option<&Scope>,
        around: Around<'_>,
    ) {
        if let Expr::Identifier(ident) = expr {
            // DuckDB's and Spark's word for every column of the result; a column would need quotes.
            if ident.quote_style.is_none() && same(&ident.value, "all") {
                return;
            }
            let n_named = output.iter().filter(|c| same(&c.name, &ident.value)).count();
            if n_named > 1 {
                let message = format!("`ORDER BY {ident}` means {n_named} columns of the result");
                self.fault(QueryProblem::Ambiguous, message);
            }
            if n_named > 0 {
                let line = ident.span.start.line;
                let means = "a column of the result".to_owned();
                self.found.uses.push(Use { text: ident.value.clone(), means, line });
                return;
            }
        }
        let whole = || Scope { relations: vec![Relation::new(String::new(), output.to_vec(), open)] };
        let scope = scope.cloned().unwrap_or_else(whole);
        self.expr(expr, &scope, around, output);
    }
}

fn origins_of(meaning: &Meaning<'_>) -> BTreeSet<Origin> {
    match meaning {
        Meaning::Column { column, .. } | Meaning::Alias(column) => column.from.clone(),
        Meaning::Part(whole) => origins_of(whole),
        Meaning::Unknown | Meaning::Several(_) | Meaning::Keyword | Meaning::Nothing => BTreeSet::new(),
    }
}

fn words(meaning: &Meaning<'_>) -> String {
    match meaning {
        Meaning::Column { relation, column, depth } => {
            let place = match depth {
                0 => String::new(),
                1 => " of the query around it".to_owned(),
                more => format!(" of the query {more} levels around it"),
            };
            format!("`{relation}{}{}`{place}", if relation.is_empty() { "" } else { "." }, column.name)
        }
        Meaning::Alias(column) => format!("what the query calls `{}`", column.name),
        Meaning::Unknown => "a column of a relation outside of the definition".to_owned(),
        Meaning::Several(owners) => owners.join(" and "),
        Meaning::Part(whole) => format!("a part of {}", words(whole)),
        Meaning::Keyword => "a keyword".to_owned(),
        Meaning::Nothing => "nothing".to_owned(),
    }
}
