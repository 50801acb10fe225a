//! Which types fit where, and what several have in common.

use sqlparser::ast::Value;

use super::Inferred;
use crate::diag::Code;
use crate::sql::SqlType;
use crate::sql::functions::Arg;
use crate::sql::parse::Fault;

/// Checks that a value is what a function or an operator takes.
pub(super) fn argument(function: &str, wanted: Arg, found: Inferred) -> Result<(), Fault> {
    use SqlType as T;
    let time =
        matches!(found.ty, T::Timestamp | T::TimestampNanos | T::TimestampMillis | T::TimestampSeconds | T::Date);
    let (fits, expected) = match wanted {
        Arg::Any => (true, ""),
        Arg::Text => (found.ty == T::Text, "string"),
        Arg::Number => (matches!(found.ty, T::Int32 | T::Int64 | T::Float64), "a number"),
        Arg::Integer => (matches!(found.ty, T::Int32 | T::Int64), "an integer"),
        Arg::Time => (time, "timestamp"),
        Arg::Json => (matches!(found.ty, T::Json | T::Text), "json"),
        Arg::List => (found.ty == T::List, "a list"),
        Arg::TextOrBytes => (matches!(found.ty, T::Text | T::Binary), "string or binary"),
    };
    if fits || found.ty == T::Null {
        return Ok(());
    }
    Err(Fault::new(Code::ExpressionType, format!("{function} takes {expected}, found {}", found.ty.name())))
}

pub(super) fn literal(value: &Value) -> Result<Inferred, Fault> {
    let ty = match value {
        Value::Number(text, _) if text.contains(['.', 'e', 'E']) => SqlType::Float64,
        Value::Number(..) => SqlType::Int64,
        Value::SingleQuotedString(_) => SqlType::Text,
        Value::Boolean(_) => SqlType::Bool,
        Value::HexStringLiteral(_) => SqlType::Binary,
        Value::Null => return Ok(Inferred::new(SqlType::Null, true)),
        other => return Err(Fault::new(Code::ExpressionUnsupported, format!("the literal `{other}` is not portable"))),
    };
    Ok(Inferred::new(ty, false))
}

/// Returns a type that is null where one of its parts is.
pub(super) fn derived(ty: SqlType, parts: &[Inferred]) -> Inferred {
    Inferred {
        ty,
        nullable: parts.iter().any(|p| p.nullable),
        declared_nullable: parts.iter().any(|p| p.declared_nullable),
    }
}

/// Returns the type that all parts share, widening integers; the two that differ otherwise.
pub(super) fn common(parts: &[Inferred]) -> Result<SqlType, (SqlType, SqlType)> {
    use SqlType as T;
    let mut ty = T::Null;
    for part in parts {
        ty = match (ty, part.ty) {
            (a, b) if a == b => a,
            (T::Null, other) | (other, T::Null) => other,
            (T::Int32, T::Int64) | (T::Int64, T::Int32) => T::Int64,
            (T::Int32 | T::Int64, T::Float64) | (T::Float64, T::Int32 | T::Int64) => T::Float64,
            (T::Timestamp, T::TimestampNanos) | (T::TimestampNanos, T::Timestamp) => T::TimestampNanos,
            (a, b) => return Err((a, b)),
        };
    }
    Ok(ty)
}
