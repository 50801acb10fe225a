//! One move of rows: from a table version to the next, in one layout.

use unified_event_schema::{Column, ColumnType, INGEST_COLUMN, Pipeline, Table};

use super::dialect::Dialect;
use super::pair::{Pair, Source, pairs};

/// The columns that say when a row arrived, the best one first, where the platform adds none.
const ARRIVAL: [&str; 2] = ["ingested_at", "timestamp"];

/// How the two tables lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Tables that engines own.
    Engine,
    /// Tables that the platform's sinks made, with their time of arrival.
    Managed,
}

/// The two versions of a table with the way of every column.
pub(super) struct Step<'a> {
    pub old: &'a Table,
    pub new: &'a Table,
    pub pairs: Vec<Pair<'a>>,
}

impl<'a> Step<'a> {
    pub(super) fn new(old: &'a Table, new: &'a Table, pipeline: Option<&Pipeline>) -> Self {
        Self { old, new, pairs: pairs(old, new, pipeline) }
    }

    /// Returns the column that tells rows apart, when the table has one.
    ///
    /// Without one a row is known by all that it says.
    pub(super) fn key(&self) -> Option<&Pair<'a>> {
        self.pairs.iter().find(|p| self.new.grouped && p.target.name == "id" && matches!(p.source, Source::Column(_)))
    }

    /// Returns the condition under which a row of the new table is the same event as a row that
    /// has the new columns already.
    pub(super) fn same_row(&self, dialect: Dialect, new: &str, row: &str) -> String {
        let side = |side: &str, pair: &Pair<'_>| format!("{side}.{}", dialect.quote(&pair.target.name));
        match self.key() {
            Some(key) => format!("{} = {}", side(new, key), side(row, key)),
            None => {
                let all = self.shared().map(|p| dialect.same(&side(new, p), &side(row, p)));
                all.collect::<Vec<_>>().join("\n  AND ")
            }
        }
    }

    /// Returns the columns of which both versions hold the same values.
    pub(super) fn shared(&self) -> impl Iterator<Item = &Pair<'a>> {
        self.pairs.iter().filter(|p| matches!(p.source, Source::Column(_)))
    }

    /// Returns when a row of the old table arrived.
    pub(super) fn old_arrival(&self, dialect: Dialect, layout: Layout, row: &str) -> String {
        arrival(dialect, layout, row, &self.arrival_columns())
    }

    /// Returns when a row of the new table arrived.
    pub(super) fn new_arrival(&self, dialect: Dialect, layout: Layout, row: &str) -> String {
        let of = |old: &&Column| self.new.columns.iter().find(|c| c.id == old.id && c.ty == ColumnType::Timestamp);
        let columns: Vec<&Column> = self.arrival_columns().iter().filter_map(of).collect();
        arrival(dialect, layout, row, &columns)
    }

    pub(super) fn arrival_columns(&self) -> Vec<&'a Column> {
        let columns = ARRIVAL.iter().filter_map(|name| self.old.column(name));
        columns.filter(|c| c.ty == ColumnType::Timestamp).collect()
    }

    /// Says whether rows can be taken by their time of arrival.
    pub(super) fn has_window(&self, layout: Layout) -> bool {
        layout == Layout::Managed || !self.arrival_columns().is_empty()
    }

    /// Returns the condition of the window; without a time of arrival every pass is over all rows.
    pub(super) fn window(&self, dialect: Dialect, layout: Layout, arrival: &str) -> String {
        if !self.has_window(layout) {
            return "1 = 1".to_owned();
        }
        let (lo, hi) = (dialect.parameter("lo"), dialect.parameter("hi"));
        format!("{arrival} >= {lo}\n  AND {arrival} < {hi}")
    }

    /// Returns what the parameters of the window are, for the head of a file.
    pub(super) fn window_note(&self, dialect: Dialect, layout: Layout) -> String {
        if !self.has_window(layout) {
            return "No parameters for the time: the table has no time of arrival, so every run is over all rows"
                .to_owned();
        }
        let (lo, hi) = (dialect.parameter("lo"), dialect.parameter("hi"));
        format!("Parameters: {lo}, {hi} (instants; from the first up to, not including, the second)")
    }
}

fn arrival(dialect: Dialect, layout: Layout, row: &str, columns: &[&Column]) -> String {
    if layout == Layout::Managed {
        return format!("{row}.{}", dialect.quote(INGEST_COLUMN));
    }
    let names: Vec<String> = columns.iter().map(|c| format!("{row}.{}", dialect.quote(&c.name))).collect();
    match names.as_slice() {
        [] => dialect.epoch(),
        // A row that says no time is one of the first window: it must not fall out of all of them.
        _ => format!("COALESCE({}, {})", names.join(", "), dialect.epoch()),
    }
}
