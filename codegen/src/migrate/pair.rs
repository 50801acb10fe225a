//! Which old column fills which new one.

use sqlparser::ast::{Expr, Ident, visit_expressions, visit_expressions_mut};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use std::ops::ControlFlow;
use unified_event_schema::{Column, Pipeline, Table, sql};

use super::convert::convert;
use super::dialect::Dialect;
use super::views::Live;

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source<'a> {
    /// The column with the same id, converted where the type changed.
    Column(&'a Column),
    /// The column with the same id means something else now, so that its values must not be copied.
    Meaning(&'a Column),
    /// The pipeline writes the same to every row of the version.
    Constant(String),
    /// Old rows have nothing, and need not.
    Nothing,
    /// Old rows have nothing, and must: whoever moves them says what.
    Asked,
}

/// A column of the target with its source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair<'a> {
    pub target: &'a Column,
    pub source: Source<'a>,
    /// Whether the pipelines of the two versions write the column by different expressions.
    pub rewritten: bool,
}

/// Returns a pair for every column of `target`, in its order.
pub(super) fn pairs<'a>(source: Live<'a>, target: Live<'a>) -> Vec<Pair<'a>> {
    let pair = |column: &'a Column| {
        let old = source.table.columns.iter().find(|c| c.id == column.id);
        let constant = target.pipeline().and_then(|p| constant(target.table, p, column));
        let found = match (constant, old) {
            (Some(sql), _) => Source::Constant(sql),
            (None, Some(old)) if old.meaning != column.meaning || old.unit != column.unit => Source::Meaning(old),
            (None, Some(old)) => Source::Column(old),
            (None, None) if column.required => Source::Asked,
            (None, None) => Source::Nothing,
        };
        let rewritten =
            old.is_some_and(|old| written(source, old, target.table) != written(target, column, target.table));
        Pair { target: column, source: found, rewritten }
    };
    target.table.columns.iter().map(pair).collect()
}

/// Returns what the pipeline writes to a column, in the names of `table`; nothing where it passes a value through.
fn written(of: Live<'_>, column: &Column, table: &Table) -> Option<String> {
    if column.computed.is_none() && column.transform.is_none() {
        return None;
    }
    let text = sql::output_expression(of.table, of.pipeline()?, column).ok()?.sql;
    let mut expr = Parser::new(&GenericDialect {}).try_with_sql(&text).ok()?.parse_expr().ok()?;
    // A stream that follows the columns has another name for a column that got one.
    if of.table.grouped && table.grouped {
        let _: ControlFlow<()> = visit_expressions_mut(&mut expr, |e| {
            if let Expr::Identifier(name) = e
                && let Some(id) = of.table.column(&name.value).map(|c| c.id)
                && let Some(now) = table.columns.iter().find(|c| c.id == id)
            {
                *name = Ident { value: now.name.clone(), ..name.clone() };
            }
            ControlFlow::Continue(())
        });
    }
    Some(expr.to_string())
}

/// Returns the expression of a computed column that reads nothing of the row, such as the version.
fn constant(table: &Table, pipeline: &Pipeline, column: &Column) -> Option<String> {
    column.computed.as_ref()?;
    let text = sql::output_expression(table, pipeline, column).ok()?.sql;
    let expr = Parser::new(&GenericDialect {}).try_with_sql(&text).ok()?.parse_expr().ok()?;
    let reads = visit_expressions(&expr, |e| match e {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    reads.is_continue().then_some(text)
}

impl Pair<'_> {
    /// Says whether both versions write the column alike, though perhaps in another type.
    pub(super) fn is_told_alike(&self) -> bool {
        matches!(self.source, Source::Column(_)) && !self.rewritten
    }

    /// Says whether one event has the same value in both versions.
    pub(super) fn is_stable(&self) -> bool {
        self.is_told_alike() && matches!(self.source, Source::Column(old) if old.ty == self.target.ty)
    }

    /// Returns the comparison of two values of the column.
    pub(super) fn same(&self, dialect: Dialect, left: &str, right: &str) -> String {
        match &self.source {
            Source::Column(old) if old.required && self.target.required => format!("{left} = {right}"),
            _ => dialect.same(left, right),
        }
    }

    /// Returns the name of the parameter that gives old rows a value.
    pub(super) fn parameter(&self) -> Option<String> {
        (self.source == Source::Asked).then(|| format!("fill_{}", self.target.name))
    }

    /// Returns the value of a row that is called `row`; null where there is none to be had.
    pub(super) fn value(&self, dialect: Dialect, row: &str) -> String {
        let ty = self.target.ty;
        match &self.source {
            Source::Column(old) => convert(dialect, &self.old(dialect, row, old), old.ty, ty).value,
            Source::Constant(sql) => sql.clone(),
            Source::Meaning(_) | Source::Nothing | Source::Asked => dialect.cast("NULL", ty),
        }
    }

    /// Returns the value for a row that is written: with parameters for what nobody can know.
    pub(super) fn moved(&self, dialect: Dialect, row: &str) -> String {
        match self.parameter() {
            Some(name) => dialect.cast(&dialect.parameter(&name), self.target.ty),
            None => self.value(dialect, row),
        }
    }

    /// Returns what can be wrong with an old row, as words and as a condition.
    pub(super) fn problems(&self, dialect: Dialect, row: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        match &self.source {
            Source::Column(old) => {
                let expr = self.old(dialect, row, old);
                let conversion = convert(dialect, &expr, old.ty, self.target.ty);
                if conversion.partial {
                    found.push((
                        format!("has no exact value as {}", self.target.ty),
                        format!("{expr} IS NOT NULL AND {} IS NULL", conversion.value),
                    ));
                }
                if self.target.required && !old.required {
                    found.push(("is null, and must not be".to_owned(), format!("{expr} IS NULL")));
                }
                found.extend(self.outside(dialect, &expr, old));
            }
            Source::Meaning(old) => {
                let expr = self.old(dialect, row, old);
                found.push(("means something else now".to_owned(), format!("{expr} IS NOT NULL")));
            }
            Source::Constant(_) | Source::Nothing | Source::Asked => {}
        }
        found
    }

    /// Values that a closed set has lost.
    fn outside(&self, dialect: Dialect, expr: &str, old: &Column) -> Option<(String, String)> {
        let new = self.target.closed_values()?;
        let lost = match old.closed_values() {
            Some(old) => old.iter().any(|v| !new.iter().any(|n| n.value == v.value)),
            None => true,
        };
        if !lost || old.ty != self.target.ty {
            return None;
        }
        let values = new.iter().map(|v| match &v.value {
            unified_event_schema::Value::Text(text) => dialect.literal(text),
            other => other.to_string(),
        });
        let values: Vec<String> = values.collect();
        Some(("is none of the allowed values".to_owned(), format!("{expr} NOT IN ({})", values.join(", "))))
    }

    fn old(&self, dialect: Dialect, row: &str, old: &Column) -> String {
        format!("{row}.{}", dialect.quote(&old.name))
    }
}
