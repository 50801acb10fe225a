//! The SQL that moves old rows: what would be lost, the move itself, and what has arrived.

use unified_event_schema::{ColumnType, INGEST_COLUMN};

use super::dialect::Dialect;
use super::pair::{Pair, Source};
use super::step::{Layout, Step};
use crate::head_note;

/// Returns the statements with their file names.
pub(super) fn files(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Vec<(&'static str, String)> {
    vec![
        ("1-preflight.sql", preflight(step, dialect, layout)),
        ("2-backfill.sql", backfill(step, dialect, layout)),
        ("3-reconcile.sql", reconcile(step, dialect, layout)),
    ]
}

fn head(lines: &[&str]) -> String {
    let mut out = head_note("--");
    for line in lines {
        out.push_str(&format!("-- {line}\n"));
    }
    out
}

fn zone_note(dialect: Dialect) -> &'static str {
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

fn preflight(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let window = step.window(dialect, layout, &step.old_arrival(dialect, layout, "o"));
    let table = dialect.quote(&step.old.physical_name);
    let mut out = head(&[
        "What the move would lose, by column, before anything is written. No row: nothing.",
        &format!("{}.", step.window_note(dialect, layout)),
    ]);
    let selects: Vec<String> = problems(step, dialect)
        .iter()
        .map(|(pair, words, condition)| {
            let (column, ty) = match &pair.source {
                Source::Column(old) | Source::Meaning(old) => (old.name.as_str(), old.ty),
                _ => (pair.target.name.as_str(), pair.target.ty),
            };
            let value = format!("o.{}", dialect.quote(column));
            format!(
                "SELECT {} AS column_name, {} AS problem, count(*) AS n_rows, min({}) AS example\nFROM {table} AS o\nWHERE {window}\n  AND ({condition})\nHAVING count(*) > 0",
                dialect.literal(column),
                dialect.literal(words),
                dialect.text(&value, ty),
            )
        })
        .collect();
    if selects.is_empty() {
        out.push_str("SELECT 'none' AS column_name, 'every value of every column can be moved' AS problem, 0 AS n_rows, 'none' AS example\nWHERE 1 = 0;\n");
    } else {
        out.push_str(&selects.join("\nUNION ALL\n"));
        out.push_str(";\n");
    }
    out
}

/// Returns the columns of a moved row as lines of a `SELECT`.
fn moved(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let mut lines: Vec<String> = step
        .pairs
        .iter()
        .map(|pair| format!("    {} AS {}", pair.moved(dialect, "o"), dialect.quote(&pair.target.name)))
        .collect();
    if layout == Layout::Managed {
        let ingest = dialect.quote(INGEST_COLUMN);
        lines.push(format!("    o.{ingest} AS {ingest}"));
    }
    lines.join(",\n")
}

fn column_names(step: &Step<'_>, dialect: Dialect, layout: Layout) -> Vec<String> {
    let own = step.pairs.iter().map(|p| p.target.name.as_str());
    let ingest = (layout == Layout::Managed).then_some(INGEST_COLUMN);
    own.chain(ingest).map(|name| dialect.quote(name)).collect()
}

fn backfill(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let (old, new) = (dialect.quote(&step.old.physical_name), dialect.quote(&step.new.physical_name));
    let window = step.window(dialect, layout, &step.old_arrival(dialect, layout, "o"));
    let mut conditions = vec![window.replace("\n  AND", "\n    AND")];
    let problems = problems(step, dialect);
    if !problems.is_empty() {
        // One bad row holds back all of them: half a move is worse than none.
        let any: Vec<String> = problems.iter().map(|(_, _, condition)| format!("({condition})")).collect();
        conditions.push(format!(
            "({} OR (\n      SELECT count(*) FROM {old} AS o\n      WHERE {}\n        AND ({})\n    ) = 0)",
            dialect.cast(&dialect.parameter("accept_loss"), ColumnType::Bool),
            window.replace("\n  AND", "\n        AND"),
            any.join("\n          OR ")
        ));
    }
    let source = format!(
        "  SELECT\n{}\n  FROM {old} AS o\n  WHERE {}",
        moved(step, dialect, layout),
        conditions.join("\n    AND ")
    );
    let names = column_names(step, dialect, layout);
    let mut lines = vec![
        "Moves the rows that arrived in a window; rows that are there already are left alone, so that".to_owned(),
        "the same window may be run again, and a later one picks up what came late.".to_owned(),
        step.window_note(dialect, layout),
    ];
    if !problems.is_empty() {
        let accept = dialect.parameter("accept_loss");
        lines.push(format!(
            "and {accept} (true: what the pre-flight reports becomes null; false: then nothing is written)"
        ));
    }
    for pair in &step.pairs {
        if let Some(name) = pair.parameter() {
            lines.push(format!("and {} (what old rows say in `{}`)", dialect.parameter(&name), pair.target.name));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut out = head(&lines);
    if dialect == Dialect::Spark {
        let values: Vec<String> = names.iter().map(|n| format!("m.{n}")).collect();
        out.push_str(&format!(
            "MERGE INTO {new} AS n\nUSING (\n{source}\n) AS m\nON {}\nWHEN NOT MATCHED THEN INSERT ({})\nVALUES ({});\n",
            step.same_row(dialect, "n", "m"),
            names.join(", "),
            values.join(", ")
        ));
    } else {
        out.push_str(&format!(
            "INSERT INTO {new} ({})\nSELECT m.*\nFROM (\n{source}\n) AS m\nWHERE NOT EXISTS (\n  SELECT 1 FROM {new} AS n\n  WHERE {}\n);\n",
            names.join(", "),
            step.same_row(dialect, "n", "m").replace('\n', "\n  ")
        ));
    }
    out
}

fn reconcile(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let (old, new) = (dialect.quote(&step.old.physical_name), dialect.quote(&step.new.physical_name));
    let (old_arrival, new_arrival) = (step.old_arrival(dialect, layout, "o"), step.new_arrival(dialect, layout, "n"));
    let zoned = layout == Layout::Engine;
    let checked = |row: &str| -> Vec<(String, String, ColumnType)> {
        let columns = step
            .pairs
            .iter()
            .map(|p| (p.target.name.clone(), format!("{row}.{}", dialect.quote(&p.target.name)), p.target.ty));
        columns.collect()
    };
    let day = |arrival: &str| dialect.day(arrival, zoned);
    let columns: Vec<String> = step
        .pairs
        .iter()
        .map(|p| format!("    {} AS {}", p.moved(dialect, "o"), dialect.quote(&p.target.name)))
        .collect();
    let mut out = head(&[
        "Old and new rows by day of arrival. `n_missing` must be 0 on every day. `same_content` compares",
        "all values; it is false where the new table has further rows of that day, as while both are fed.",
        zone_note(dialect),
        "Parameters: those of the backfill.",
    ]);
    out.push_str(&format!(
        "WITH moved AS (\n  SELECT {} AS day_of_arrival,\n{}\n  FROM {old} AS o\n  WHERE {}\n),\n",
        day(&old_arrival),
        columns.join(",\n"),
        step.window(dialect, layout, &old_arrival).replace("\n  AND", "\n    AND"),
    ));
    out.push_str(&format!(
        "olds AS (\n  SELECT m.day_of_arrival, count(*) AS n_rows, {} AS content\n  FROM moved AS m\n  GROUP BY m.day_of_arrival\n),\n",
        dialect.checksum(&checked("m")),
    ));
    out.push_str(&format!(
        "missing AS (\n  SELECT m.day_of_arrival, count(*) AS n_rows\n  FROM moved AS m\n  WHERE NOT EXISTS (\n    SELECT 1 FROM {new} AS n\n    WHERE {}\n  )\n  GROUP BY m.day_of_arrival\n),\n",
        step.same_row(dialect, "n", "m").replace('\n', "\n    "),
    ));
    out.push_str(&format!(
        "news AS (\n  SELECT {0} AS day_of_arrival, count(*) AS n_rows, {1} AS content\n  FROM {new} AS n\n  WHERE {2}\n  GROUP BY {0}\n)\n",
        day(&new_arrival),
        dialect.checksum(&checked("n")),
        step.window(dialect, layout, &new_arrival).replace("\n  AND", "\n    AND"),
    ));
    out.push_str(
        "SELECT\n  olds.day_of_arrival,\n  olds.n_rows AS n_old,\n  COALESCE(news.n_rows, 0) AS n_new,\n  \
         COALESCE(missing.n_rows, 0) AS n_missing,\n  COALESCE(olds.content = news.content, FALSE) AS same_content\n\
         FROM olds\nLEFT JOIN news ON news.day_of_arrival = olds.day_of_arrival\n\
         LEFT JOIN missing ON missing.day_of_arrival = olds.day_of_arrival\nORDER BY olds.day_of_arrival;\n",
    );
    out
}
