//! From a syntax tree to the SQL that the platform runs.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, Value, VisitMut, VisitorMut};
use sqlparser::keywords::ALL_KEYWORDS;

use super::infer::Scope;

/// Prints an expression with `output.<column>` and `table.version` replaced by what they stand for.
pub(super) fn print(scope: &Scope<'_>, mut expr: Expr) -> Result<String, String> {
    let mut inline = Inline { scope, fault: None };
    let _ = expr.visit(&mut inline);
    match inline.fault {
        Some(fault) => Err(fault),
        None => Ok(expr.to_string()),
    }
}

/// Returns an identifier as SQL wants it: quoted where it is a keyword or has capitals.
///
/// ```
/// assert_eq!(unified_event_schema::sql::quote("trace_id"), "trace_id");
/// assert_eq!(unified_event_schema::sql::quote("timestamp"), "\"timestamp\"");
/// assert_eq!(unified_event_schema::sql::quote("sourceType"), "\"sourceType\"");
/// ```
pub fn quote(name: &str) -> String {
    if needs_quotes(name) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

fn needs_quotes(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    !plain || ALL_KEYWORDS.binary_search(&name.to_ascii_uppercase().as_str()).is_ok()
}

struct Inline<'a> {
    scope: &'a Scope<'a>,
    fault: Option<String>,
}

impl VisitorMut for Inline<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) => *ident = quoted(&ident.value),
            Expr::CompoundIdentifier(parts) => match self.scope.special(parts) {
                Some(Ok(replacement)) => *expr = parenthesised(replacement),
                Some(Err(fault)) => self.fault = Some(fault.message),
                None => {}
            },
            _ => {}
        }
        // What replaced a name is visited too, as the visitor goes on into `expr`.
        ControlFlow::Continue(())
    }
}

fn quoted(name: &str) -> Ident {
    if needs_quotes(name) { Ident::with_quote('"', name) } else { Ident::new(name) }
}

/// Wraps what could bind looser than its surroundings.
fn parenthesised(expr: Expr) -> Expr {
    match expr {
        Expr::Identifier(ident) => Expr::Identifier(quoted(&ident.value)),
        Expr::Value(_) | Expr::Function(_) | Expr::Cast { .. } | Expr::Case { .. } | Expr::Nested(_) => expr,
        other => Expr::Nested(Box::new(other)),
    }
}

/// Returns an integer literal.
pub(super) fn number(value: u32) -> Expr {
    Expr::Value(Value::Number(value.to_string(), false).into())
}
