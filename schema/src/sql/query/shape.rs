//! What there is in a query: names, SELECTs, and bounds on the arrival of rows.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, ObjectName, ObjectNamePart, Query, Select, SelectItem, SetExpr, TableFactor, Visitor,
};

use crate::INGEST_COLUMN;

/// What a query names itself, and which tables it reads.
#[derive(Default)]
pub(super) struct Names {
    pub ctes: BTreeSet<String>,
    pub relations: BTreeSet<String>,
    pub table_aliases: BTreeSet<String>,
    pub columns: BTreeSet<String>,
}

impl Visitor for Names {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            self.ctes.insert(cte.alias.name.value.clone());
        }
        for select in selects(&query.body) {
            for item in &select.projection {
                if let SelectItem::ExprWithAlias { alias, .. } = item {
                    self.columns.insert(alias.value.clone());
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. } = factor
        {
            self.table_aliases.insert(alias.name.value.clone());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        self.relations.extend(simple(name).map(str::to_owned));
        ControlFlow::Continue(())
    }
}

/// Returns a name that has one part.
pub(super) fn simple(name: &ObjectName) -> Option<&str> {
    match name.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] => Some(&ident.value),
        _ => None,
    }
}

/// Returns the SELECTs of a query's body; queries in parentheses are queries of their own.
pub(super) fn selects(body: &SetExpr) -> Vec<&Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => [selects(left), selects(right)].concat(),
        _ => Vec::new(),
    }
}

/// Says whether WHERE bounds the arrival of a table's rows from both sides.
pub(super) fn pruned(select: &Select, alias: Option<&str>, alone: bool) -> bool {
    let is_arrival = |expr: &Expr| match expr {
        Expr::Identifier(ident) => alone && ident.value == INGEST_COLUMN,
        Expr::CompoundIdentifier(parts) => {
            let is_of_table = |t: &str| Some(t) == alias;
            matches!(parts.as_slice(), [table, column] if is_of_table(&table.value) && column.value == INGEST_COLUMN)
        }
        _ => false,
    };
    let (mut lower, mut upper) = (false, false);
    let mut parts: Vec<&Expr> = select.selection.iter().collect();
    while let Some(part) = parts.pop() {
        match part {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => parts.extend([&**left, &**right]),
            Expr::BinaryOp { left, op, .. } if is_arrival(left) => match op {
                BinaryOperator::GtEq | BinaryOperator::Gt => lower = true,
                BinaryOperator::LtEq | BinaryOperator::Lt => upper = true,
                _ => {}
            },
            _ => {}
        }
    }
    lower && upper
}
