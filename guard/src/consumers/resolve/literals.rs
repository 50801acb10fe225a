//! What a query compares columns with: the literals of an expression and the expressions beside them.

use std::ops::ControlFlow;

use sqlparser::ast::{BinaryOperator, Expr, FunctionArguments, Query, Spanned, UnaryOperator, Value, Visit, Visitor};

use super::types;

/// How a literal stands beside a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::consumers) enum How {
    /// The value itself.
    Whole,
    /// A pattern of `LIKE`.
    Pattern,
    /// An argument of the same function, or a regular expression: a part of the value may stand in it.
    Part,
}

/// A literal beside an expression.
pub(super) struct Beside {
    pub expr: Expr,
    pub literal: String,
    pub how: How,
    pub line: u64,
}

/// Returns every literal of an expression that stands beside another expression; queries within it apart.
pub(super) fn of(expr: &Expr) -> Vec<Beside> {
    let mut found = Found::default();
    let _ = expr.visit(&mut found);
    found.list
}

#[derive(Default)]
struct Found {
    list: Vec<Beside>,
    /// How many queries lie around the place that is visited.
    depth: usize,
}

impl Visitor for Found {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            self.at(expr);
        }
        ControlFlow::Continue(())
    }
}

impl Found {
    fn at(&mut self, expr: &Expr) {
        match expr {
            Expr::BinaryOp { left, op, right } => {
                let how = if is_pattern(op) { How::Part } else { How::Whole };
                self.beside(left, right, how);
                self.beside(right, left, how);
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.beside(left, right, How::Whole);
                self.beside(right, left, How::Whole);
            }
            Expr::InList { expr, list, .. } => list.iter().for_each(|item| self.beside(expr, item, How::Whole)),
            Expr::InUnnest { expr, array_expr, .. } => self.beside(expr, array_expr, How::Whole),
            Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => self.beside(left, right, How::Whole),
            Expr::Between { expr, low, high, .. } => {
                self.beside(expr, low, How::Whole);
                self.beside(expr, high, How::Whole);
            }
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
                self.beside(expr, pattern, How::Pattern);
            }
            Expr::SimilarTo { expr, pattern, .. } | Expr::RLike { expr, pattern, .. } => {
                self.beside(expr, pattern, How::Part);
            }
            Expr::Case { operand: Some(operand), conditions, .. } => {
                conditions.iter().for_each(|when| self.beside(operand, &when.condition, How::Whole));
            }
            Expr::Function(call) => {
                let FunctionArguments::List(list) = &call.args else { return };
                let args: Vec<&Expr> = list.args.iter().filter_map(types::argument).collect();
                for (i, value) in args.iter().enumerate() {
                    for other in args.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other) {
                        self.beside(value, other, How::Part);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the literals of one side, which may be a list or, beside one of as many parts, a row.
    fn beside(&mut self, expr: &Expr, side: &Expr, how: How) {
        match (expr, side) {
            (_, Expr::Nested(side)) => self.beside(expr, side, how),
            (Expr::Nested(expr), _) => self.beside(expr, side, how),
            (Expr::Tuple(exprs), Expr::Tuple(sides)) if exprs.len() == sides.len() => {
                exprs.iter().zip(sides).for_each(|(expr, side)| self.beside(expr, side, how));
            }
            (_, Expr::Tuple(items)) => items.iter().for_each(|item| self.beside(expr, item, how)),
            (_, Expr::Array(array)) => array.elem.iter().for_each(|item| self.beside(expr, item, how)),
            _ => {
                let Some(literal) = literal(side) else { return };
                let line = side.span().start.line;
                self.list.push(Beside { expr: expr.clone(), literal, how, line });
            }
        }
    }
}

const fn is_pattern(op: &BinaryOperator) -> bool {
    matches!(
        op,
        BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch
            | BinaryOperator::PGRegexNotMatch
            | BinaryOperator::PGRegexNotIMatch
            | BinaryOperator::PGLikeMatch
            | BinaryOperator::PGILikeMatch
            | BinaryOperator::PGNotLikeMatch
            | BinaryOperator::PGNotILikeMatch
            | BinaryOperator::Regexp
    )
}

/// Returns the text of a literal, without quotes.
fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => text(&value.value),
        Expr::TypedString(typed) => text(&typed.value.value),
        Expr::Cast { expr, .. } | Expr::Nested(expr) | Expr::Collate { expr, .. } => literal(expr),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Some(format!("-{}", literal(expr)?)),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Number(digits, _) => digits.clone(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Null | Value::Placeholder(_) => return None,
        other => other.clone().into_string()?,
    })
}
