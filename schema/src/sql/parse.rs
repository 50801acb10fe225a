//! From text to a syntax tree.

use std::ops::Range;

use sqlparser::ast::{Expr, Query};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span, Token};

use crate::diag::Code;

/// What is wrong with an expression.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub code: Code,
    pub message: String,
    pub help: Option<String>,
    /// The bytes of the expression that are at fault, where known.
    pub part: Option<Range<usize>>,
}

impl Fault {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, part: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// Parses one scalar expression.
pub(super) fn parse(text: &str) -> Result<Expr, Fault> {
    let dialect = GenericDialect {};
    let syntax = |error| syntax("expression", text, &error);
    let mut parser = Parser::new(&dialect).try_with_sql(text).map_err(syntax)?;
    let expr = parser.parse_expr().map_err(syntax)?;
    rest(&parser, text, "expression", "an expression is one scalar value, without an alias, a comma or a semicolon")?;
    Ok(expr)
}

/// Parses one query.
pub(super) fn parse_query(text: &str) -> Result<Query, Fault> {
    let dialect = GenericDialect {};
    let syntax = |error| syntax("query", text, &error);
    let mut parser = Parser::new(&dialect).try_with_sql(text).map_err(syntax)?;
    let query = parser.parse_query().map_err(syntax)?;
    rest(&parser, text, "query", "a file of the library is one SELECT without a semicolon")?;
    Ok(*query)
}

fn syntax(what: &str, text: &str, error: &ParserError) -> Fault {
    let message = error.to_string();
    let message = message.trim_start_matches("sql parser error: ");
    let (message, at) = split_location(message);
    let mut fault = Fault::new(Code::ExpressionSyntax, format!("the {what} is not SQL: {}", lower_first(message)));
    fault.part = at.map(|location| {
        let start = offset(text, location);
        start..(start + 1).min(text.len())
    });
    fault
}

/// Reports what follows the end.
fn rest(parser: &Parser<'_>, text: &str, what: &str, help: &str) -> Result<(), Fault> {
    let rest = parser.peek_token();
    if rest.token == Token::EOF {
        return Ok(());
    }
    let start = offset(text, rest.span.start);
    let mut fault = Fault::new(Code::ExpressionSyntax, format!("`{}` follows the {what}", rest.token)).help(help);
    fault.part = Some(start..text.len().max(start));
    Err(fault)
}

/// Returns the bytes of `text` that a span covers; nothing for a span without a place.
pub(super) fn part(text: &str, span: Span) -> Option<Range<usize>> {
    if span.start.line == 0 {
        return None;
    }
    // The parser's end is the place after the last character.
    let (start, end) = (offset(text, span.start), offset(text, span.end));
    Some(start..end.max(start))
}

fn offset(text: &str, location: Location) -> usize {
    let line = usize::try_from(location.line.saturating_sub(1)).unwrap_or(0);
    let column = usize::try_from(location.column.saturating_sub(1)).unwrap_or(0);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

/// Splits ` at Line: 1, Column: 5` off a message of the parser.
fn split_location(message: &str) -> (&str, Option<Location>) {
    let Some((head, tail)) = message.rsplit_once(" at Line: ") else { return (message, None) };
    let numbers = tail.split_once(", Column: ").and_then(|(l, c)| Some((l.parse().ok()?, c.trim().parse().ok()?)));
    match numbers {
        Some((line, column)) => (head, Some(Location { line, column })),
        None => (message, None),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
