//! Calls of functions: only those that the platform documents, with the arguments that they take.

use sqlparser::ast::{Expr, Function as Call, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart};

use super::types::{argument, common};
use super::{Infer, Inferred};
use crate::diag::Code;
use crate::sql::functions::{self, Arg, Function, Nulls, Yields};
use crate::sql::parse::Fault;
use crate::suggest;

impl Infer<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Inferred, Fault> {
        let name = function_name(call)?;
        if let Some(reason) = functions::refused(&name) {
            return Err(Fault::new(Code::ExpressionUnsupported, format!("`{name}` must not be used in a pipeline"))
                .help(reason));
        }
        let Some(function) = functions::find(&name) else {
            return Err(Fault::new(Code::ExpressionUnsupported, format!("the platform has no function `{name}`"))
                .help("use a function of the platform's SQL reference")
                .help_if(suggest::did_you_mean(&name, functions::names())));
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
