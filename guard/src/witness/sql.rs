//! Queries that fail on the new version, or answer otherwise.

use serde_json::json;
use unified_event_schema::sql::quote;
use unified_event_schema::{Column, ColumnType};

use super::super::change::{Change, Destination, Kind, NameOf, QueryProblem, Subject};
use super::super::rules::Context;
use super::filter;
use super::readers::reader;
use super::{Given, Side, Witness, WitnessKind};

/// Returns a query that uses what changed.
pub(super) fn witness(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let query = |text: String| Some(Witness::new(WitnessKind::Sql, Side::Old, text));
    match (&change.subject, &change.kind) {
        // What the query makes of other values, only an engine knows.
        (_, Kind::QueryResult { problem: QueryProblem::Literals | QueryProblem::Values, .. }) => None,
        (_, Kind::QueryResult { sql, .. }) => query(sql.clone()),
        (Subject::Column { .. }, Kind::Unit { old, new }) => {
            let factor = factor(old.as_deref()?, new.as_deref()?)?;
            let reader = reader(change, cx)?;
            let rows = rows(reader.old, factor)?;
            let (name, table) = (quote(&reader.old.name), &reader.old_table.physical_name);
            Some(Witness { given: Some(rows), ..query(format!("SELECT max({name}) FROM {table}"))? })
        }
        (Subject::Column { .. }, _) => {
            let reader = reader(change, cx)?;
            let same = reader.new.is_some_and(|new| stored(new.ty) == stored(reader.old.ty));
            let table = &reader.old_table.physical_name;
            if same { None } else { query(format!("SELECT {} FROM {table}", quote(&reader.old.name))) }
        }
        (Subject::Pipeline { table }, Kind::Filter { old, new }) => {
            let event = filter::event(cx, table, old.as_deref(), new.as_deref())?;
            let name = &cx.old.table(table)?.physical_name;
            Some(Witness { given: Some(Given::Event { event }), ..query(format!("SELECT count(*) FROM {name}"))? })
        }
        (Subject::Table { table } | Subject::Pipeline { table }, kind) => match kind {
            Kind::Destination { of: Destination::Namespace | Destination::SinkTable, .. } => {
                let sink = &cx.old.pipeline(table)?.sink;
                query(format!("SELECT count(*) FROM {}.{}", quote(&sink.namespace), sink.table))
            }
            Kind::TableDropped
            | Kind::PipelineDropped
            | Kind::TableVersion { .. }
            | Kind::Name { of: NameOf::Table, .. } => {
                let name = &cx.old.table(table)?.physical_name;
                let is_gone = cx.new.tables.iter().all(|t| t.physical_name != *name);
                if is_gone { query(format!("SELECT count(*) FROM {name}")) } else { None }
            }
            _ => None,
        },
        _ => None,
    }
}

/// In tables, JSON is text.
fn stored(ty: ColumnType) -> ColumnType {
    if ty == ColumnType::Json { ColumnType::String } else { ty }
}

/// Units that measure the same, each with how many of the first it is.
const SCALES: [&[(&str, u64)]; 2] = [
    &[("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000)],
    &[("By", 1), ("kBy", 1_000), ("KiBy", 1 << 10), ("MBy", 1_000_000), ("MiBy", 1 << 20), ("GBy", 1_000_000_000)],
];

/// Returns how many of each unit make the same amount.
fn factor(old: &str, new: &str) -> Option<(u64, u64)> {
    let find = |scale: &[(&str, u64)], unit: &str| scale.iter().find(|(name, _)| *name == unit).map(|(_, n)| *n);
    let (old, new) = SCALES.iter().find_map(|scale| Some((find(scale, old)?, find(scale, new)?)))?;
    // The amount is a whole number of either.
    Some((new, old))
}

/// Returns the same amount as each version stores it.
fn rows(column: &Column, (old, new): (u64, u64)) -> Option<Given> {
    let limit = match column.ty {
        ColumnType::Int32 => i32::MAX.unsigned_abs().into(),
        ColumnType::Int64 | ColumnType::Float64 => i64::MAX.unsigned_abs(),
        _ => return None,
    };
    let row = |n: u64| {
        if column.ty == ColumnType::Float64 { json!({ &column.name: n as f64 }) } else { json!({ &column.name: n }) }
    };
    (old <= limit && new <= limit && old != new).then(|| Given::Rows { old: row(old), new: row(new) })
}
