//! Expressions as comparisons see them: what is written differently and means the same is equal.
//!
//! Case of keywords and function names, whitespace, comments, redundant parentheses and quotes are no part of
//! the form, nor are the order of conditions and the way in which they are negated. It is a tree, not text: the SQL
//! that the platform runs is printed from what was written.

mod logic;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, CastKind, Expr, Ident, ObjectName, ObjectNamePart, UnaryOperator, Value, Visit, VisitMut, Visitor,
    VisitorMut,
};

use super::infer::Scope;
use super::parse;
use crate::{Column, Pipeline, Table};

/// Former names of columns and fields with what they are called now.
pub type Renames = BTreeMap<String, String>;

/// An expression in its canonical form: two are equal where they mean the same by form alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(Expr);

impl Canonical {
    /// Returns the fields of the stream that the expression names.
    pub fn fields(&self) -> BTreeSet<String> {
        self.names(|parts| match parts {
            [field] => Some(field.value.clone()),
            _ => None,
        })
    }

    /// Returns the columns that the expression names as `output.<column>`.
    pub fn outputs(&self) -> BTreeSet<String> {
        self.names(|parts| match parts {
            [scope, column] if scope.value == OUTPUT => Some(column.value.clone()),
            _ => None,
        })
    }

    /// Returns true if the expression is a field and nothing more.
    pub const fn is_field(&self) -> bool {
        matches!(self.0, Expr::Identifier(_))
    }

    fn names(&self, pick: impl Fn(&[Ident]) -> Option<String>) -> BTreeSet<String> {
        let mut names = Names { pick, found: BTreeSet::new() };
        let _ = Visit::visit(&self.0, &mut names);
        names.found
    }
}

const OUTPUT: &str = "output";

struct Names<F> {
    pick: F,
    found: BTreeSet<String>,
}

impl<F: Fn(&[Ident]) -> Option<String>> Visitor for Names<F> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let name = match expr {
            Expr::Identifier(ident) => (self.pick)(std::slice::from_ref(ident)),
            Expr::CompoundIdentifier(parts) => (self.pick)(parts),
            _ => None,
        };
        self.found.extend(name);
        ControlFlow::Continue(())
    }
}

/// Returns an expression of the definition as it is written, with the names that its parts have now; nothing for
/// text that is no expression.
pub fn written(text: &str, renames: &Renames) -> Option<Canonical> {
    let expr = parse::parse(text).ok()?;
    canonical(None, expr, renames)
}

/// Returns what the pipeline writes to a column, with the expressions of other columns in place of their names.
///
/// The version of the table stays a name: that it rises is no other expression. Nothing for a column that
/// nothing feeds, and for what is no expression.
pub fn output(table: &Table, pipeline: &Pipeline, column: &Column, renames: &Renames) -> Option<Canonical> {
    let scope = Scope { table, pipeline };
    let expr = scope.output(&column.name).ok()?;
    canonical(Some(&scope), expr, renames)
}

/// Returns the condition of a pipeline; nothing when it has none.
pub fn filter(table: &Table, pipeline: &Pipeline, renames: &Renames) -> Option<Canonical> {
    let scope = Scope { table, pipeline };
    let expr = parse::parse(pipeline.filter.as_deref()?).ok()?;
    canonical(Some(&scope), expr, renames)
}

fn canonical(scope: Option<&Scope<'_>>, mut expr: Expr, renames: &Renames) -> Option<Canonical> {
    let mut form = Form { scope, renames, inlined: 0 };
    match VisitMut::visit(&mut expr, &mut form) {
        ControlFlow::Continue(()) => Some(Canonical(expr)),
        ControlFlow::Break(()) => None,
    }
}

/// More references than this to other columns are a circle, which the loader refuses.
const MOST_INLINED: usize = 10_000;

struct Form<'a> {
    scope: Option<&'a Scope<'a>>,
    renames: &'a Renames,
    inlined: usize,
}

impl Form<'_> {
    fn plain(&self, name: &str) -> Ident {
        Ident::new(self.renames.get(name).map_or(name, String::as_str))
    }
}

impl VisitorMut for Form<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let (Expr::CompoundIdentifier(parts), Some(scope)) = (&*expr, self.scope)
            && let [first, column] = parts.as_slice()
            && first.value == OUTPUT
        {
            self.inlined += 1;
            let Ok(replacement) = scope.output(&column.value) else { return ControlFlow::Break(()) };
            if self.inlined > MOST_INLINED {
                return ControlFlow::Break(());
            }
            *expr = Expr::Nested(Box::new(replacement));
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Nested(inner) => *expr = taken(inner),
            Expr::Identifier(ident) => *ident = self.plain(&ident.value),
            Expr::CompoundIdentifier(parts) => {
                for part in parts {
                    *part = self.plain(&part.value);
                }
            }
            Expr::BinaryOp { op: BinaryOperator::And | BinaryOperator::Or, .. } => logic::order(expr),
            Expr::BinaryOp { .. } => logic::turn(expr),
            Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } => *expr = logic::negated(taken(inner)),
            Expr::Cast { kind, .. } if *kind == CastKind::DoubleColon => *kind = CastKind::Cast,
            Expr::Case { else_result, .. } if else_result.as_deref().is_some_and(is_null) => *else_result = None,
            Expr::Function(call) => lower(&mut call.name),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn taken(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::Value(Value::Null.into()))
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if value.value == Value::Null)
}

fn lower(name: &mut ObjectName) {
    for part in &mut name.0 {
        if let ObjectNamePart::Identifier(ident) = part
            && ident.quote_style.is_none()
        {
            ident.value.make_ascii_lowercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Canonical {
        written(text, &Renames::new()).unwrap_or_else(|| panic!("{text} is no expression"))
    }

    #[test]
    fn what_is_written_differently_is_equal() {
        for (one, other) in [
            ("a = 1 OR b = 2", "a=1  or\tb=2"),
            ("a = 1 OR b = 2", "a = 1 -- first\n OR /* second */ b = 2"),
            ("a = 1\r\nOR b = 2", "a = 1\nOR b = 2"),
            ("a AND b OR c", "((a AND b) OR (c))"),
            ("a AND b AND c", "a AND (b AND c)"),
            ("a OR b OR c OR d", "(a OR b) OR (c OR d)"),
            ("\"status\" = 1", "status = 1"),
            ("lower(a)", "LOWER((a))"),
            ("CAST(a AS BIGINT)", "cast(a as bigint)"),
            ("CAST(a AS INT)", "a::INT"),
            ("a <> 'x'", "a != 'x'"),
            ("CASE WHEN a THEN 1 ELSE NULL END", "case when (a) then 1 end"),
            ("output.\"a\"", "output.a"),
            ("a = 1 OR b = 2", "b = 2 OR a = 1"),
            ("a AND b AND c", "c AND (a AND b)"),
            ("a OR b", "a OR b OR a"),
            ("a OR b", "a OR b OR false"),
            ("a AND b", "true AND a AND b"),
            ("a AND false", "false"),
            ("a = 'x'", "'x' = a"),
            ("a < 1", "1 > a"),
            ("a >= 1", "1 <= a"),
            ("a <> 'x'", "NOT (a = 'x')"),
            ("a <> 'x'", "NOT 'x' = a"),
            ("a IS NOT NULL", "NOT a IS NULL"),
            ("a NOT LIKE 'x%'", "NOT (a LIKE 'x%')"),
            ("a", "NOT NOT a"),
            ("a = 1 OR b = 2", "NOT (a <> 1 AND b <> 2)"),
            ("CASE WHEN a OR b THEN 1 END", "CASE WHEN b OR a THEN 1 END"),
        ] {
            assert_eq!(form(one), form(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_means_something_else_differs() {
        for (one, other) in [
            ("a AND b OR c", "a AND (b OR c)"),
            ("a - b - c", "a - (b - c)"),
            ("NOT a AND b", "NOT (a AND b)"),
            ("a = 'x'", "a = 'X'"),
            ("\"A\" = 1", "a = 1"),
            ("coalesce(a, b)", "coalesce(b, a)"),
            ("CAST(a AS INT)", "TRY_CAST(a AS INT)"),
            ("CASE WHEN a THEN 1 ELSE 2 END", "CASE WHEN a THEN 1 END"),
            ("CASE WHEN a THEN 1 WHEN b THEN 2 END", "CASE WHEN b THEN 2 WHEN a THEN 1 END"),
            ("CASE WHEN a THEN 1 ELSE 2 END", "CASE WHEN NOT a THEN 2 ELSE 1 END"),
            ("a - b", "b - a"),
            ("a < b", "b < a"),
            ("a < b", "a <= b"),
            ("NOT (a AND b)", "NOT a AND NOT b"),
            ("NOT (a < b)", "b < a"),
            ("a AND true", "true"),
            ("a OR false", "false"),
            ("concat(a, b)", "concat(b, a)"),
        ] {
            assert_ne!(form(one), form(other), "{one} and {other}");
        }
    }

    #[test]
    fn former_names_become_those_of_now() {
        let renames = Renames::from([("was".to_owned(), "is".to_owned())]);
        assert_eq!(written("lower(was) = output.was", &renames), written("lower(is) = output.is", &Renames::new()));
        let names = form("concat(a, output.b, table.version, lower(\"C\"))");
        assert_eq!(names.fields().into_iter().collect::<Vec<_>>(), ["C", "a"]);
        assert_eq!(names.outputs().into_iter().collect::<Vec<_>>(), ["b"]);
    }
}
