//! The type of an expression, as far as it follows from the columns whatever the engine is.

use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator, Value,
};

use super::Origin;
use super::names::Names;

/// Functions with a type of their own, whatever their arguments are.
const FIXED: [&str; 29] = [
    "approx_count_distinct",
    "approx_distinct",
    "bit_length",
    "char_length",
    "character_length",
    "concat",
    "concat_ws",
    "count",
    "count_if",
    "cume_dist",
    "date_part",
    "dense_rank",
    "grouping",
    "json_as_text",
    "json_get_bool",
    "json_get_float",
    "json_get_int",
    "json_get_str",
    "length",
    "md5",
    "now",
    "ntile",
    "octet_length",
    "percent_rank",
    "rank",
    "row_number",
    "strpos",
    "to_char",
    "uuid",
];

/// Functions that yield one of their arguments.
const PASSING: [&str; 12] = [
    "any_value",
    "coalesce",
    "first_value",
    "greatest",
    "ifnull",
    "lag",
    "last_value",
    "lead",
    "least",
    "max",
    "min",
    "nth_value",
];

/// Returns the type of an expression, or what it is made of: two texts are equal where the types are.
///
/// `type_of` gives the type of a column, `queries` what the queries within the expression yield.
pub(super) fn of(expr: &Expr, type_of: &dyn Fn(&[Ident]) -> Option<String>, queries: &str) -> String {
    let one = |e: &Expr| of(e, type_of, queries);
    match expr {
        Expr::Identifier(ident) => type_of(std::slice::from_ref(ident)).unwrap_or_else(|| UNKNOWN.to_owned()),
        Expr::CompoundIdentifier(parts) => type_of(parts).unwrap_or_else(|| UNKNOWN.to_owned()),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => one(inner),
        Expr::Cast { data_type, .. } => data_type.to_string(),
        Expr::Subquery(_) => queries.to_owned(),
        Expr::Value(value) => literal(&value.value).to_owned(),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => one(expr),
        Expr::BinaryOp { op: BinaryOperator::LongArrow | BinaryOperator::StringConcat, .. } => "string".to_owned(),
        Expr::Case { conditions, else_result, .. } => {
            let results = conditions.iter().map(|w| &w.result).chain(else_result.as_deref());
            common(&results.map(one).collect::<Vec<_>>())
        }
        Expr::Function(call) => function(call, &one, queries),
        _ if is_condition(expr) => "bool".to_owned(),
        Expr::BinaryOp { left, op, right } => format!("what `{op}` makes of ({}, {})", one(left), one(right)),
        _ => mixed(expr, type_of, queries),
    }
}

const UNKNOWN: &str = "an unknown type";

/// Returns the type that all have, where engines do not choose.
pub(super) fn common(types: &[String]) -> String {
    let known: Vec<&String> = types.iter().filter(|t| *t != "null").collect();
    match known.as_slice() {
        [] => "null".to_owned(),
        [first, rest @ ..] if rest.iter().all(|t| t == first) => (*first).clone(),
        several => {
            format!("what ({}) have in common", several.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(", "))
        }
    }
}

fn literal(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean(_) => "bool",
        Value::Number(..) => "a number",
        Value::Placeholder(_) => "a parameter",
        _ => "string",
    }
}

/// What decides which rows a function sees and in which order, takes no part in its type.
fn function(call: &Function, one: &dyn Fn(&Expr) -> String, queries: &str) -> String {
    let name = call.name.to_string().to_ascii_lowercase();
    if FIXED.contains(&name.as_str()) {
        return format!("what `{name}` yields");
    }
    let args: Vec<String> = match &call.args {
        FunctionArguments::None => Vec::new(),
        FunctionArguments::Subquery(_) => vec![queries.to_owned()],
        FunctionArguments::List(list) => list.args.iter().filter_map(argument).map(one).collect(),
    };
    if PASSING.contains(&name.as_str()) {
        // The offset of `lag` is no value of it.
        let n_values = if matches!(name.as_str(), "lag" | "lead" | "nth_value") { 1 } else { args.len() };
        return common(args.get(..n_values).unwrap_or_default());
    }
    format!("what `{name}` makes of ({})", args.join(", "))
}

/// Returns the expression of an argument; a `*` has none.
pub(super) fn argument(arg: &FunctionArg) -> Option<&Expr> {
    let (FunctionArg::Unnamed(arg) | FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. }) = arg;
    match arg {
        FunctionArgExpr::Expr(expr) => Some(expr),
        FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::Wildcard => None,
    }
}

fn is_condition(expr: &Expr) -> bool {
    use BinaryOperator as Op;
    match expr {
        Expr::BinaryOp { op, .. } => {
            matches!(op, Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::And | Op::Or | Op::Xor)
        }
        Expr::UnaryOp { op, .. } => matches!(op, UnaryOperator::Not),
        _ => matches!(
            expr,
            Expr::IsNull(_)
                | Expr::IsNotNull(_)
                | Expr::IsTrue(_)
                | Expr::IsNotTrue(_)
                | Expr::IsFalse(_)
                | Expr::IsNotFalse(_)
                | Expr::IsDistinctFrom(..)
                | Expr::IsNotDistinctFrom(..)
                | Expr::InList { .. }
                | Expr::InSubquery { .. }
                | Expr::Between { .. }
                | Expr::Like { .. }
                | Expr::ILike { .. }
                | Expr::SimilarTo { .. }
                | Expr::Exists { .. }
        ),
    }
}

/// What only the engine knows: all types that take part.
fn mixed(expr: &Expr, type_of: &dyn Fn(&[Ident]) -> Option<String>, queries: &str) -> String {
    let names = Names::of(expr).names;
    let mut leaves: Vec<String> = names.iter().filter_map(|parts| type_of(parts)).collect();
    if !queries.is_empty() {
        leaves.push(queries.to_owned());
    }
    if leaves.is_empty() {
        return "a type that only the engine knows".to_owned();
    }
    format!("a type that the engine derives from {}", leaves.join(" and "))
}

/// Returns what the values of an expression are taken from: columns whose values it passes on, and no others.
pub(super) fn carried(expr: &Expr, origins: &dyn Fn(&[Ident]) -> BTreeSet<Origin>) -> BTreeSet<Origin> {
    let one = |e: &Expr| carried(e, origins);
    match expr {
        Expr::Identifier(ident) => origins(std::slice::from_ref(ident)),
        Expr::CompoundIdentifier(parts) => origins(parts),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } | Expr::Cast { expr: inner, .. } => one(inner),
        Expr::Trim { expr, .. } | Expr::Substring { expr, .. } => one(expr),
        Expr::Case { conditions, else_result, .. } => {
            conditions.iter().map(|w| &w.result).chain(else_result.as_deref()).flat_map(one).collect()
        }
        Expr::Function(call) => {
            let name = call.name.to_string().to_ascii_lowercase();
            let FunctionArguments::List(list) = &call.args else { return BTreeSet::new() };
            if PASSING.contains(&name.as_str()) || SPELLING.contains(&name.as_str()) {
                list.args.iter().filter_map(argument).flat_map(one).collect()
            } else {
                BTreeSet::new()
            }
        }
        _ => BTreeSet::new(),
    }
}

/// Functions that change how a value is written, and not which one it is.
const SPELLING: [&str; 10] =
    ["lower", "upper", "trim", "btrim", "ltrim", "rtrim", "initcap", "lcase", "ucase", "nullif"];
