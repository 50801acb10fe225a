//! What has arrived, and what has not: by day, and row by row.

use super::backfill::{head, zone_note};
use super::dialect::Dialect;
use super::step::{Layout, PLACE, Step};

/// Returns the counts by day of arrival.
pub(super) fn by_day(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let mut out = head(&[
        "Old and new rows by day of arrival. `n_missing` and `n_doubled` must be 0 on every line, that of the",
        "rows outside the window included. `n_repeated` are old rows whose key another one has, `n_filtered`",
        "those that the filter of the new version leaves out, `n_differing` those of which the new table says",
        "something else. `4-differences.sql` names each of them.",
        zone_note(dialect),
        "Parameters: those of the window.",
    ]);
    out.push_str(&found(step, dialect, layout));
    let count = |what: &str| format!("count(CASE WHEN f.what {what} THEN 1 END)");
    out.push_str(&format!(
        ",\nolds AS (\n  SELECT f.day_of_arrival, count(*) AS n_old, {} AS n_missing, {} AS n_repeated, {} AS n_filtered, {} AS n_differing\n  FROM found AS f\n  GROUP BY f.day_of_arrival\n),\n",
        count("= 'missing'"),
        count("= 'repeated'"),
        count("= 'filtered'"),
        count("LIKE 'differs%'"),
    ));
    out.push_str(&format!(
        "news AS (\n  SELECT n.day_of_arrival, count(*) AS n_new, {} AS n_doubled\n  FROM numbered AS n\n  GROUP BY n.day_of_arrival\n),\n",
        doubled(step, dialect).map_or_else(|| "count(CASE WHEN 1 = 0 THEN 1 END)".to_owned(), |d| format!("count(CASE WHEN {d} THEN 1 END)"))
    ));
    out.push_str(
        "days AS (\n  SELECT olds.day_of_arrival FROM olds\n  UNION\n  SELECT news.day_of_arrival FROM news\n)\n\
         SELECT\n  days.day_of_arrival,\n  COALESCE(olds.n_old, 0) AS n_old,\n  COALESCE(news.n_new, 0) AS n_new,\n  \
         COALESCE(olds.n_missing, 0) AS n_missing,\n  COALESCE(olds.n_repeated, 0) AS n_repeated,\n  \
         COALESCE(olds.n_filtered, 0) AS n_filtered,\n  COALESCE(olds.n_differing, 0) AS n_differing,\n  \
         COALESCE(news.n_doubled, 0) AS n_doubled\nFROM days\n\
         LEFT JOIN olds ON olds.day_of_arrival = days.day_of_arrival\n\
         LEFT JOIN news ON news.day_of_arrival = days.day_of_arrival\nORDER BY days.day_of_arrival;\n",
    );
    out
}

/// Returns every row that differs, with what tells it apart.
pub(super) fn by_row(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let mut out = head(&[
        "Every row that is not the same in both versions, by what tells rows apart. No row: nothing differs.",
        "`what` is `missing`, `repeated` or `filtered` of old rows, `differs in` with the columns, and `doubled`",
        "of rows of the new table.",
        zone_note(dialect),
        "Parameters: those of the window.",
    ]);
    out.push_str(&found(step, dialect, layout));
    let names: Vec<String> = step.identity().pairs().iter().map(|p| dialect.quote(&p.target.name)).collect();
    let columns = |row: &str| names.iter().map(|n| format!("{row}.{n}, ")).collect::<String>();
    out.push_str(&format!(
        "\nSELECT {}f.what, f.day_of_arrival\nFROM found AS f\nWHERE f.what IS NOT NULL\n",
        columns("f")
    ));
    if let Some(doubled) = doubled(step, dialect) {
        out.push_str(&format!(
            "UNION ALL\nSELECT {}'doubled' AS what, n.day_of_arrival\nFROM numbered AS n\nWHERE {doubled}\n",
            columns("n")
        ));
    }
    let order: Vec<String> = (1..=names.len() + 2).map(|i| i.to_string()).collect();
    out.push_str(&format!("ORDER BY {};\n", order.join(", ")));
    out
}

fn doubled(step: &Step<'_>, dialect: Dialect) -> Option<String> {
    step.identity().is_key().then(|| format!("n.{} > 1", dialect.quote(PLACE)))
}

/// Returns `numbered`, the rows of the new table, and `found`, every old row with what is wrong with it.
fn found(step: &Step<'_>, dialect: Dialect, layout: Layout) -> String {
    let (old, new) = (dialect.quote(&step.old.physical_name), dialect.quote(&step.new.physical_name));
    let (place, identity, compared) = (dialect.quote(PLACE), step.identity(), step.compared());
    let is_key = identity.is_key();
    let all: Vec<_> = identity.pairs().iter().copied().chain(compared.iter().copied().filter(|_| is_key)).collect();
    let old_columns: String =
        all.iter().map(|p| format!("    {} AS {},\n", p.value(dialect, "o"), dialect.quote(&p.target.name))).collect();
    let new_columns: String = all.iter().map(|p| format!("    n.{},\n", dialect.quote(&p.target.name))).collect();
    let keeps = step.keeps(dialect, "o").unwrap_or_else(|| "1 = 1".to_owned());
    // Rows that are left out take no place of those that are moved.
    let old_place = step.old_place(dialect, layout, "o").replacen(
        "OVER (PARTITION BY ",
        &format!("OVER (PARTITION BY CASE WHEN {keeps} THEN 1 ELSE 0 END, "),
        1,
    );
    let mut out = format!(
        "WITH moved AS (\n  SELECT\n{old_columns}    {} AS day_of_arrival,\n    CASE WHEN {keeps} THEN 1 ELSE 0 END AS is_kept,\n    {old_place} AS {place}\n  FROM {old} AS o\n),\n",
        Step::day(dialect, layout, step.old_arrival(dialect, layout, "o")),
    );
    out.push_str(&format!(
        "numbered AS (\n  SELECT\n{new_columns}    {} AS day_of_arrival,\n    {} AS {place}\n  FROM {new} AS n\n),\n",
        Step::day(dialect, layout, step.new_arrival(dialect, layout, "n")),
        step.new_place(dialect, layout, "n"),
    ));
    let names: String =
        identity.pairs().iter().map(|p| format!("    m.{},\n", dialect.quote(&p.target.name))).collect();
    let repeated = if is_key { format!("\n      WHEN m.{place} > 1 THEN 'repeated'") } else { String::new() };
    let differing: Vec<String> = compared
        .iter()
        .filter(|_| is_key)
        .map(|p| {
            let name = dialect.quote(&p.target.name);
            let same = dialect.same(&format!("m.{name}"), &format!("n.{name}"));
            format!("CASE WHEN NOT ({same}) THEN {} END", dialect.literal(&p.target.name))
        })
        .collect();
    let differs = if differing.is_empty() {
        String::new()
    } else {
        let list = format!("concat_ws(', ', {})", differing.join(", "));
        format!("\n      WHEN {list} <> '' THEN concat('differs in ', {list})")
    };
    let join = step.same_row(dialect, "n", "m").replace('\n', "\n   ");
    // The first of several new rows with the key stands for them; `doubled` tells of the others.
    let join = if is_key { format!("{join} AND n.{place} = 1") } else { join };
    out.push_str(&format!(
        "found AS (\n  SELECT\n{names}    m.day_of_arrival,\n    CASE\n      WHEN m.is_kept = 0 THEN 'filtered'{repeated}\n      WHEN n.{place} IS NULL THEN 'missing'{differs}\n    END AS what\n  FROM moved AS m\n  LEFT JOIN numbered AS n\n    ON {join}\n)",
    ));
    out
}
