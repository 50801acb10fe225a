//! The type of an expression, and whether it can be null.

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, Function as Call, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    ObjectNamePart, Spanned, UnaryOperator, Value,
};

use super::functions::{self, Arg, Function, Nulls, Yields};
use super::parse::{self, Fault};
use super::{SqlType, print};
use crate::diag::Code;
use crate::{Pipeline, Table, naming};

/// What an expression may name.
pub(super) struct Scope<'a> {
    pub table: &'a Table,
    pub pipeline: &'a Pipeline,
}

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

impl Scope<'_> {
    /// Returns the expression that is written to a column.
    pub fn output(&self, name: &str) -> Result<Expr, Fault> {
        let Some(column) = self.table.column(name) else {
            let columns = self.table.columns.iter().map(|c| c.name.as_str());
            return Err(Fault::new(
                Code::ExpressionName,
                format!("table `{}` has no column `{name}`", self.table.name),
            )
            .help_if(naming::did_you_mean(name, columns)));
        };
        match column.computed.as_deref().or(column.transform.as_deref()) {
            Some(text) => parse::parse(text),
            None if self.pipeline.stream.field(name).is_some() => Ok(Expr::Identifier(Ident::new(name))),
            None => Err(Fault::new(Code::ExpressionName, format!("nothing feeds column `{name}`"))
                .help("add a `transform`, or a field of that name to the stream")),
        }
    }

    /// Returns what `output.<column>` or `table.version` stands for; nothing for other names.
    pub fn special(&self, parts: &[Ident]) -> Option<Result<Expr, Fault>> {
        match parts {
            [scope, column] if scope.value == "output" => Some(self.output(&column.value)),
            [scope, name] if scope.value == "table" && name.value == "version" => {
                Some(Ok(print::number(self.table.version)))
            }
            _ => None,
        }
    }

    fn field(&self, ident: &Ident) -> Result<Inferred, Fault> {
        match self.pipeline.stream.field(&ident.value) {
            Some(field) => Ok(Inferred::new(SqlType::of(field.ty), !field.required)),
            None => {
                let fields = self.pipeline.stream.fields.iter().map(|f| f.name.as_str());
                let near = naming::did_you_mean(&ident.value, fields);
                let stream = &self.pipeline.stream.name;
                Err(Fault::new(Code::ExpressionName, format!("stream `{stream}` has no field `{}`", ident.value))
                    .help("name a field of the stream, or `output.<column>` for what is written to a column")
                    .help_if(near))
            }
        }
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

    fn case<'e>(
        &mut self,
        operand: Option<&Expr>,
        whens: impl Iterator<Item = (&'e Expr, &'e Expr)>,
        otherwise: Option<&Expr>,
    ) -> Result<Inferred, Fault> {
        let operand = operand.map(|o| self.expr(o)).transpose()?;
        let mut results = Vec::new();
        for (condition, result) in whens {
            let found = self.expr(condition)?;
            let fits = match operand {
                Some(operand) => common(&[operand, found]).is_ok(),
                None => matches!(found.ty, SqlType::Bool | SqlType::Null),
            };
            if !fits {
                return Err(Fault::new(
                    Code::ExpressionType,
                    format!("WHEN takes a condition, found {}", found.ty.name()),
                ));
            }
            results.push(self.expr(result)?);
        }
        let mut nullable = results.iter().any(|r| r.nullable);
        match otherwise {
            Some(otherwise) => {
                let inferred = self.expr(otherwise)?;
                nullable |= inferred.nullable;
                results.push(inferred);
            }
            None => nullable = true,
        }
        let ty = common(&results).map_err(|(a, b)| {
            Fault::new(Code::ExpressionType, format!("CASE yields {} and {}", a.name(), b.name()))
                .help("cast the branches to one type")
        })?;
        let declared = nullable || results.iter().any(|r| r.declared_nullable);
        Ok(Inferred { ty, nullable, declared_nullable: declared })
    }

    fn cast(&mut self, kind: &CastKind, expr: &Expr, data_type: &DataType) -> Result<Inferred, Fault> {
        if !matches!(kind, CastKind::Cast | CastKind::DoubleColon) {
            return Err(Fault::new(Code::ExpressionUnsupported, "the platform documents no cast but CAST and `::`")
                .help("a value that does not convert stops the pipeline: have the sender validate it"));
        }
        let inner = self.expr(expr)?;
        let ty = match data_type {
            DataType::Boolean => SqlType::Bool,
            DataType::Int(None) | DataType::Integer(None) => SqlType::Int32,
            DataType::BigInt(None) => SqlType::Int64,
            DataType::Double(_) => SqlType::Float64,
            DataType::Varchar(None) | DataType::Char(None) | DataType::Text | DataType::String(None) => SqlType::Text,
            DataType::Bytea => SqlType::Binary,
            DataType::JSON => SqlType::Json,
            DataType::Date => SqlType::Date,
            DataType::Timestamp(..) => {
                return Err(Fault::new(
                    Code::ExpressionUnsupported,
                    "CAST to TIMESTAMP has the unit that the engine chooses",
                )
                .help("use `to_timestamp_micros`"));
            }
            other => {
                return Err(Fault::new(
                    Code::ExpressionUnsupported,
                    format!("the platform documents no type `{other}`"),
                )
                .help("expected BOOLEAN, INT, BIGINT, DOUBLE, STRING, BYTEA, JSON or DATE"));
            }
        };
        Ok(Inferred { ty, ..inner })
    }

    fn call(&mut self, call: &Call) -> Result<Inferred, Fault> {
        let name = function_name(call)?;
        if let Some(reason) = functions::refused(&name) {
            return Err(Fault::new(Code::ExpressionUnsupported, format!("`{name}` must not be used in a pipeline"))
                .help(reason));
        }
        let Some(function) = functions::find(&name) else {
            return Err(Fault::new(Code::ExpressionUnsupported, format!("the platform has no function `{name}`"))
                .help("use a function of the platform's SQL reference")
                .help_if(naming::did_you_mean(&name, functions::names())));
        };
        let mut args = Vec::new();
        for arg in arguments(call)? {
            args.push(self.expr(arg)?);
        }
        check_arguments(&name, &function, &args)?;
        let ty = match function.yields {
            Yields::Type(ty) => ty,
            Yields::Argument(index) => args[index].ty,
            Yields::Common => common(&args).map_err(|(a, b)| {
                Fault::new(Code::ExpressionType, format!("`{name}` mixes {} and {}", a.name(), b.name()))
                    .help("cast the arguments to one type")
            })?,
        };
        let (nullable, declared_nullable) = match function.nulls {
            Nulls::Propagate => (args.iter().any(|a| a.nullable), true),
            Nulls::AllNull => (args.iter().all(|a| a.nullable), args.iter().all(|a| a.declared_nullable)),
            Nulls::Never => (false, true),
            Nulls::Maybe => (true, true),
        };
        Ok(Inferred { ty, nullable, declared_nullable })
    }
}

fn function_name(call: &Call) -> Result<String, Fault> {
    let plain = call.over.is_none() && call.filter.is_none() && call.within_group.is_empty();
    match call.name.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] if plain => Ok(ident.value.to_ascii_lowercase()),
        _ if !plain => Err(Fault::new(Code::ExpressionUnsupported, "a pipeline transforms row by row")
            .help("windows and aggregates are for queries over the table")),
        _ => Err(Fault::new(Code::ExpressionUnsupported, format!("the platform has no function `{}`", call.name))),
    }
}

fn arguments(call: &Call) -> Result<Vec<&Expr>, Fault> {
    let list = match &call.args {
        FunctionArguments::None => return Ok(Vec::new()),
        FunctionArguments::List(list) if list.duplicate_treatment.is_none() && list.clauses.is_empty() => list,
        _ => return Err(Fault::new(Code::ExpressionUnsupported, format!("`{}` is not a plain call", call.name))),
    };
    list.args
        .iter()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
            other => Err(Fault::new(Code::ExpressionUnsupported, format!("`{other}` is not a plain argument"))),
        })
        .collect()
}

fn check_arguments(name: &str, function: &Function, args: &[Inferred]) -> Result<(), Fault> {
    let (least, most) = (function.args.len(), function.args.len() + function.optional.len());
    if args.len() < least || (function.variadic.is_none() && args.len() > most) {
        let expected = match function.variadic {
            Some(_) => format!("{least} or more"),
            None if least == most => least.to_string(),
            None => format!("{least} to {most}"),
        };
        return Err(Fault::new(
            Code::ExpressionType,
            format!("`{name}` takes {expected} arguments, found {}", args.len()),
        ));
    }
    let wanted =
        function.args.iter().chain(function.optional).copied().map(Some).chain(std::iter::repeat(function.variadic));
    for (arg, wanted) in args.iter().zip(wanted) {
        argument(&format!("`{name}`"), wanted.unwrap_or(Arg::Any), *arg)?;
    }
    Ok(())
}

fn argument(function: &str, wanted: Arg, found: Inferred) -> Result<(), Fault> {
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

fn literal(value: &Value) -> Result<Inferred, Fault> {
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

fn derived(ty: SqlType, parts: &[Inferred]) -> Inferred {
    Inferred {
        ty,
        nullable: parts.iter().any(|p| p.nullable),
        declared_nullable: parts.iter().any(|p| p.declared_nullable),
    }
}

/// Returns the type that all parts share, widening integers; the two that differ otherwise.
fn common(parts: &[Inferred]) -> Result<SqlType, (SqlType, SqlType)> {
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
