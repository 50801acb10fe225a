//! An event that one version stores and the other does not, because their filters differ.
//!
//! The guard has no engine: what it cannot evaluate, it does not show.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json, json};
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value, Visit, Visitor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use unified_event_schema::{ColumnType, Pipeline, StreamField};

use super::super::rules::Context;
use super::event;

/// How many events are tried.
const MOST_EVENTS: usize = 500;

/// Returns an event that both versions take, and only one of them stores.
pub(super) fn event(cx: &Context<'_>, table: &str, old: Option<&str>, new: Option<&str>) -> Option<Json> {
    let (old, new) = (parse(old)?, parse(new)?);
    let pipeline = cx.new.pipeline(table)?;
    let smallest = event::smallest(cx.new, table)?;
    let differs = |event: &Map<String, Json>| {
        let stores =
            |filter: &Option<Expr>| filter.as_ref().map_or(Some(true), |f| Some(truth(f, event)? == Some(true)));
        let takes = |model| event::check(model, table, event).is_ok();
        stores(&old).zip(stores(&new)).is_some_and(|(old, new)| old != new) && takes(cx.old) && takes(cx.new)
    };
    let found = candidates(smallest, pipeline, [&old, &new]).into_iter().find(differs)?;
    Some(Json::Object(found))
}

/// Returns the condition; there may be none.
#[expect(clippy::option_option, reason = "what does not parse is not the same as no condition")]
fn parse(filter: Option<&str>) -> Option<Option<Expr>> {
    let Some(filter) = filter else { return Some(None) };
    let expression = Parser::new(&GenericDialect {}).try_with_sql(filter).ok()?.parse_expr().ok()?;
    Some(Some(expression))
}

/// What a condition names and compares with.
#[derive(Default)]
struct Mentioned {
    names: Vec<String>,
    values: Vec<Json>,
}

impl Visitor for Mentioned {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> std::ops::ControlFlow<()> {
        match expr {
            Expr::Identifier(name) if !self.names.contains(&name.value) => self.names.push(name.value.clone()),
            Expr::Value(value) => self.values.extend(literal(&value.value).filter(|v| !v.is_null())),
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    }
}

/// Returns the smallest event with every mix of values for what the conditions name.
fn candidates(smallest: Map<String, Json>, pipeline: &Pipeline, filters: [&Option<Expr>; 2]) -> Vec<Map<String, Json>> {
    let mut mentioned = Mentioned::default();
    for filter in filters.into_iter().flatten() {
        let _ = filter.visit(&mut mentioned);
    }
    let mut events = vec![smallest];
    for field in mentioned.names.iter().filter_map(|name| pipeline.stream.field(name)) {
        let more: Vec<Map<String, Json>> = events
            .iter()
            .flat_map(|event| {
                values(field, &mentioned.values).into_iter().map(|value| {
                    let mut event = event.clone();
                    event.insert(field.name.clone(), value);
                    event
                })
            })
            .collect();
        events.extend(more);
        events.truncate(MOST_EVENTS);
    }
    events
}

fn values(field: &StreamField, compared: &[Json]) -> Vec<Json> {
    let example = serde_json::to_value(&field.example).ok();
    let fits = |value: &&Json| if field.ty == ColumnType::String { value.is_string() } else { value.is_number() };
    example.into_iter().chain(compared.iter().filter(fits).cloned()).collect()
}

/// Returns the truth of a condition: unknown is `Some(None)`, and `None` is what cannot be evaluated here.
#[expect(clippy::option_option, reason = "SQL has three truth values")]
fn truth(expr: &Expr, event: &Map<String, Json>) -> Option<Option<bool>> {
    Some(match expr {
        Expr::Nested(inner) => truth(inner, event)?,
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => truth(expr, event)?.map(|t| !t),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => match (truth(left, event)?, truth(right, event)?) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => match (truth(left, event)?, truth(right, event)?) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Expr::IsNull(inner) => Some(operand(inner, event)?.is_null()),
        Expr::IsNotNull(inner) => Some(!operand(inner, event)?.is_null()),
        Expr::BinaryOp { left, op, right } => {
            let (left, right) = (operand(left, event)?, operand(right, event)?);
            if left.is_null() || right.is_null() {
                return Some(None);
            }
            let order = order(&left, &right)?;
            Some(match op {
                BinaryOperator::Eq => order.is_eq(),
                BinaryOperator::NotEq => order.is_ne(),
                BinaryOperator::Lt => order.is_lt(),
                BinaryOperator::LtEq => order.is_le(),
                BinaryOperator::Gt => order.is_gt(),
                BinaryOperator::GtEq => order.is_ge(),
                _ => return None,
            })
        }
        _ => operand(expr, event)?.as_bool(),
    })
}

fn order(left: &Json, right: &Json) -> Option<Ordering> {
    match (left, right) {
        (Json::String(left), Json::String(right)) => Some(left.cmp(right)),
        (Json::Number(left), Json::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Json::Bool(left), Json::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn operand(expr: &Expr, event: &Map<String, Json>) -> Option<Json> {
    match expr {
        Expr::Nested(inner) => operand(inner, event),
        Expr::Identifier(name) => Some(event.get(&name.value).cloned().unwrap_or_default()),
        Expr::Value(value) => literal(&value.value),
        _ => None,
    }
}

fn literal(value: &Value) -> Option<Json> {
    match value {
        Value::SingleQuotedString(text) => Some(json!(text)),
        Value::Boolean(flag) => Some(json!(flag)),
        Value::Null => Some(Json::Null),
        Value::Number(digits, _) => serde_json::from_str(digits).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(filter: &str, event: Json) -> Option<Option<bool>> {
        truth(&parse(Some(filter)).flatten().expect("a condition"), event.as_object().expect("an object"))
    }

    #[test]
    fn conditions_have_three_truth_values() {
        for (filter, expected) in [
            ("op <> '_internal'", Some(Some(true))),
            ("missing <> '_internal'", Some(None)),
            ("missing <> 'a' OR op = 'put'", Some(Some(true))),
            ("NOT (missing <> 'a' AND op = 'get')", Some(Some(true))),
            ("missing IS NULL AND n >= 7", Some(Some(true))),
            // The loader takes no `IN`, so that no filter has one.
            ("op IN ('get', 'del')", None),
            ("flag", Some(Some(false))),
            ("lower(op) = 'put'", None),
            ("n = '7'", None),
        ] {
            assert_eq!(evaluated(filter, json!({ "op": "put", "n": 7, "flag": false })), expected, "{filter}");
        }
    }
}
