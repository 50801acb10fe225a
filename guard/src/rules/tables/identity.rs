//! Rules about the names by which others find things, and the key by which rows are told apart.

use unified_event_schema::Schema;

use crate::change::{Change, Kind, NameOf, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};
use crate::rules::{B, Context, Judged, R, Rule, U, W, sides};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C62", name: "NAMES_SAME",
        summary: "Checks the names by which others find the event, the tables and the platform's resources.",
        why: "Whoever uses the old name finds nothing, or the platform makes another resource.",
        next: &["keep the name", "let the old name live on until nobody uses it"],
        verdicts: [U, U, U, U, U, R, R, R, U, U, U, U, U],
        requires: Bump::Minor, first: First::Both, judge: names_same,
    },
    Rule {
        code: "UE-C63", name: "KEY_NOTED",
        summary: "Notes that a table gets its first key, or names its columns in another order.",
        why: "Rows with the same key are one row: a migration moves them once, and finds them by it.",
        next: &["count the keys that stand on several rows; a migration reports those whose rows differ"],
        verdicts: [U, U, U, U, U, U, U, W, W, U, U, U, U],
        requires: Bump::Minor, first: First::Producers, judge: key_noted,
    },
    Rule {
        code: "UE-C64", name: "KEY_SAME",
        summary: "Checks that rows are told apart by the same columns, and that the pipeline writes these as before.",
        why: "With fewer columns two rows become one, with more or none one row becomes two: joins and counts change without a word.",
        next: &["keep the key", "run `unified-event release`: the new table version has the new key"],
        verdicts: [U, B, U, U, U, U, U, B, B, B, B, B, U],
        requires: Bump::Major, first: First::Both, judge: key_same,
    },
];

fn names_same(change: &Change, _: &Context<'_>) -> Option<Judged> {
    use Consumer::{
        EngineTable, Files, ManagedTable, PipelineSql, RustApi, SelectList, SelectStar, Stream, TypeScript,
    };
    let Kind::Name { of, .. } = &change.kind else { return None };
    let judged = Judged::new(format!("the {} of {} changes {}", of.words(), change.subject, sides(&change.kind)));
    let platform = [Stream, PipelineSql, ManagedTable];
    Some(match of {
        // The npm package's names are a contract of their own, and the crate's modules of groups are private.
        NameOf::Event => judged.verdict(&platform, Verdict::Untouched).verdict(&[RustApi], Verdict::Break),
        NameOf::Module => judged.verdict(&platform, Verdict::Untouched).verdict(&[RustApi], Verdict::Ok),
        NameOf::Binding => judged
            .verdict(&[PipelineSql, ManagedTable], Verdict::Untouched)
            .verdict(&[Stream], Verdict::Ok)
            .verdict(&[TypeScript], Verdict::Break),
        NameOf::Stream => judged.verdict(&[ManagedTable], Verdict::Untouched),
        NameOf::Pipeline => judged.verdict(&[Stream, ManagedTable], Verdict::Untouched),
        NameOf::Sink => judged.verdict(&[Stream], Verdict::Untouched),
        NameOf::Table => judged
            .verdict(&[Stream], Verdict::Untouched)
            .verdict(&[EngineTable, Files, SelectList, SelectStar], Verdict::Break)
            .requires(Bump::Major),
        NameOf::BucketBinding | NameOf::PathLabel | NameOf::TimeScheme => label(change).unwrap_or(judged),
    })
}

/// A label of the configuration that stands for the same place as before: no data moves.
fn label(change: &Change) -> Option<Judged> {
    let Kind::Name { of, old, new } = &change.kind else { return None };
    let judged =
        Judged::new(format!("the {} changes from `{old}` to `{new}`, and stands for the same place", of.words()))
            .verdict(&[Consumer::Stream, Consumer::PipelineSql, Consumer::ManagedTable], Verdict::Untouched);
    Some(match (of, &change.subject) {
        (NameOf::BucketBinding, Subject::Pipeline { table }) => {
            Judged { message: format!("the sink of table `{table}` names `{new}` instead of `{old}`, which is the same bucket"), ..judged }
                .verdict(&[Consumer::ManagedTable], Verdict::Ok)
                .requires(Bump::Patch)
                .next("leave the running sink as it is: it writes to that bucket already")
                .next_alone()
        }
        (NameOf::BucketBinding, _) => judged
            .verdict(&[Consumer::TypeScript], Verdict::Warn)
            .next(format!(
                "deploy every Worker that uses `env.{old}` anew, with `env.{new}` in its code and the new binding in its \
                 configuration; streams, sinks and pipelines stay as they are"
            ))
            .next("with Terraform, move the bucket to its new label in the state (`terraform state mv`), as a plan would make it anew")
            .next_alone(),
        (NameOf::TimeScheme, _) => judged
            .verdict(&[Consumer::Files], Verdict::Ok)
            .next(format!("deploy with `--raw {new}` from now on; a running sink of raw files keeps its name"))
            .next_alone(),
        _ => judged
            .verdict(&[Consumer::Files], Verdict::Ok)
            .requires(Bump::Patch)
            .next(format!("name `{new}` wherever code looks `{old}` up; the files stay where they are"))
            .next_alone(),
    })
}

/// Adds what sets the identifier fields of tables that exist, where the key makes some.
fn with_identifier(judged: Judged, change: &Change, cx: &Context<'_>) -> Judged {
    let of = |schema: &Schema| -> Vec<String> {
        let table = change.subject.table().and_then(|name| schema.table(name));
        table.map_or_else(Vec::new, |t| t.identifier_columns().iter().map(|c| c.name.clone()).collect())
    };
    let name = change.subject.table().and_then(|name| cx.old.table(name)).map_or("", |t| &t.physical_name);
    match (of(cx.old).as_slice(), of(cx.new).as_slice()) {
        ([], []) => judged,
        (old, []) => judged.next(format!(
            "on a table that exists and goes on, take the identifier fields away in place: in Spark `ALTER TABLE {name} \
             DROP IDENTIFIER FIELDS {}`",
            old.join(", ")
        )),
        (_, new) => judged.next(format!(
            "on a table that exists and goes on, set the identifier fields in place once no key stands on two rows: in \
             Spark `ALTER TABLE {name} SET IDENTIFIER FIELDS {}`; a new table gets them when it is made",
            new.join(", ")
        )),
    }
}

fn key_noted(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::Key { old, new } = &change.kind else { return None };
    if old.is_empty() {
        let judged = Judged::new(format!("{} gets a first key, `{}`", change.subject, new.join(", ")));
        return Some(with_identifier(judged, change, cx));
    }
    is_order_only(old, new).then(|| {
        Judged::new(format!("the key of {} changes its order {}", change.subject, sides(&change.kind)))
            .verdict(&[Consumer::ManagedTable, Consumer::EngineTable], Verdict::Ok)
            .requires(Bump::Patch)
    })
}

fn key_same(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    const READERS: [Consumer; 3] = [Consumer::Files, Consumer::SelectList, Consumer::SelectStar];
    const TABLES: [Consumer; 2] = [Consumer::ManagedTable, Consumer::EngineTable];
    match &change.kind {
        Kind::Key { old, new } if !old.is_empty() && !is_order_only(old, new) => {
            let judged = Judged::new(format!("the key of {} changes {}", change.subject, sides(&change.kind)));
            let judged = with_identifier(judged, change, cx);
            let fewer: Vec<&String> = old.iter().filter(|c| !new.contains(c)).collect();
            let more = new.iter().any(|c| !old.contains(c));
            Some(if new.is_empty() {
                judged.verdict(&[Consumer::WireIn], Verdict::Ok).verdict(&TABLES, Verdict::Warn)
            } else if fewer.is_empty() {
                // What one key told apart, more columns tell apart as well.
                judged.verdict(&[Consumer::WireIn], Verdict::Ok).verdict(&TABLES, Verdict::Ok)
            } else {
                let names = fewer.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
                let judged =
                    judged.next(format!("find rows that differ in {names} alone: each such pair becomes one row"));
                // A key of fewer columns is one of all of them too, so that readers see what they did.
                if more { judged } else { judged.verdict(&READERS, Verdict::Ok) }
            })
        }
        Kind::Expression { .. } | Kind::Derived { rewritten: true, .. } => {
            let Subject::Column { table, id, name } = &change.subject else { return None };
            let is_key = |schema: &Schema| {
                let table = schema.table(table)?;
                Some(table.key.iter().any(|k| table.column(k).is_some_and(|c| c.id == *id)))
            };
            let in_key = is_key(cx.old) == Some(true) && is_key(cx.new) == Some(true);
            in_key.then(|| {
                Judged::new(format!("`{name}`, by which rows of table `{table}` are told apart, is written otherwise"))
                    .verdict(&[Consumer::WireIn], Verdict::Untouched)
            })
        }
        _ => None,
    }
}

fn is_order_only(old: &[String], new: &[String]) -> bool {
    let sorted = |key: &[String]| {
        let mut key = key.to_vec();
        key.sort_unstable();
        key
    };
    sorted(old) == sorted(new)
}
