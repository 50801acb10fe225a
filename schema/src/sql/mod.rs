//! Expressions of the definition: parsed, typed, and printed for the platform.
//!
//! An expression belongs to one output column (or is the filter of a pipeline). It may name the
//! fields of the stream, `output.<column>` and `table.version`. Before it is printed, `output`
//! and `table` are replaced by what they stand for, so that the platform sees plain SQL.

pub mod canonical;
mod functions;
mod infer;
mod parse;
mod print;
mod query;

use crate::diag::{Code, Place, Sink};
use crate::load::column::RawColumn;
use crate::load::pipeline::RawPipeline;
use crate::load::query::RawQuery;
use crate::load::table::RawTable;
use crate::{Column, ColumnType, Pipeline, Query, Schema, SourceSet, Table};
use infer::{Inferred, Scope};
use parse::Fault;

pub use print::quote;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SqlType {
    Null,
    Bool,
    Int32,
    Int64,
    Float64,
    Text,
    Timestamp,
    TimestampNanos,
    TimestampMillis,
    TimestampSeconds,
    Date,
    Json,
    Binary,
    List,
}

impl SqlType {
    const fn of(ty: ColumnType) -> Self {
        match ty {
            ColumnType::String => Self::Text,
            ColumnType::Bool => Self::Bool,
            ColumnType::Int32 => Self::Int32,
            ColumnType::Int64 => Self::Int64,
            ColumnType::Float64 => Self::Float64,
            ColumnType::Timestamp => Self::Timestamp,
            ColumnType::Json => Self::Json,
            ColumnType::Binary => Self::Binary,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
            Self::Text => "string",
            Self::Timestamp => "timestamp",
            Self::TimestampNanos => "timestamp of nanoseconds",
            Self::TimestampMillis => "timestamp of milliseconds",
            Self::TimestampSeconds => "timestamp of seconds",
            Self::Date => "date",
            Self::Json => "json",
            Self::Binary => "binary",
            Self::List => "list",
        }
    }
}

/// What the platform's `SELECT` writes to one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputExpression {
    /// The SQL, without the alias.
    pub sql: String,
    /// Whether an engine declares the result nullable, and with it the column of the managed table.
    pub declared_nullable: bool,
}

/// Returns the expression that the pipeline writes to `column`.
///
/// # Errors
///
/// When the expression is none that the loader would accept, which a loaded schema's is not.
pub fn output_expression(table: &Table, pipeline: &Pipeline, column: &Column) -> Result<OutputExpression, String> {
    let scope = Scope { table, pipeline };
    let expr = scope.output(&column.name).map_err(|f| f.message)?;
    let inferred = infer::infer(&scope, &expr, "").map_err(|f| f.message)?;
    Ok(OutputExpression { sql: print::print(&scope, expr)?, declared_nullable: inferred.declared_nullable })
}

/// Returns the condition of the pipeline as the platform takes it, when it has one.
///
/// # Errors
///
/// When the condition is none that the loader would accept.
pub fn filter_expression(table: &Table, pipeline: &Pipeline) -> Result<Option<String>, String> {
    let Some(filter) = &pipeline.filter else { return Ok(None) };
    let scope = Scope { table, pipeline };
    let expr = parse::parse(filter).map_err(|f| f.message)?;
    print::print(&scope, expr).map(Some)
}

/// Returns a query of the library as the platform takes it: tables with namespace and version.
///
/// # Errors
///
/// When the query is none that the loader would accept.
pub fn platform_query(schema: &Schema, query: &Query) -> Result<String, String> {
    let physical = |name: &str| {
        let sink = &schema.pipeline(name)?.sink;
        Some(format!("{}.{}", quote_namespace(&sink.namespace), sink.table))
    };
    query::platform(&query.sql, physical).map_err(|f| f.message)
}

/// The platform's default namespace is a keyword elsewhere, but bare in all its examples.
fn quote_namespace(name: &str) -> String {
    if name == "default" { name.to_owned() } else { quote(name) }
}

/// Checks a query of the library.
pub(crate) fn check_query(sink: &mut Sink, sources: &SourceSet, tables: &[&Table], query: &RawQuery) {
    let Some(place) = &query.sql else { return };
    let model = &query.model;
    let (faults, unused) = query::check(&model.sql, &model.parameters, tables);
    for fault in faults {
        report(sink, sources, place, &model.sql, &fault);
    }
    for index in unused {
        let parameter = &model.parameters[index].name;
        sink.fault(Code::ExpressionName, &query.parameters[index], format!("the query does not use `${parameter}`"))
            .help("use the parameter, or leave it out");
    }
}

/// Checks every expression of a table and the filter of its pipeline.
pub(crate) fn check(sink: &mut Sink, sources: &SourceSet, table: &RawTable, pipeline: &RawPipeline) {
    let scope = Scope { table: &table.model, pipeline: &pipeline.model };
    // The second column of a name has no expression of its own to look at.
    let first = |c: &&RawColumn| table.model.column(&c.model.name).is_some_and(|f| f.id == c.model.id);
    for column in table.columns.iter().filter(first) {
        let written = column.model.computed.as_deref().or(column.model.transform.as_deref());
        let text = written.map_or_else(String::new, str::to_owned);
        let place = column.expression.as_ref().unwrap_or(&column.name);
        match scope.output(&column.model.name).and_then(|e| infer::infer(&scope, &e, &text)) {
            Ok(inferred) => check_result(sink, &column.model, inferred, place),
            Err(fault) => report(sink, sources, place, &text, &fault),
        }
    }
    check_key(sink, table, &scope);
    if let (Some(filter), Some(place)) = (&pipeline.model.filter, &pipeline.filter) {
        match parse::parse(filter).and_then(|e| infer::infer(&scope, &e, filter)) {
            Ok(inferred) if inferred.ty == SqlType::Bool => {}
            Ok(inferred) => {
                sink.fault(Code::ExpressionType, place, format!("the filter is {}, not bool", inferred.ty.name()));
            }
            Err(fault) => report(sink, sources, place, filter, &fault),
        }
    }
}

/// Reports columns of the key that may be null: two rows without a value would be no row's and both's.
fn check_key(sink: &mut Sink, table: &RawTable, scope: &Scope<'_>) {
    for name in &table.key {
        let column = table.model.column(&name.value);
        let never_null = || {
            let expr = scope.output(&name.value).ok()?;
            infer::infer(scope, &expr, "").ok().map(|inferred| !inferred.nullable)
        };
        // An expression with a fault has been reported.
        if column.is_some_and(|c| !c.required) && never_null() == Some(false) {
            sink.fault(
                Code::ExpressionNull,
                &name.place,
                format!("`{}` may be null, and a key always has a value", name.value),
            )
            .help("make the column required, or give it a `transform` with a default, as by `coalesce`");
        }
    }
}

fn check_result(sink: &mut Sink, column: &Column, inferred: Inferred, place: &Place) {
    let expected = SqlType::of(column.ty);
    if inferred.ty != expected && inferred.ty != SqlType::Null {
        let help = match (inferred.ty, expected) {
            (SqlType::TimestampNanos | SqlType::TimestampMillis | SqlType::TimestampSeconds, SqlType::Timestamp) => {
                "columns hold microseconds; use `to_timestamp_micros`".to_owned()
            }
            _ => format!("wrap it in `CAST(… AS {})`", platform_type(column.ty)),
        };
        sink.fault(
            Code::ExpressionType,
            place,
            format!("column `{}` is `{}`, its expression yields `{}`", column.name, column.ty, inferred.ty.name()),
        )
        .help(help);
    } else if column.required && inferred.nullable {
        sink.fault(
            Code::ExpressionNull,
            place,
            format!("column `{}` is required, its expression may be null", column.name),
        )
        .help("require the fields that it reads, or give it a default with `coalesce`");
    }
}

/// Reports a fault at the part of the expression that has it, as far as the text shows where.
fn report(sink: &mut Sink, sources: &SourceSet, place: &Place, text: &str, fault: &Fault) {
    let mut place = place.clone();
    let source = sources.files().get(place.file).and_then(|f| f.text.get(place.span.clone()));
    // Escapes in the TOML text make the two differ; then the whole value is marked.
    if let (Some(start), Some(part)) = (source.and_then(|s| s.find(text)), &fault.part)
        && !text.is_empty()
    {
        let from = place.span.start + start + part.start.min(text.len());
        let to = place.span.start + start + part.end.min(text.len());
        place.span = from..to.max(from);
    }
    sink.fault(fault.code, &place, fault.message.clone()).help_if(fault.help.clone());
}

/// Returns the type in the SQL of the platform's pipelines.
pub const fn platform_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "STRING",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Int32 => "INT",
        ColumnType::Int64 => "BIGINT",
        ColumnType::Float64 => "DOUBLE",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::Json => "JSON",
        ColumnType::Binary => "BYTEA",
    }
}
