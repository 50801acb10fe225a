//! Views over the versions of a table that live at the same time.

use unified_event_schema::{Pipeline, Schema, Table};

use super::dialect::Dialect;
use super::step::{PLACE, Step, place};
use crate::head_note;

/// A live version of a table, with the definition it is of.
#[derive(Clone, Copy)]
pub(super) struct Live<'a> {
    pub schema: &'a Schema,
    pub table: &'a Table,
}

impl<'a> Live<'a> {
    /// Returns the pipeline that feeds this version.
    pub(super) fn pipeline(self) -> Option<&'a Pipeline> {
        self.schema.pipeline(&self.table.name)
    }

    /// Returns the way of the rows of this version to another one.
    pub(super) fn to(self, target: Live<'a>) -> Step<'a> {
        Step::new(self, target)
    }
}

/// Returns the views of the overlap: all rows in the newest shape, and all in that of each older version.
///
/// `live` holds the versions, the newest first.
pub(super) fn overlap(live: &[Live<'_>], dialect: Dialect) -> String {
    let notes = [
        "While several versions live: every row once, whichever of them holds it. What one version holds twice",
        "is shown twice, as it was.",
    ];
    views(live, live, dialect, &notes)
}

/// Returns the same views for when the version that was moved from is retired.
pub(super) fn retired(live: &[Live<'_>], dialect: Dialect) -> String {
    let left: Vec<Live<'_>> = live.iter().enumerate().filter(|(i, _)| *i != 1).map(|(_, l)| *l).collect();
    let versions: Vec<String> = left.iter().map(|l| l.table.version.to_string()).collect();
    let note = format!(
        "After version {} is retired: the same names over what is left, version {}.",
        live.get(1).map_or(0, |l| l.table.version),
        versions.join(" and ")
    );
    views(live, &left, dialect, &[&note])
}

/// Returns a view in the shape of every version, over the rows of those that are left.
fn views(shapes: &[Live<'_>], left: &[Live<'_>], dialect: Dialect, notes: &[&str]) -> String {
    let mut out = head_note("--");
    for note in notes {
        out.push_str(&format!("-- {note}\n"));
    }
    if dialect == Dialect::Spark {
        out.push_str("-- The session's time zone must be UTC.\n");
    }
    for (age, target) in shapes.iter().enumerate() {
        // A reader of a version sees that version's own rows as they are, then those of the others, the
        // newest first.
        let (own, others): (Vec<Live<'_>>, Vec<Live<'_>>) =
            left.iter().partition(|l| l.table.version == target.table.version);
        let order = [own, others].concat();
        let selects: Vec<String> = (0..order.len()).map(|i| select(order[i], *target, &order[..i], dialect)).collect();
        out.push_str(&format!(
            "\nCREATE OR REPLACE VIEW {} AS\n{};\n",
            dialect.quote(&name(target.table, age)),
            selects.join("\nUNION ALL\n")
        ));
    }
    out
}

/// Returns the name of the view: `<table>_all` in the newest shape, `<table>_as_v<N>` in an older one.
fn name(table: &Table, age: usize) -> String {
    if age == 0 { format!("{}_all", table.name) } else { format!("{}_as_v{}", table.name, table.version) }
}

/// Returns the rows of `source` in the shape of `target`, without those that a table of `before` has.
fn select(source: Live<'_>, target: Live<'_>, before: &[Live<'_>], dialect: Dialect) -> String {
    let mut conditions = Vec::new();
    let columns: Vec<String> = if source.table.version == target.table.version {
        target.table.columns.iter().map(|c| format!("  r.{}", dialect.quote(&c.name))).collect()
    } else {
        let step = source.to(target);
        conditions.extend(step.keeps(dialect, "r"));
        step.pairs.iter().map(|p| format!("  {} AS {}", p.value(dialect, "r"), dialect.quote(&p.target.name))).collect()
    };
    // Rows without a key are counted on either side; each of the others has identities of its own.
    let mut places = Vec::new();
    for (i, other) in before.iter().enumerate() {
        let step = source.to(*other);
        let table = dialect.quote(&other.table.physical_name);
        let side = |row: &str, name: &str| format!("{row}.{}", dialect.quote(name));
        let identity = step.identity();
        let mut same: Vec<String> = identity
            .pairs()
            .iter()
            .map(|p| p.same(dialect, &side("b", &p.target.name), &p.value(dialect, "r")))
            .collect();
        let mut from = format!("{table} AS b");
        if !identity.is_key() {
            let number = |row: &str, names: Vec<String>, live: Live<'_>| {
                let first = live.table.columns.first().map_or("1".to_owned(), |c| side(row, &c.name));
                place(&names, first)
            };
            let own = format!("{PLACE}_{i}");
            let olds = identity.pairs().iter().map(|p| p.value(dialect, "r")).collect();
            let news = identity.pairs().iter().map(|p| side("b", &p.target.name)).collect();
            places.push(format!("{} AS {}", number("r", olds, source), dialect.quote(&own)));
            from = format!(
                "(\n    SELECT b.*, {} AS {}\n    FROM {table} AS b\n  ) AS b",
                number("b", news, *other),
                dialect.quote(PLACE)
            );
            same.push(format!("{} = {}", side("b", PLACE), side("r", &own)));
        }
        conditions.push(format!("NOT EXISTS (\n  SELECT 1 FROM {from}\n  WHERE {}\n)", same.join("\n    AND ")));
    }
    let table = dialect.quote(&source.table.physical_name);
    let from = if places.is_empty() {
        format!("{table} AS r")
    } else {
        format!("(\n  SELECT r.*, {}\n  FROM {table} AS r\n) AS r", places.join(", "))
    };
    let mut out = format!("SELECT\n{}\nFROM {from}", columns.join(",\n"));
    if !conditions.is_empty() {
        out.push_str(&format!("\nWHERE {}", conditions.join("\n  AND ")));
    }
    out
}
