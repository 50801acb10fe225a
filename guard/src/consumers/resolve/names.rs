//! The names of an expression, and the queries within it.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, Query, Spanned, Visit, Visitor};

/// What stands in an expression, in the order of the text.
#[derive(Default)]
pub(super) struct Names {
    pub names: Vec<Vec<Ident>>,
    /// The queries, which have scopes of their own.
    pub queries: Vec<Query>,
    /// How many queries lie around the place that is visited.
    depth: usize,
    /// The line of a call that stands for columns, such as DuckDB's and ClickHouse's `COLUMNS('…')`.
    pub dynamic: Option<u64>,
    /// The parameters of the functions `x -> …` around it.
    parameters: Vec<Vec<String>>,
}

impl Names {
    pub fn of(expr: &Expr) -> Self {
        let mut names = Self::default();
        let _ = expr.visit(&mut names);
        names
    }
}

impl Visitor for Names {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.queries.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let own = |name: &Ident| self.parameters.iter().flatten().any(|p| *p == name.value);
        match expr {
            Expr::Identifier(ident) if self.depth == 0 && !own(ident) => self.names.push(vec![ident.clone()]),
            Expr::CompoundIdentifier(parts) if self.depth == 0 && !parts.first().is_some_and(own) => {
                self.names.push(parts.clone());
            }
            Expr::Function(call) if self.depth == 0 && call.name.to_string().eq_ignore_ascii_case("columns") => {
                self.dynamic = Some(call.name.span().start.line);
            }
            Expr::Lambda(lambda) => self.parameters.push(lambda.params.iter().map(|p| p.value.clone()).collect()),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if matches!(expr, Expr::Lambda(_)) {
            self.parameters.pop();
        }
        ControlFlow::Continue(())
    }
}
