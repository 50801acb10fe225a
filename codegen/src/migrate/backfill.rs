//! The SQL that moves old rows: what would be lost, the move itself, and what has arrived.

use unified_event_schema::{Column, ColumnType, INGEST_COLUMN};

use super::dialect::Dialect;
use super::pair::{Pair, Source};
use super::reconcile;
use super::step::{Layout, PLACE, Step};
use crate::head_note;

/// Returns the statements with their file names.
pub(super) fn files(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Vec<(&'static str, String)> {
    vec![
        ("1-preflight.sql", preflight(step, dialect, layout)),
        ("2-backfill.sql", backfill(step, dialect, layout)),
        ("3-reconcile.sql", reconcile::by_day(step, dialect, layout)),
        ("4-differences.sql", reconcile::by_row(step, dialect, layout)),
    ]
}

pub(super) fn head(lines: &[&str]) -> String {
    let mut out = head_note("--");
    for line in lines {
        out.push_str(&format!("-- {line}\n"));
    }
    out
}

pub(super) const fn zone_note(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Spark => "The session's time zone must be UTC.",
        _ => "Days are those of UTC.",
    }
}

/// Every problem of every column: its words and its condition.
fn problems<'a>(step: &'a Step<'_>, dialect: Dialect) -> Vec<(&'a Pair<'a>, String, String)> {
    let all = step.pairs.iter().flat_map(|pair| {
        pair.problems(dialect, "o").into_iter().map(move |(words, condition)| (pair, words, condition))
    });
    all.collect()
}

/// What rows cannot keep apart, for the pre-flight and for the gate of the move: which columns, and the rows.
struct Clash {
    columns: String,
    words: String,
    /// A query of one row a group: `n_rows` and `example`.
    groups: String,
}

/// Returns the rows that would be taken for one, although they differ.
fn clash(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Option<Clash> {
    let (identity, apart) = (step.promised(), step.told_apart_by());
    if apart.is_empty() {
        return None;
    }
    let keys: Vec<String> =
        identity.iter().enumerate().map(|(i, p)| format!("{} AS key_{i}", p.value(dialect, "o"))).collect();
    let by: Vec<String> = (0..keys.len()).map(|i| format!("o.key_{i}")).collect();
    let content = |c: &&Column| (c.name.clone(), format!("o.{}", dialect.quote(&c.name)), c.ty);
    let hash = dialect.row_hash(&apart.iter().map(content).collect::<Vec<_>>());
    let example = identity.iter().rev().find_map(|p| match p.source {
        Source::Column(old) => Some(dialect.text(&format!("o.{}", dialect.quote(&old.name)), old.ty)),
        _ => None,
    });
    let names: Vec<&str> = identity.iter().map(|p| p.target.name.as_str()).collect();
    let columns = if names.is_empty() { "(none)".to_owned() } else { names.join(", ") };
    let words = "is the same in rows that differ".to_owned();
    let given = format!(
        "SELECT {}{} AS example, {hash} AS content, CASE WHEN {} THEN 1 ELSE 0 END AS in_window\n  FROM {} AS o{}",
        keys.iter().map(|k| format!("{k}, ")).collect::<String>(),
        example.unwrap_or_else(|| "'any'".to_owned()),
        step.window(dialect, layout, "o"),
        dialect.quote(&step.old.physical_name),
        step.keeps(dialect, "o").map_or_else(String::new, |keeps| format!("\n  WHERE {keeps}")),
    );
    let groups = format!(
        "SELECT count(*) AS n_rows, min(o.example) AS example\nFROM (\n  {given}\n) AS o\n{}HAVING min(o.content) <> max(o.content) AND max(o.in_window) = 1",
        if by.is_empty() { String::new() } else { format!("GROUP BY {}\n", by.join(", ")) },
    );
    Some(Clash { columns, words, groups })
}

fn preflight(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let window = step.window(dialect, layout, "o");
    let table = dialect.quote(&step.old.physical_name);
    let mut out = head(&[
        "What the move would lose, by column, before anything is written. No row: nothing.",
        &format!("{}.", step.window_note(dialect, layout)),
    ]);
    let keeps = step.keeps(dialect, "o");
    let select = |column: &str, words: &str, example: &str, condition: &str| {
        format!(
            "SELECT {} AS column_name, {} AS problem, count(*) AS n_rows, min({example}) AS example\nFROM {table} AS o\nWHERE {window}\n  AND {condition}\nHAVING count(*) > 0",
            dialect.literal(column),
            dialect.literal(words),
        )
    };
    let and_kept = keeps.as_ref().map_or_else(String::new, |keeps| format!("\n  AND {keeps}"));
    let mut selects: Vec<String> = problems(step, dialect)
        .iter()
        .map(|(pair, words, condition)| {
            let (column, ty) = match &pair.source {
                Source::Column(old) | Source::Meaning(old) => (old.name.as_str(), old.ty),
                _ => (pair.target.name.as_str(), pair.target.ty),
            };
            let value = format!("o.{}", dialect.quote(column));
            select(column, words, &dialect.text(&value, ty), &format!("({condition}){and_kept}"))
        })
        .collect();
    if let Some(keeps) = &keeps {
        let shown = step.old.columns.first().map(|c| dialect.text(&format!("o.{}", dialect.quote(&c.name)), c.ty));
        let example = shown.unwrap_or_else(|| "'any'".to_owned());
        selects.push(select(
            "(filter)",
            "is left out by the filter of the new version",
            &example,
            &format!("NOT {keeps}"),
        ));
    }
    if let Some(Clash { columns, words, groups }) = clash(step, dialect, layout) {
        selects.push(format!(
            "SELECT {} AS column_name, {} AS problem, CAST(sum(g.n_rows) AS BIGINT) AS n_rows, min(g.example) AS example\nFROM (\n  {}\n) AS g\nHAVING count(*) > 0",
            dialect.literal(&columns),
            dialect.literal(&words),
            groups.replace('\n', "\n  ")
        ));
    }
    if selects.is_empty() {
        out.push_str("SELECT 'none' AS column_name, 'every value of every column can be moved' AS problem, 0 AS n_rows, 'none' AS example\nWHERE 1 = 0;\n");
    } else {
        out.push_str(&selects.join("\nUNION ALL\n"));
        out.push_str(";\n");
    }
    out
}

/// Returns the condition that holds everything back while the pre-flight finds something.
///
/// One bad row holds back all of them: half a move is worse than none.
fn gate(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Option<String> {
    let old = dialect.quote(&step.old.physical_name);
    let keeps = step.keeps(dialect, "o");
    let mut any: Vec<String> = problems(step, dialect)
        .iter()
        .map(|(_, _, condition)| match &keeps {
            Some(keeps) => format!("({keeps} AND ({condition}))"),
            None => format!("({condition})"),
        })
        .collect();
    any.extend(keeps.map(|keeps| format!("(NOT {keeps})")));
    let mut counts = Vec::new();
    if !any.is_empty() {
        counts.push(format!(
            "(\n      SELECT count(*) FROM {old} AS o\n      WHERE {}\n        AND ({})\n    ) = 0",
            step.window(dialect, layout, "o"),
            any.join("\n          OR ")
        ));
    }
    if let Some(clash) = clash(step, dialect, layout) {
        counts.push(format!(
            "(\n      SELECT count(*) FROM (\n        {}\n      ) AS g\n    ) = 0",
            clash.groups.replace('\n', "\n        ")
        ));
    }
    if counts.is_empty() {
        return None;
    }
    let accepted = dialect.cast(&dialect.parameter("accept_loss"), ColumnType::Bool);
    Some(format!("({accepted} OR ({}))", counts.join("\n    AND ")))
}

/// Returns the columns of a moved row with their names.
fn moved(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Vec<(String, String)> {
    let own = step.pairs.iter().map(|pair| (pair.moved(dialect, "o"), dialect.quote(&pair.target.name)));
    let ingest = dialect.quote(INGEST_COLUMN);
    let ingest = (layout == Layout::Managed).then(|| (format!("o.{ingest}"), ingest));
    own.chain(ingest).collect()
}

fn backfill(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let (old, new) = (dialect.quote(&step.old.physical_name), dialect.quote(&step.new.physical_name));
    let (window, place) = (step.window(dialect, layout, "o"), dialect.quote(PLACE));
    let is_key = step.identity().is_key();
    let (gate, keeps) = (gate(step, dialect, layout), step.keeps(dialect, "o"));
    // Rows without a key are counted over the whole table, so that the windows agree on their places.
    let inner: Vec<String> = is_key.then(|| window.clone()).into_iter().chain(keeps).collect();
    let inner = if inner.is_empty() { String::new() } else { format!("\n    WHERE {}", inner.join("\n      AND ")) };
    let outer = if is_key { format!("o.{place} = 1") } else { window };
    let outer: Vec<String> = std::iter::once(outer).chain(gate.clone()).collect();
    let columns = moved(step, dialect, layout);
    let lines: Vec<String> = columns.iter().map(|(value, name)| format!("    {value} AS {name}")).collect();
    let source = format!(
        "  SELECT\n{},\n    o.{place} AS {place}\n  FROM (\n    SELECT o.*, {} AS {place}\n    FROM {old} AS o{inner}\n  ) AS o\n  WHERE {}",
        lines.join(",\n"),
        step.old_place(dialect, layout, "o"),
        outer.join("\n    AND ")
    );
    let names: Vec<String> = columns.into_iter().map(|(_, name)| name).collect();
    let values: Vec<String> = names.iter().map(|n| format!("m.{n}")).collect();
    let mut out = head(&notes(step, dialect, layout, gate.is_some()).iter().map(String::as_str).collect::<Vec<_>>());
    if dialect == Dialect::Spark && is_key {
        // A merge notices when another writer puts in the same key meanwhile, and is refused.
        out.push_str(&format!(
            "MERGE INTO {new} AS n\nUSING (\n{source}\n) AS m\nON {}\nWHEN NOT MATCHED THEN INSERT ({})\nVALUES ({});\n",
            step.same_row(dialect, "n", "m"),
            names.join(", "),
            values.join(", ")
        ));
        return out;
    }
    let there = if is_key {
        format!("{new} AS n")
    } else {
        format!("(\n    SELECT n.*, {} AS {place}\n    FROM {new} AS n\n  ) AS n", step.new_place(dialect, layout, "n"))
    };
    out.push_str(&format!(
        "INSERT INTO {new} ({})\nSELECT {}\nFROM (\n{source}\n) AS m\nWHERE NOT EXISTS (\n  SELECT 1 FROM {there}\n  WHERE {}\n);\n",
        names.join(", "),
        values.join(", "),
        step.same_row(dialect, "n", "m").replace('\n', "\n  ")
    ));
    out
}

fn notes(step: &Step<'_>, dialect: Dialect, layout: Layout, is_gated: bool) -> Vec<String> {
    let mut lines = vec![
        "Moves the rows that arrived in a window; rows that are there already are left alone, so that".to_owned(),
        "the same window may be run again, and picks up what came late.".to_owned(),
    ];
    lines.push(if step.identity().is_key() {
        "Of several rows with one key the first that arrived is moved.".to_owned()
    } else {
        "Rows without a key are counted: of equal ones, as many as the new table lacks are moved.".to_owned()
    });
    lines.push(step.window_note(dialect, layout));
    if is_gated {
        let accept = dialect.parameter("accept_loss");
        lines.push(format!("and {accept} (true: what the pre-flight reports is lost; false: then nothing is written)"));
    }
    for pair in &step.pairs {
        if let Some(name) = pair.parameter() {
            lines.push(format!("and {} (what old rows say in `{}`)", dialect.parameter(&name), pair.target.name));
        }
    }
    lines
}
