//! The plan of a move, for people: what changes, in which order, and the way back from each step.

use std::fmt::Write;

use unified_event_schema::{ACCOUNT_QUOTA, Column, Pipeline};

use super::dialect::Dialect;
use super::filter::Kept;
use super::pair::{Pair, Source};
use super::step::{Identity, Step};
use super::tables::new_binding;
use super::views::Live;
use crate::HEAD_NOTE;
use crate::target::cloudflare;

/// Returns `PLAN.md`; `live` holds the versions, the newest first, and `managed` those of the platform.
pub(super) fn emit(live: &[Live<'_>], managed: &[Live<'_>], step: &Step<'_>) -> String {
    let (old, new) = (step.old, step.new);
    let mut out = format!("<!-- {HEAD_NOTE} -->\n\n# `{}`: version {} to {}\n\n", new.name, old.version, new.version);
    let _ = write!(
        out,
        "`{}` cannot become `{}` in place, so both live until readers and producers have moved.\n\
         Every step can be repeated, and until step 8 every step has a way back that loses nothing.\n\
         What the ordinary targets wrote for version {} is in `old/`.\n\n",
        old.physical_name, new.physical_name, old.version
    );
    columns(&mut out, step);
    in_place(&mut out, live, managed);
    filter(&mut out, live, step);
    let pipelines = (live[1].schema.pipeline(&old.name), live[0].schema.pipeline(&new.name));
    if let (Some(old_pipeline), Some(new_pipeline)) = pipelines {
        resources(&mut out, live, old_pipeline, new_pipeline);
    }
    steps(&mut out, live, step);
    out
}

fn columns(out: &mut String, step: &Step<'_>) {
    out.push_str("## What happens to the columns\n\n| old | new | how old rows get there |\n|---|---|---|\n");
    let mut n_same = 0;
    for pair in &step.pairs {
        match way(pair) {
            Some((old, way)) => {
                let _ = writeln!(out, "| {old} | `{}` {} | {way} |", pair.target.name, pair.target.ty);
            }
            None => n_same += 1,
        }
    }
    for column in step.old.columns.iter().filter(|o| !step.new.columns.iter().any(|n| n.id == o.id)) {
        let _ = writeln!(out, "| `{}` {} | – | stays in the old table |", column.name, column.ty);
    }
    let _ = writeln!(out, "\n{n_same} further columns are the same in both.\n");
    field_ids(out, step);
}

/// Says how many columns have another field id in the new table, so that files cannot be taken over.
fn field_ids(out: &mut String, step: &Step<'_>) {
    let ids = |n: &Column| Some((step.old.field_id(n.id)?, step.new.field_id(n.id)?));
    let n_moved = step.new.columns.iter().filter_map(ids).filter(|(old, new)| old != new).count();
    if n_moved > 0 {
        let _ = writeln!(
            out,
            "The new table numbers its columns from 1 again, so that {n_moved} of those in both have another Iceberg field id. Move rows, never data files: added to the new table, a file of the old one shows values under the wrong columns.\n"
        );
    }
}

/// Returns the old side and the words for a column that is not merely copied.
fn way(pair: &Pair<'_>) -> Option<(String, String)> {
    let target = pair.target;
    Some(match &pair.source {
        Source::Column(old) => {
            let mut ways = Vec::new();
            if old.name != target.name {
                ways.push("renamed".to_owned());
            }
            if old.ty != target.ty {
                ways.push("converted where the value is exact; the pre-flight counts the others".to_owned());
            }
            if target.required && !old.required {
                ways.push("must be there; the pre-flight counts nulls".to_owned());
            }
            if pair.rewritten {
                ways.push("as it is; the new pipeline writes another expression from now on".to_owned());
            }
            if ways.is_empty() {
                return None;
            }
            (format!("`{}` {}", old.name, old.ty), ways.join("; "))
        }
        Source::Meaning(old) => (
            format!("`{}` {}", old.name, old.ty),
            "not copied: it means something else now, or has another unit".to_owned(),
        ),
        Source::Constant(sql) => (format!("`{}`", target.name), format!("`{sql}` for every row")),
        Source::Nothing => ("–".to_owned(), "null".to_owned()),
        Source::Asked => ("–".to_owned(), format!("what the parameter `fill_{}` says", target.name)),
    })
}

/// Names the columns that tables of engines got in place, and those of the platform never.
fn in_place(out: &mut String, live: &[Live<'_>], managed: &[Live<'_>]) {
    for (live, managed) in live.iter().zip(managed) {
        let missing = live.table.columns.iter().filter(|c| managed.table.column(&c.name).is_none());
        let names: Vec<String> = missing.map(|c| format!("`{}`", c.name)).collect();
        if !names.is_empty() {
            let _ = writeln!(
                out,
                "Version {} got {} in place, which the platform's `{}` never did: `spark-managed` and the views that end in `-managed` do not read them.\n",
                live.table.version,
                names.join(", "),
                live.table.physical_name
            );
        }
    }
}

/// Says what a changed filter makes of old rows.
fn filter(out: &mut String, live: &[Live<'_>], step: &Step<'_>) {
    let of = |live: Live<'_>| live.pipeline().and_then(|p| p.filter.clone());
    let (old, new) = (of(live[1]), of(live[0]));
    if old == new {
        return;
    }
    let words = |filter: Option<String>| filter.map_or_else(|| "everything".to_owned(), |f| format!("`{f}`"));
    let _ = write!(
        out,
        "## The filter\n\nStored was {}, and from now on {} is.\nWhat the old filter left out is in no table: the new one has such rows only from the time when it is fed.\n",
        words(old),
        words(new)
    );
    out.push_str(match &step.kept {
        Kept::Where(_) => {
            "Old rows that the new filter leaves out are not moved and not in the view of the new shape. The pre-flight counts them, and nothing moves until that loss is accepted.\n\n"
        }
        Kept::Unknown(_) => {
            "The new filter looks at what old rows do not hold as it was sent, so that all of them are moved.\n\n"
        }
        Kept::All => "The new filter keeps all old rows.\n\n",
    });
}

fn resources(out: &mut String, live: &[Live<'_>], old: &Pipeline, new: &Pipeline) {
    // The definition's own pipelines, and those of this table that are still live beside them.
    let n = live[0].schema.pipelines.len() + live.len() - 1;
    out.push_str("## Resources of the platform\n\nStreams, sinks and pipelines cannot be changed, so the move adds one of each:\n\n");
    out.push_str("| | old | new |\n|---|---|---|\n");
    let _ = writeln!(out, "| stream | `{}` | `{}` |", old.stream.name, new.stream.name);
    let _ = writeln!(out, "| sink and table | `{}` | `{}` |", old.sink.name, new.sink.name);
    let _ = writeln!(out, "| pipeline | `{}` | `{}` |", old.name, new.name);
    let _ = writeln!(out, "| binding | `{}` | `{}` |", old.binding, new_binding(new, live[0].table.version));
    let _ = writeln!(
        out,
        "\nDuring the move this definition takes {n} of the {ACCOUNT_QUOTA} streams, of the {ACCOUNT_QUOTA} sinks and of the {ACCOUNT_QUOTA} pipelines of an account, beside whatever else runs there."
    );
    if n > ACCOUNT_QUOTA {
        let _ = writeln!(
            out,
            "\n**That does not fit.** Retire a version that nobody reads, or have the limit raised, before step 1."
        );
    }
    out.push('\n');
}

fn steps(out: &mut String, live: &[Live<'_>], step: &Step<'_>) {
    let (old, new) = (step.old, step.new);
    let (old_table, new_table) = (&old.physical_name, &new.physical_name);
    let pipeline = live[1].schema.pipeline(&old.name);
    let window = match step.arrival_column() {
        None => "Time of arrival is `__ingest_ts` in tables of the platform. Those of engines have none, so that every run there is over all rows.".to_owned(),
        Some(column) => format!(
            "Time of arrival is `__ingest_ts` in tables of the platform, and `{}` in tables of engines, where senders say it; a row without it is in every window.",
            column.name
        ),
    };
    let names =
        |pairs: &[&Pair<'_>]| pairs.iter().map(|p| format!("`{}`", p.target.name)).collect::<Vec<_>>().join(", ");
    let same = match step.identity() {
        Identity::Key(pairs) => format!(
            "A row is known by {}: of several with the same values one is moved, the first that arrived. The pre-flight finds those that differ.",
            names(&pairs)
        ),
        Identity::Rows(pairs) if pairs.is_empty() => {
            "Nothing that both versions say tells rows apart, so that rows are only counted.".to_owned()
        }
        Identity::Rows(pairs) => format!(
            "No key tells rows apart, so that rows are counted: as many are moved as the new table lacks of those that are equal in {}. The pre-flight finds those that differ elsewhere.",
            names(&pairs)
        ),
    };
    let fills: Vec<String> = step.pairs.iter().filter_map(Pair::parameter).map(|p| format!("`{p}`")).collect();
    let fills = if fills.is_empty() {
        String::new()
    } else {
        format!(" Decide what old rows say in new required columns: {}.", fills.join(", "))
    };
    let dialects: Vec<&str> = Dialect::MOVING.iter().map(|d| d.name()).collect();
    let _ = write!(
        out,
        "## Rows\n\n{window}\n{same}\nThe statements are in `backfill/`: {} for tables of engines, `spark-managed` for those of the platform.\n\n",
        dialects.join(", ")
    );
    let no_time = if step.arrival_column().is_some() {
        ""
    } else {
        " Tables of engines without a time of arrival wait for step 8: while both are fed, a row that only the old table shows yet would be moved, and arrive again."
    };
    let drain = cloudflare::drain_seconds(pipeline.map_or(300, |p| p.sink.roll_interval_seconds)).div_ceil(60);
    let stream = pipeline.map_or("of the old version", |p| p.stream.name.as_str());
    let version = format!("{}@{}", old.name, old.version);
    let steps = [
        (
            "Create",
            format!("On the platform: `bash platform/cloudflare/deploy.sh --config DIR` makes stream, sink and pipeline in this order, and DIR gets a Worker configuration with both bindings. In engines: the file of your engine in `tables/`. `{old_table}` is not touched."),
            "Delete pipeline, sink, stream and the new table.".to_owned(),
        ),
        (
            "Show both",
            format!("Create the views of your engine in `views/`. `{}_all` has every row once in the new shape, `{}_as_v{}` in the old one; both are right from now to the end. Point readers at one of them whenever they are ready.", new.name, new.name, old.version),
            "Point readers back, drop the views.".to_owned(),
        ),
        (
            "Feed both",
            "Deploy producers with `producer/dual-emission.ts` or `producer/dual_emission.rs`: one event goes to both streams under the same identity. Wait until every producer does. Call that moment `T1`.".to_owned(),
            "Deploy the former producers; the old table has everything.".to_owned(),
        ),
        (
            "Look before",
            format!("Run `1-preflight.sql` from a moment before all rows, such as 1900, to `T1`. Every row of its result is a column with values that cannot move exactly. Correct them in `{old_table}`, or decide to let them be null.{fills}"),
            "Nothing was written.".to_owned(),
        ),
        (
            "Move",
            format!("Run `2-backfill.sql` over the same time. It writes nothing at all while the pre-flight finds something, unless `accept_loss` is true. Rows arrive late, and become visible late: run it again over all time up to {drain} minutes ago until it writes nothing. What is younger may be in the old table already and on its way to the new one, and would be there twice.{no_time} A run that was stopped has written all or nothing: run it again."),
            format!("Delete from `{new_table}` what arrived before `T1`."),
        ),
        (
            "Compare",
            "Run `3-reconcile.sql` over the same time. `n_missing` and `n_doubled` must be 0 on every day. The line `outside the window` counts the rows that the window did not see. `4-differences.sql` names every row behind the numbers.".to_owned(),
            "As for step 5.".to_owned(),
        ),
        (
            "Cut over",
            format!("Move the remaining readers to `{new_table}` or `{}_all`. Let producers send to the new stream alone, under the old binding's name.", new.name),
            "Feed both again; the rows of the time between are in the new table, and the view in the old shape shows them.".to_owned(),
        ),
        (
            "Drain and retire",
            format!("On the platform: `node platform/cloudflare/retire.mjs` says what is there and what stands in the way, and touches nothing. With `--drain` it closes stream `{stream}`, unless rows still arrive; `--reopen` takes that back. Then wait until the sink has written its last file: {drain} minutes. Run steps 4 to 6 a last time over all time, from 1900 to the year 9999, as some clocks are wrong; then nothing may be missing, and no row be outside the window. Then `--delete {version}` deletes in the order that the platform takes, as each refuses while the next uses it: {}. Replace the views by those in `views/*.retired.sql`, which leave out `{old_table}` alone.", retirement(pipeline)),
            "`--reopen`, until something is deleted. None after that: their names can be created anew, but the sink will not take its old table.".to_owned(),
        ),
        (
            "Keep",
            format!("Leave `{old_table}` as it is, without writers, for as long as somebody may ask; then drop it and mark the version as retired: `unified-event release --retire {version}`."),
            "–".to_owned(),
        ),
    ];
    out.push_str("## Steps\n");
    for (i, (title, what, back)) in steps.iter().enumerate() {
        let _ = write!(out, "\n### {}. {title}\n\n{what}\n\nBack: {back}\n", i + 1);
    }
}

fn retirement(pipeline: Option<&Pipeline>) -> String {
    match pipeline {
        Some(p) => format!("pipeline `{}`, sink `{}`, stream `{}`", p.name, p.sink.name, p.stream.name),
        None => "pipeline, sink, stream".to_owned(),
    }
}
