//! Conditions in one form, by laws that hold for nulls too: an unknown stays unknown.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};

use super::taken;

/// Brings a chain of `AND` or `OR` into one form: `a AND (b AND c)` becomes `(a AND b) AND c`, ordered by text, each
/// condition once, and without those that decide nothing.
pub(super) fn order(expr: &mut Expr) {
    let Expr::BinaryOp { left, op, right } = expr else { return };
    let op = op.clone();
    let mut operands = Vec::new();
    chain(taken(left), &op, &mut operands);
    chain(taken(right), &op, &mut operands);
    *expr = joined(&op, operands);
}

/// Turns a comparison, so that which side stands first says nothing.
pub(super) fn turn(expr: &mut Expr) {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    let Expr::BinaryOp { left, op, right } = expr else { return };
    let other = match op {
        Eq | NotEq if left.to_string() > right.to_string() => op.clone(),
        Gt => Lt,
        GtEq => LtEq,
        _ => return,
    };
    *op = other;
    std::mem::swap(left, right);
}

/// Returns what is true where a condition in this form is false, and the other way round.
pub(super) fn negated(expr: Expr) -> Expr {
    use BinaryOperator::{And, Eq, NotEq, Or};
    match expr {
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => *expr,
        Expr::IsNull(inner) => Expr::IsNotNull(inner),
        Expr::IsNotNull(inner) => Expr::IsNull(inner),
        Expr::Like { negated, any, expr, pattern, escape_char } => {
            Expr::Like { negated: !negated, any, expr, pattern, escape_char }
        }
        Expr::BinaryOp { left, op: Eq, right } => Expr::BinaryOp { left, op: NotEq, right },
        Expr::BinaryOp { left, op: NotEq, right } => Expr::BinaryOp { left, op: Eq, right },
        Expr::BinaryOp { left, op: op @ (And | Or), right } => {
            let mut operands = Vec::new();
            chain(*left, &op, &mut operands);
            chain(*right, &op, &mut operands);
            let other = if op == And { Or } else { And };
            joined(&other, operands.into_iter().map(negated).collect())
        }
        other => match truth(&other) {
            Some(value) => constant(!value),
            None => Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(other) },
        },
    }
}

/// Adds the operands of a chain of one operator; what lies below is in this form already.
fn chain(expr: Expr, of: &BinaryOperator, operands: &mut Vec<Expr>) {
    let mut rest = Vec::new();
    let mut next = expr;
    loop {
        match next {
            Expr::BinaryOp { left, op, right } if op == *of => {
                rest.push(*right);
                next = *left;
            }
            other => {
                operands.push(other);
                break;
            }
        }
    }
    operands.extend(rest.into_iter().rev());
}

fn joined(op: &BinaryOperator, mut operands: Vec<Expr>) -> Expr {
    // `false` decides an `AND` and says nothing in an `OR`; with `true` it is the other way round.
    let decisive = *op == BinaryOperator::Or;
    if operands.iter().any(|operand| truth(operand) == Some(decisive)) {
        return constant(decisive);
    }
    operands.retain(|operand| truth(operand).is_none());
    operands.sort_by_cached_key(ToString::to_string);
    operands.dedup();
    let all = operands.into_iter().reduce(|left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: op.clone(),
        right: Box::new(right),
    });
    all.unwrap_or_else(|| constant(!decisive))
}

fn constant(value: bool) -> Expr {
    Expr::Value(Value::Boolean(value).into())
}

fn truth(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Value(value) => match value.value {
            Value::Boolean(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}
