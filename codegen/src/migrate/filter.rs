//! Which rows of one version the filter of another keeps.
//!
//! A filter is about the fields of a stream, and rows hold columns. A field that the pipeline of either
//! version writes to its column as it is can be looked at later; of any other, nobody knows any more.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use unified_event_schema::{Pipeline, Table, sql};

use super::dialect::Dialect;
use super::pair::{Pair, Source};
use super::views::Live;

/// What becomes of rows of another version.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    /// The filter keeps all of them: it is the same, or there is none.
    All,
    /// Those that meet a condition.
    Where(Box<Condition>),
    /// Nobody can say: what the filter looks at is not stored, or not comparable. With the filter.
    Unknown(String),
}

/// A condition over target columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// The filter as it is written.
    pub text: String,
    expr: Expr,
    /// The fields that it names, each with the id of its column.
    fields: Vec<(String, u32)>,
}

/// Returns what the filter of `target` makes of the rows of `source`.
pub(super) fn kept(source: Live<'_>, target: Live<'_>, pairs: &[Pair<'_>]) -> Kept {
    let Some(pipeline) = target.pipeline() else { return Kept::All };
    let Ok(Some(text)) = sql::filter_expression(target.table, pipeline) else { return Kept::All };
    let before = source.pipeline().and_then(|p| sql::filter_expression(source.table, p).ok().flatten());
    if before.as_ref() == Some(&text) {
        return Kept::All;
    }
    condition(&text, source, target, pipeline, pairs).map_or(Kept::Unknown(text), |c| Kept::Where(Box::new(c)))
}

fn condition(
    text: &str,
    source: Live<'_>,
    target: Live<'_>,
    pipeline: &Pipeline,
    pairs: &[Pair<'_>],
) -> Option<Condition> {
    let expr = Parser::new(&GenericDialect {}).try_with_sql(text).ok()?.parse_expr().ok()?;
    let mut fields = Vec::new();
    let stored = |field: &str| -> Option<u32> {
        let as_it_is = |table: &Table, pipeline: &Pipeline, id: u32, field: Option<&str>| {
            let column = table.columns.iter().find(|c| c.id == id)?;
            let written = sql::output_expression(table, pipeline, column).ok()?.sql;
            match Parser::new(&GenericDialect {}).try_with_sql(&written).ok()?.parse_expr().ok()? {
                Expr::Identifier(name) if field.is_none_or(|f| f == name.value) => Some(id),
                _ => None,
            }
        };
        let id = target.table.columns.iter().find_map(|c| as_it_is(target.table, pipeline, c.id, Some(field)))?;
        as_it_is(source.table, source.pipeline()?, id, None)?;
        let pair = pairs.iter().find(|p| p.target.id == id)?;
        matches!(pair.source, Source::Column(_)).then_some(id)
    };
    let mut names = Vec::new();
    collect(&expr, &mut names)?;
    for name in names {
        let id = stored(&name)?;
        fields.push((name, id));
    }
    Some(Condition { text: text.to_owned(), expr, fields })
}

/// Lists the fields of a filter that all dialects write alike; nothing where it has another part.
fn collect(expr: &Expr, names: &mut Vec<String>) -> Option<()> {
    match expr {
        Expr::Identifier(name) => names.push(name.value.clone()),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(_) | Value::Number(..) | Value::Boolean(_) | Value::Null => {}
            _ => return None,
        },
        Expr::Nested(inner) | Expr::IsNull(inner) | Expr::IsNotNull(inner) => collect(inner, names)?,
        Expr::UnaryOp { op: UnaryOperator::Not | UnaryOperator::Minus, expr } => collect(expr, names)?,
        Expr::BinaryOp { left, op, right } if operator(op).is_some() => {
            collect(left, names)?;
            collect(right, names)?;
        }
        Expr::InList { expr, list, .. } => {
            collect(expr, names)?;
            list.iter().try_for_each(|e| collect(e, names))?;
        }
        Expr::Between { expr, low, high, .. } => {
            [expr, low, high].into_iter().try_for_each(|e| collect(e, names))?;
        }
        _ => return None,
    }
    Some(())
}

const fn operator(op: &BinaryOperator) -> Option<&'static str> {
    Some(match op {
        BinaryOperator::And => "AND",
        BinaryOperator::Or => "OR",
        BinaryOperator::Eq => "=",
        BinaryOperator::NotEq => "<>",
        BinaryOperator::Lt => "<",
        BinaryOperator::LtEq => "<=",
        BinaryOperator::Gt => ">",
        BinaryOperator::GtEq => ">=",
        _ => return None,
    })
}

impl Condition {
    /// Returns the condition on a row that is called `row`; it is never null.
    pub(super) fn render(&self, dialect: Dialect, row: &str, pairs: &[Pair<'_>]) -> String {
        format!("COALESCE({}, FALSE)", self.part(&self.expr, dialect, row, pairs))
    }

    fn part(&self, expr: &Expr, dialect: Dialect, row: &str, pairs: &[Pair<'_>]) -> String {
        let part = |e: &Expr| self.part(e, dialect, row, pairs);
        let not = |negated: &bool| if *negated { " NOT" } else { "" };
        match expr {
            Expr::Identifier(name) => {
                let id = self.fields.iter().find(|(field, _)| *field == name.value).map(|(_, id)| *id);
                let pair = id.and_then(|id| pairs.iter().find(|p| p.target.id == id));
                pair.map_or_else(|| "NULL".to_owned(), |p| p.value(dialect, row))
            }
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => dialect.literal(text),
                other => other.to_string(),
            },
            Expr::Nested(inner) => format!("({})", part(inner)),
            Expr::IsNull(inner) => format!("({} IS NULL)", part(inner)),
            Expr::IsNotNull(inner) => format!("({} IS NOT NULL)", part(inner)),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => format!("(- {})", part(expr)),
            Expr::UnaryOp { expr, .. } => format!("(NOT {})", part(expr)),
            Expr::BinaryOp { left, op, right } => {
                format!("({} {} {})", part(left), operator(op).unwrap_or("AND"), part(right))
            }
            Expr::InList { expr, list, negated } => {
                let list: Vec<String> = list.iter().map(part).collect();
                format!("({}{} IN ({}))", part(expr), not(negated), list.join(", "))
            }
            Expr::Between { expr, negated, low, high } => {
                format!("({}{} BETWEEN {} AND {})", part(expr), not(negated), part(low), part(high))
            }
            // Nothing else is collected.
            _ => "NULL".to_owned(),
        }
    }
}
