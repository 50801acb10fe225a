//! Views over the versions of a table that live at the same time.

use unified_event_schema::{Schema, Table};

use super::dialect::Dialect;
use super::step::Step;
use crate::head_note;

/// A live version of a table, with the definition it is of.
#[derive(Clone, Copy)]
pub(super) struct Live<'a> {
    pub schema: &'a Schema,
    pub table: &'a Table,
}

impl<'a> Live<'a> {
    /// Returns the way of the rows of this version to another one.
    pub(super) fn to(self, target: Live<'a>) -> Step<'a> {
        Step::new(self.table, target.table, target.schema.pipeline(&target.table.name))
    }
}

/// Returns the views of the overlap: all rows in the newest shape, and all in that of each older version.
///
/// `live` holds the versions, the newest first.
pub(super) fn overlap(live: &[Live<'_>], dialect: Dialect) -> String {
    let mut out = head_note("--");
    out.push_str("-- While several versions live: every event once, whichever of them holds it.\n");
    if dialect == Dialect::Spark {
        out.push_str("-- The session's time zone must be UTC.\n");
    }
    for (i, target) in live.iter().enumerate() {
        // A reader of a version sees that version's own rows as they are.
        let mut order = live.to_vec();
        order[..=i].rotate_right(1);
        out.push('\n');
        out.push_str(&view(&name(target.table, i), &order, dialect));
    }
    out
}

/// Returns the views for when only the newest version is left.
pub(super) fn retired(live: &[Live<'_>], dialect: Dialect) -> String {
    let mut out = head_note("--");
    out.push_str("-- After the older versions are retired: the same names over the newest version alone.\n");
    if dialect == Dialect::Spark {
        out.push_str("-- The session's time zone must be UTC.\n");
    }
    for (i, target) in live.iter().enumerate() {
        out.push('\n');
        let select = select(live[0], *target, &[], dialect);
        out.push_str(&format!("{} AS\n{select};\n", create(&name(target.table, i), dialect)));
    }
    out
}

/// Returns the name of the view: `<table>_all` in the newest shape, `<table>_as_v<N>` in an older one.
fn name(table: &Table, age: usize) -> String {
    if age == 0 { format!("{}_all", table.name) } else { format!("{}_as_v{}", table.name, table.version) }
}

fn create(name: &str, dialect: Dialect) -> String {
    format!("CREATE OR REPLACE VIEW {}", dialect.quote(name))
}

/// Returns a view in the shape of the first version: its rows, then those of the others that none
/// before them has.
fn view(name: &str, order: &[Live<'_>], dialect: Dialect) -> String {
    let target = order[0];
    let selects: Vec<String> = (0..order.len()).map(|i| select(order[i], target, &order[..i], dialect)).collect();
    format!("{} AS\n{};\n", create(name, dialect), selects.join("\nUNION ALL\n"))
}

/// Returns the rows of `source` in the shape of `target`, without those that a table of `before` has.
fn select(source: Live<'_>, target: Live<'_>, before: &[Live<'_>], dialect: Dialect) -> String {
    let table = |live: Live<'_>| dialect.quote(&live.table.physical_name);
    let columns: Vec<String> = if source.table.version == target.table.version {
        target.table.columns.iter().map(|c| format!("  r.{}", dialect.quote(&c.name))).collect()
    } else {
        let step = source.to(target);
        step.pairs.iter().map(|p| format!("  {} AS {}", p.value(dialect, "r"), dialect.quote(&p.target.name))).collect()
    };
    let mut out = format!("SELECT\n{}\nFROM {} AS r", columns.join(",\n"), table(source));
    for (i, other) in before.iter().enumerate() {
        let word = if i == 0 { "WHERE" } else { "  AND" };
        out.push_str(&format!(
            "\n{word} NOT EXISTS (\n  SELECT 1 FROM {} AS b\n  WHERE {}\n)",
            table(*other),
            same_event(source, *other, dialect)
        ));
    }
    out
}

/// Returns the condition under which row `r` of `source` and row `b` of `other` are the same event.
fn same_event(source: Live<'_>, other: Live<'_>, dialect: Dialect) -> String {
    let step = source.to(other);
    let compare =
        |pair: &super::pair::Pair<'_>| (format!("b.{}", dialect.quote(&pair.target.name)), pair.value(dialect, "r"));
    match step.key() {
        Some(key) => {
            let (b, r) = compare(key);
            format!("{b} = {r}")
        }
        None => {
            let all = step.shared().map(|pair| {
                let (b, r) = compare(pair);
                dialect.same(&b, &r)
            });
            all.collect::<Vec<_>>().join("\n    AND ")
        }
    }
}
