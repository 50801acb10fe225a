//! One move of rows: from a table version to another, in one layout.

use unified_event_schema::{Column, ColumnType, INGEST_COLUMN, Table};

use super::dialect::Dialect;
use super::filter::{self, Kept};
use super::pair::{Pair, pairs};
use super::views::Live;

/// The column that says when a row arrived, where the platform adds none.
const ARRIVAL: &str = "ingested_at";

/// The place of a row among those with the same identity, counted from 1.
pub(super) const PLACE: &str = "__place";

/// How the two tables lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Tables that engines own.
    Engine,
    /// Tables that the platform's sinks made, with their time of arrival.
    Managed,
}

/// What makes a row of one version and a row of the other the same row.
pub(super) enum Identity<'s, 'a> {
    /// The key: rows with the same values are one row.
    Key(Vec<&'s Pair<'a>>),
    /// Nothing tells equal rows apart, so that as many of them count as there are.
    Rows(Vec<&'s Pair<'a>>),
}

impl<'s, 'a> Identity<'s, 'a> {
    pub(super) fn pairs(&self) -> &[&'s Pair<'a>] {
        match self {
            Self::Key(pairs) | Self::Rows(pairs) => pairs,
        }
    }

    pub(super) const fn is_key(&self) -> bool {
        matches!(self, Self::Key(_))
    }
}

/// Two versions of a table with the way of every column.
pub(super) struct Step<'a> {
    pub old: &'a Table,
    pub new: &'a Table,
    pub pairs: Vec<Pair<'a>>,
    pub kept: Kept,
}

impl<'a> Step<'a> {
    pub(super) fn new(old: Live<'a>, new: Live<'a>) -> Self {
        let pairs = pairs(old, new);
        let kept = filter::kept(old, new, &pairs);
        Self { old: old.table, new: new.table, pairs, kept }
    }

    /// Returns what tells rows apart in both versions.
    ///
    /// A key counts where both versions write all of its columns alike. Two keys that differ count
    /// together: fewer columns would take two rows for one.
    pub(super) fn identity(&self) -> Identity<'_, 'a> {
        let of = |table: &Table| -> Vec<u32> { table.key.iter().filter_map(|k| Some(table.column(k)?.id)).collect() };
        let (old, new) = (of(self.old), of(self.new));
        let ids: Vec<u32> = new.iter().copied().chain(old.into_iter().filter(|id| !new.contains(id))).collect();
        let pairs: Vec<&Pair<'a>> =
            ids.iter().filter_map(|id| self.pairs.iter().find(|p| p.target.id == *id && p.is_told_alike())).collect();
        if !new.is_empty() && pairs.len() == ids.len() {
            return Identity::Key(pairs);
        }
        Identity::Rows(self.pairs.iter().filter(|p| p.is_stable()).collect())
    }

    /// Returns the columns by which rows of the new table must differ: its key, when old rows have one.
    pub(super) fn promised(&self) -> Vec<&Pair<'a>> {
        match self.identity() {
            Identity::Key(pairs) => pairs.into_iter().filter(|p| self.new.key.contains(&p.target.name)).collect(),
            Identity::Rows(pairs) => pairs,
        }
    }

    /// Returns the columns whose values should be the same in both versions, beside the identity.
    ///
    /// What the platform around a producer says may differ between two deliveries of a row.
    pub(super) fn compared(&self) -> Vec<&Pair<'a>> {
        let identity = self.identity();
        let is_identity = |p: &Pair<'_>| identity.pairs().iter().any(|i| i.target.id == p.target.id);
        let event = unified_event_schema::ColumnKind::Event;
        let of_event = self.pairs.iter().filter(|p| p.target.kind == event && p.target.name != ARRIVAL);
        of_event.filter(|p| p.is_stable() && !is_identity(p)).collect()
    }

    /// Returns the columns in which old rows with the same identity may differ, so that one is not the other.
    pub(super) fn told_apart_by(&self) -> Vec<&Column> {
        let promised: Vec<u32> = self.promised().iter().map(|p| p.target.id).collect();
        let event = unified_event_schema::ColumnKind::Event;
        let columns = self.old.columns.iter().filter(|c| !promised.contains(&c.id) && c.kind == event);
        columns.filter(|c| c.computed.is_none() && c.name != ARRIVAL).collect()
    }

    /// Returns the condition under which two rows that both have the new columns are the same.
    pub(super) fn same_row(&self, dialect: Dialect, new: &str, row: &str) -> String {
        let side = |side: &str, name: &str| format!("{side}.{}", dialect.quote(name));
        let mut all: Vec<String> = Vec::new();
        for pair in self.identity().pairs() {
            let name = &pair.target.name;
            all.push(pair.same(dialect, &side(new, name), &side(row, name)));
        }
        if !self.identity().is_key() {
            all.push(format!("{} = {}", side(new, PLACE), side(row, PLACE)));
        }
        all.join("\n  AND ")
    }

    /// Returns the place of an old row among those with its identity, the first that arrived first.
    pub(super) fn old_place(&self, dialect: Dialect, layout: Layout, row: &str) -> String {
        let by: Vec<String> = self.identity().pairs().iter().map(|p| p.value(dialect, row)).collect();
        let arrival = arrival(dialect, layout, row, self.arrival_column());
        place(&by, arrival.unwrap_or_else(|| first(dialect, row, self.old)))
    }

    /// Returns the place of a new row among those with its identity.
    pub(super) fn new_place(&self, dialect: Dialect, layout: Layout, row: &str) -> String {
        let name = |p: &&Pair<'_>| format!("{row}.{}", dialect.quote(&p.target.name));
        let by: Vec<String> = self.identity().pairs().iter().map(name).collect();
        let arrival = arrival(dialect, layout, row, self.new_arrival_column());
        place(&by, arrival.unwrap_or_else(|| first(dialect, row, self.new)))
    }

    pub(super) fn arrival_column(&self) -> Option<&'a Column> {
        self.old.column(ARRIVAL).filter(|c| c.ty == ColumnType::Timestamp)
    }

    fn new_arrival_column(&self) -> Option<&'a Column> {
        let old = self.arrival_column()?;
        self.new.columns.iter().find(|c| c.id == old.id && c.ty == ColumnType::Timestamp)
    }

    /// Returns when a row of the old table arrived, where it says so.
    pub(super) fn old_arrival(&self, dialect: Dialect, layout: Layout, row: &str) -> Option<String> {
        arrival(dialect, layout, row, self.arrival_column())
    }

    /// Returns when a row of the new table arrived, where it says so.
    pub(super) fn new_arrival(&self, dialect: Dialect, layout: Layout, row: &str) -> Option<String> {
        arrival(dialect, layout, row, self.new_arrival_column())
    }

    /// Says whether rows can be taken by their time of arrival.
    pub(super) fn has_window(&self, layout: Layout) -> bool {
        layout == Layout::Managed || self.arrival_column().is_some()
    }

    /// Returns the condition of the window. A row without a time of arrival is in every window.
    pub(super) fn window(&self, dialect: Dialect, layout: Layout, row: &str) -> String {
        let Some(arrival) = self.old_arrival(dialect, layout, row) else { return "1 = 1".to_owned() };
        let (lo, hi) = (dialect.parameter("lo"), dialect.parameter("hi"));
        format!("({arrival} IS NULL OR ({arrival} >= {lo} AND {arrival} < {hi}))")
    }

    /// Returns the day on which a row arrived, for those of the window.
    pub(super) fn day(dialect: Dialect, layout: Layout, arrival: Option<String>) -> String {
        let Some(arrival) = arrival else { return "'any day'".to_owned() };
        let (lo, hi) = (dialect.parameter("lo"), dialect.parameter("hi"));
        format!(
            "CASE WHEN {arrival} IS NULL THEN 'no day' WHEN {arrival} >= {lo} AND {arrival} < {hi} THEN {} ELSE 'outside the window' END",
            dialect.day(&arrival, layout == Layout::Engine)
        )
    }

    /// Returns what the parameters of the window are, for the head of a file.
    pub(super) fn window_note(&self, dialect: Dialect, layout: Layout) -> String {
        if !self.has_window(layout) {
            return "No parameters for the time: the table has no time of arrival, so every run is over all rows"
                .to_owned();
        }
        let (lo, hi) = (dialect.parameter("lo"), dialect.parameter("hi"));
        format!("Parameters: {lo}, {hi} (instants of arrival; from the first up to, not including, the second)")
    }

    /// Returns the condition under which the new version keeps an old row, when its filter is another.
    pub(super) fn keeps(&self, dialect: Dialect, row: &str) -> Option<String> {
        match &self.kept {
            Kept::Where(condition) => Some(condition.render(dialect, row, &self.pairs)),
            Kept::All | Kept::Unknown(_) => None,
        }
    }
}

fn first(dialect: Dialect, row: &str, table: &Table) -> String {
    table.columns.first().map_or_else(|| "1".to_owned(), |c| format!("{row}.{}", dialect.quote(&c.name)))
}

/// Returns the number of a row among those that are the same by some expressions.
pub(super) fn place(by: &[String], order: String) -> String {
    let by = if by.is_empty() { String::new() } else { format!("PARTITION BY {} ", by.join(", ")) };
    format!("row_number() OVER ({by}ORDER BY {order})")
}

fn arrival(dialect: Dialect, layout: Layout, row: &str, column: Option<&Column>) -> Option<String> {
    let name = if layout == Layout::Managed { Some(INGEST_COLUMN) } else { column.map(|c| c.name.as_str()) };
    Some(format!("{row}.{}", dialect.quote(name?)))
}
