//! CASE and CAST.

use sqlparser::ast::{CastKind, DataType, Expr};

use super::types::common;
use super::{Infer, Inferred};
use crate::diag::Code;
use crate::sql::SqlType;
use crate::sql::parse::Fault;

impl Infer<'_> {
    pub(super) fn case<'e>(
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

    pub(super) fn cast(&mut self, kind: &CastKind, expr: &Expr, data_type: &DataType) -> Result<Inferred, Fault> {
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
}
