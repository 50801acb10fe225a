//! Queries of the library: what the platform's SQL refuses, or would answer only at a price.
//!
//! Source: the platform's SQL reference for queries, October 2026. It has more functions than
//! pipelines have, returns 500 rows where nobody says otherwise and 10,000 at most, has no OFFSET,
//! and reads every file of a table unless the query says when the rows arrived.

mod shape;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, LimitClause, ObjectName, Query, Select, SelectItem, Spanned, TableFactor, Value, Visit, Visitor,
    visit_relations,
};

use self::shape::{Names, pruned, selects, simple};
use super::functions;
use super::parse::{self, Fault};
use crate::diag::Code;
use crate::{INGEST_COLUMN, Parameter, Table, suggest};

/// The most rows that the platform returns.
const MAX_LIMIT: u64 = 10_000;

/// Functions that queries may call beside those of pipelines.
const FUNCTIONS: [&str; 20] = [
    "approx_distinct",
    "approx_median",
    "approx_percentile_cont",
    "array_agg",
    "avg",
    "count",
    "dense_rank",
    "first_value",
    "greatest",
    "lag",
    "last_value",
    "lead",
    "least",
    "max",
    "min",
    "rank",
    "row_number",
    "stddev",
    "string_agg",
    "sum",
];

/// Returns the text with each table as `<namespace>.<name with version>`.
pub(super) fn platform(text: &str, physical: impl Fn(&str) -> Option<String>) -> Result<String, Fault> {
    let query = parse::parse_query(text)?;
    let mut replaced = Vec::new();
    let _: ControlFlow<()> = visit_relations(&query, |name| {
        replaced.extend(simple(name).and_then(&physical).zip(parse::part(text, name.span())));
        ControlFlow::Continue(())
    });
    replaced.sort_by_key(|(_, part)| std::cmp::Reverse(part.start));
    let mut out = text.to_owned();
    for (name, part) in replaced {
        out.replace_range(part, &name);
    }
    Ok(out)
}

/// Returns every fault of a query, and which of its parameters it does not use.
pub(super) fn check(text: &str, parameters: &[Parameter], tables: &[&Table]) -> (Vec<Fault>, Vec<usize>) {
    let query = match parse::parse_query(text) {
        Ok(query) => query,
        Err(fault) => return (vec![fault], Vec::new()),
    };
    let mut names = Names::default();
    let _ = query.visit(&mut names);
    let mut lint = Lint { text, parameters, tables, names, faults: Vec::new(), used: BTreeSet::new() };
    lint.limit(&query);
    let _ = query.visit(&mut lint);
    let unused = (0..parameters.len()).filter(|i| !lint.used.contains(parameters[*i].name.as_str()));
    (lint.faults, unused.collect())
}

struct Lint<'a> {
    text: &'a str,
    parameters: &'a [Parameter],
    tables: &'a [&'a Table],
    names: Names,
    faults: Vec<Fault>,
    used: BTreeSet<&'a str>,
}

impl Lint<'_> {
    fn fault(&mut self, at: &impl Spanned, fault: Fault) {
        let part = parse::part(self.text, at.span());
        self.faults.push(Fault { part, ..fault });
    }

    fn unsupported(&mut self, at: &impl Spanned, message: impl Into<String>, help: &str) {
        self.fault(at, Fault::new(Code::ExpressionUnsupported, message).help(help));
    }

    /// Checks the limit of the whole query: without one the platform cuts at 500 and does not say so.
    fn limit(&mut self, query: &Query) {
        let limit = match &query.limit_clause {
            Some(LimitClause::LimitOffset { limit: Some(Expr::Value(value)), .. }) => match &value.value {
                Value::Number(number, _) => number.parse().ok(),
                _ => None,
            },
            _ => None,
        };
        if !limit.is_some_and(|n| (1..=MAX_LIMIT).contains(&n)) {
            let help = format!("end it with `LIMIT n`, n from 1 to {MAX_LIMIT}: the platform cuts at 500 by default");
            let fault = Fault::new(Code::ExpressionUnsupported, "the query has no limit that the platform takes");
            self.fault(query, fault.help(help));
        }
    }

    fn table(&self, name: &ObjectName) -> Option<&Table> {
        let name = simple(name).filter(|n| !self.names.ctes.contains(*n))?;
        self.tables.iter().copied().find(|t| t.name == name)
    }

    fn select(&mut self, select: &Select) {
        if select.from.is_empty() {
            self.unsupported(select, "a SELECT without FROM", "the platform has no query without a table");
        }
        if !select.named_window.is_empty() {
            self.unsupported(select, "the platform has no WINDOW clause", "write the window after OVER");
        }
        for item in &select.projection {
            if matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)) {
                self.unsupported(item, "`*` reads every column of the table", "name the columns that are wanted");
            }
        }
        let factors: Vec<&TableFactor> = select
            .from
            .iter()
            .flat_map(|f| [&f.relation].into_iter().chain(f.joins.iter().map(|j| &j.relation)))
            .collect();
        for factor in &factors {
            match factor {
                TableFactor::Table { name, alias, args: None, .. } => {
                    let alias = alias.as_ref().map(|a| a.name.value.as_str());
                    if self.table(name).is_some() && !pruned(select, alias, factors.len() == 1) {
                        self.unsupported(
                            name,
                            format!("`{name}` is read without a bound on `{INGEST_COLUMN}`"),
                            "the platform partitions its tables by it: add `>=` and `<` to WHERE, joined by AND",
                        );
                    }
                }
                TableFactor::Derived { lateral: false, .. } => {}
                other => {
                    let help = "keep to tables, joins without parentheses, and subqueries";
                    self.unsupported(*other, "the platform has no such FROM", help);
                }
            }
        }
    }

    fn column(&mut self, at: &Expr, name: &str) {
        let relations = &self.names.relations;
        let is_known = |r: &String| self.names.ctes.contains(r) || self.tables.iter().any(|t| t.name == *r);
        // What an unknown table would have is unknown too; the table is the fault to report.
        if name == INGEST_COLUMN || !relations.iter().all(is_known) {
            return;
        }
        let read = self.tables.iter().filter(|t| relations.contains(&t.name));
        let columns = read.flat_map(|t| t.columns.iter().map(|c| c.name.as_str()));
        let known: Vec<&str> = columns.chain(self.names.columns.iter().map(String::as_str)).collect();
        if !known.contains(&name) {
            let fault = Fault::new(Code::ExpressionName, format!("no table of the query has a column `{name}`"))
                .help_if(suggest::did_you_mean(name, known));
            self.fault(at, fault);
        }
    }

    fn call(&mut self, at: &Expr, name: &ObjectName) {
        let name = simple(name).unwrap_or_default().to_ascii_lowercase();
        if matches!(name.as_str(), "percentile_cont" | "percentile_disc" | "median" | "quantile") {
            let help = "use `approx_percentile_cont(x, 0.95)`, which needs no sort of all rows";
            self.unsupported(at, format!("the platform has no function `{name}`"), help);
        } else if !FUNCTIONS.contains(&name.as_str()) && functions::find(&name).is_none() {
            let known = FUNCTIONS.iter().copied().chain(functions::names());
            let fault = Fault::new(Code::ExpressionUnsupported, format!("the platform documents no function `{name}`"))
                .help_if(suggest::did_you_mean(&name, known));
            self.fault(at, fault);
        }
    }
}

impl Visitor for Lint<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let offset = match &query.limit_clause {
            Some(LimitClause::LimitOffset { offset, .. }) => offset.is_some(),
            Some(LimitClause::OffsetCommaLimit { .. }) => true,
            None => false,
        };
        if offset {
            let help = "ask for what follows the last row that was seen, by a condition";
            self.unsupported(query, "the platform has no OFFSET", help);
        }
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            if self.tables.iter().any(|t| t.name == cte.alias.name.value) {
                self.unsupported(&*cte.query, "a WITH that hides a table", "give it another name");
            }
        }
        for select in selects(&query.body) {
            self.select(select);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        let known = simple(name).is_some_and(|n| self.names.ctes.contains(n)) || self.table(name).is_some();
        if !known {
            let near = suggest::did_you_mean(&name.to_string(), self.tables.iter().map(|t| t.name.as_str()));
            let fault = Fault::new(Code::ExpressionName, format!("table `{name}` is not defined"))
                .help("name a table of the definition, without namespace and version")
                .help_if(near);
            self.fault(name, fault);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) => self.column(expr, &ident.value),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] if self.names.table_aliases.contains(&table.value) => self.column(expr, &column.value),
                _ => {
                    let help = "give the table an alias: its name has the version when the query runs";
                    let fault = Fault::new(Code::ExpressionName, format!("`{expr}` names no alias of a table"));
                    self.fault(expr, fault.help(help));
                }
            },
            Expr::Function(call) => self.call(expr, &call.name),
            Expr::InList { negated: true, .. } | Expr::InSubquery { negated: true, .. } => {
                self.unsupported(expr, "the platform refuses NOT IN where a null may be", "use `<>` or NOT EXISTS");
            }
            Expr::Value(value) => {
                if let Value::Placeholder(name) = &value.value {
                    let declared = self.parameters.iter().find(|p| name.strip_prefix('$') == Some(p.name.as_str()));
                    match declared {
                        Some(parameter) => {
                            self.used.insert(parameter.name.as_str());
                        }
                        None => {
                            let fault = Fault::new(Code::ExpressionName, format!("parameter `{name}` is not defined"))
                                .help("add `[parameter.<name>]`, and write `$name` in the query");
                            self.fault(expr, fault);
                        }
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
