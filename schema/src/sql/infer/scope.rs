//! What an expression may name: fields of the stream, `output.<column>` and `table.version`.

use sqlparser::ast::{Expr, Ident};

use super::Inferred;
use crate::diag::Code;
use crate::sql::parse::{self, Fault};
use crate::sql::{SqlType, print};
use crate::{Pipeline, Table, suggest};

/// What an expression may name.
pub(in crate::sql) struct Scope<'a> {
    pub table: &'a Table,
    pub pipeline: &'a Pipeline,
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
            .help_if(suggest::did_you_mean(name, columns)));
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

    pub(super) fn field(&self, ident: &Ident) -> Result<Inferred, Fault> {
        match self.pipeline.stream.field(&ident.value) {
            Some(field) => Ok(Inferred::new(SqlType::of(field.ty), !field.required)),
            None => {
                let fields = self.pipeline.stream.fields.iter().map(|f| f.name.as_str());
                let near = suggest::did_you_mean(&ident.value, fields);
                let stream = &self.pipeline.stream.name;
                Err(Fault::new(Code::ExpressionName, format!("stream `{stream}` has no field `{}`", ident.value))
                    .help("name a field of the stream, or `output.<column>` for what is written to a column")
                    .help_if(near))
            }
        }
    }
}
