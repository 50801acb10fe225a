//! The type of an expression, and whether it can be null.

mod branch;
mod call;
mod scope;
mod types;

use sqlparser::ast::{BinaryOperator, Expr, Ident, Spanned, UnaryOperator};

use super::SqlType;
use super::functions::Arg;
use super::parse::{self, Fault};
use crate::diag::Code;
pub(super) use scope::Scope;
use types::{argument, common, derived, literal};

/// What is known of an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inferred {
    pub ty: SqlType,
    /// Whether it can be null.
    pub nullable: bool,
    /// Whether an engine declares it nullable, which engines do more often.
    pub declared_nullable: bool,
}

impl Inferred {
    const fn new(ty: SqlType, nullable: bool) -> Self {
        Self { ty, nullable, declared_nullable: nullable }
    }
}

/// Infers the type of an expression; `text` is what it was parsed from, for the places of faults.
pub(super) fn infer(scope: &Scope<'_>, expr: &Expr, text: &str) -> Result<Inferred, Fault> {
    Infer { scope, text, outputs: Vec::new() }.expr(expr)
}

struct Infer<'a> {
    scope: &'a Scope<'a>,
    text: &'a str,
    /// The columns whose expressions are being followed, to notice a circle.
    outputs: Vec<String>,
}

impl Infer<'_> {
    fn expr(&mut self, expr: &Expr) -> Result<Inferred, Fault> {
        let result = match expr {
            Expr::Identifier(ident) => self.scope.field(ident),
            Expr::CompoundIdentifier(parts) => self.compound(parts),
            Expr::Value(value) => literal(&value.value),
            Expr::Nested(inner) => self.expr(inner),
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
                self.expr(inner)?;
                Ok(Inferred::new(SqlType::Bool, false))
            }
            Expr::Like { expr, pattern, any: false, .. } => {
                let parts = [self.expr(expr)?, self.expr(pattern)?];
                Ok(derived(SqlType::Bool, &parts))
            }
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::Case { operand, conditions, else_result, .. } => {
                let whens = conditions.iter().map(|w| (&w.condition, &w.result));
                self.case(operand.as_deref(), whens, else_result.as_deref())
            }
            Expr::Cast { kind, expr, data_type, format: None, .. } => self.cast(kind, expr, data_type),
            Expr::Function(call) => self.call(call),
            Expr::Extract { expr, .. } => {
                let inner = self.expr(expr)?;
                argument("extract", Arg::Time, inner)?;
                Ok(Inferred { declared_nullable: true, ..derived(SqlType::Int32, &[inner]) })
            }
            Expr::Floor { expr, .. } | Expr::Ceil { expr, .. } => {
                let inner = self.expr(expr)?;
                argument("floor and ceil", Arg::Number, inner)?;
                Ok(Inferred { declared_nullable: true, ..inner })
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let mut parts = vec![self.expr(expr)?];
                for part in [substring_from, substring_for].into_iter().flatten() {
                    parts.push(self.expr(part)?);
                }
                argument("substr", Arg::Text, parts[0])?;
                Ok(Inferred { declared_nullable: true, ..derived(SqlType::Text, &parts) })
            }
            Expr::Position { expr, r#in } => {
                let parts = [self.expr(expr)?, self.expr(r#in)?];
                Ok(Inferred { declared_nullable: true, ..derived(SqlType::Int32, &parts) })
            }
            Expr::Trim { expr, .. } => {
                let inner = self.expr(expr)?;
                argument("trim", Arg::Text, inner)?;
                Ok(Inferred { declared_nullable: true, ..inner })
            }
            other => Err(unsupported(other)),
        };
        // The innermost part that has a place is the one to mark; what stands in the expression of
        // another column has no place in this one.
        result.map_err(|mut fault| {
            if fault.part.is_none() && self.outputs.is_empty() {
                fault.part = parse::part(self.text, expr.span());
            }
            fault
        })
    }

    fn compound(&mut self, parts: &[Ident]) -> Result<Inferred, Fault> {
        let name = parts.iter().map(|p| p.value.as_str()).collect::<Vec<_>>().join(".");
        let Some(replacement) = self.scope.special(parts) else {
            return Err(Fault::new(Code::ExpressionName, format!("`{name}` means nothing here"))
                .help("name a field of the stream, `output.<column>` or `table.version`"));
        };
        if self.outputs.contains(&name) {
            return Err(Fault::new(Code::ExpressionName, format!("`{name}` is defined by itself"))
                .help("break the circle of `output` references"));
        }
        let replacement = replacement?;
        self.outputs.push(name);
        let inferred = self.expr(&replacement);
        self.outputs.pop();
        inferred
    }

    fn unary(&mut self, op: UnaryOperator, expr: &Expr) -> Result<Inferred, Fault> {
        let inner = self.expr(expr)?;
        match op {
            UnaryOperator::Not => argument("NOT", Arg::Any, inner).map(|()| derived(SqlType::Bool, &[inner])),
            UnaryOperator::Minus | UnaryOperator::Plus => argument("the sign", Arg::Number, inner).map(|()| inner),
            other => Err(Fault::new(Code::ExpressionUnsupported, format!("the platform does not document `{other}`"))),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Inferred, Fault> {
        use BinaryOperator as Op;
        let parts = [self.expr(left)?, self.expr(right)?];
        match op {
            Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => {
                common(&parts).map_err(|(a, b)| {
                    Fault::new(Code::ExpressionType, format!("`{op}` compares {} with {}", a.name(), b.name()))
                })?;
                Ok(derived(SqlType::Bool, &parts))
            }
            Op::And | Op::Or => {
                for part in parts {
                    if !matches!(part.ty, SqlType::Bool | SqlType::Null) {
                        return Err(Fault::new(
                            Code::ExpressionType,
                            format!("`{op}` takes bool, found {}", part.ty.name()),
                        ));
                    }
                }
                Ok(derived(SqlType::Bool, &parts))
            }
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => {
                for part in parts {
                    argument(&format!("`{op}`"), Arg::Number, part)?;
                }
                let ty = common(&parts).unwrap_or(SqlType::Float64);
                Ok(derived(ty, &parts))
            }
            Op::Arrow => argument("`->`", Arg::Json, parts[0]).map(|()| Inferred::new(SqlType::Json, true)),
            Op::LongArrow => argument("`->>`", Arg::Json, parts[0]).map(|()| Inferred::new(SqlType::Text, true)),
            Op::Question => argument("`?`", Arg::Json, parts[0]).map(|()| Inferred::new(SqlType::Bool, true)),
            Op::StringConcat => Err(Fault::new(Code::ExpressionUnsupported, "the platform does not document `||`")
                .help("use `concat(a, b)`, which also skips nulls")),
            other => Err(Fault::new(Code::ExpressionUnsupported, format!("the platform does not document `{other}`"))),
        }
    }
}

fn unsupported(expr: &Expr) -> Fault {
    let (what, help) = match expr {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
            ("a subquery", "an expression sees one row of the stream")
        }
        Expr::ILike { .. } => ("ILIKE", "use `lower(x) LIKE '…'`"),
        Expr::InList { .. } => ("IN", "compare with `=` and `OR`"),
        Expr::Between { .. } => ("BETWEEN", "compare with `>=` and `<=`"),
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => ("`*`", "every output column is explicit"),
        _ => ("this construct", "keep to CASE, CAST, LIKE, IS NULL, arithmetic, comparison and documented functions"),
    };
    Fault::new(Code::ExpressionUnsupported, format!("the platform does not document {what}")).help(help)
}
