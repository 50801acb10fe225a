//! The rule that keeps the field ids of tables that exist.

use unified_event_schema::{Column, Table};

use super::RELEASE;
use crate::change::{Change, Kind};
use crate::finding::{Bump, First};
use crate::rules::{B, Context, Judged, Rule, U};

#[rustfmt::skip]
pub(in crate::rules) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C27", name: "COLUMN_ADD_LAST",
        summary: "Checks that a column that is added in place has a higher id than all that the table version had.",
        why: "A table that exists gives its next field id to the new column, and every artefact ranks columns by id: \
              files and tables would call the later columns by other field ids.",
        next: &[RELEASE],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [U, U, U, U, U, U, U, U, B, B, U, U, U],
        requires: Bump::Major, first: First::Table, judge: add_last,
    },
];

fn add_last(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::ColumnAdded { column } = &change.kind else { return None };
    let old = cx.old_table(change)?;
    let new = cx.new.table(&old.name)?;
    let behind = behind(column, old, cx);
    // A new version is a new table, which numbers its columns anew.
    if old.version != new.version || behind.is_empty() {
        return None;
    }
    let names: Vec<String> = behind.iter().map(|c| format!("`{}`", c.name)).collect();
    let shown = match names.split_at_checked(3) {
        Some((first, rest)) if rest.len() > 1 => format!("{} and {} more", first.join(", "), rest.len()),
        _ => names.join(", "),
    };
    Some(
        Judged::new(format!(
            "{} is added with the id {}, before {shown}: in the artefacts their field ids shift, in tables that exist \
             they stay",
            change.subject, column.id
        ))
        .next(format!("take the id {}", next_id(old, new, cx))),
    )
}

/// Returns the released columns of the old table that the new one comes before.
fn behind<'a>(column: &Column, old: &'a Table, cx: &Context<'_>) -> Vec<&'a Column> {
    let is_released = |c: &&Column| cx.lock.is_none_or(|lock| lock.column(&old.name, c.id).is_some());
    old.columns.iter().filter(|c| c.id > column.id).filter(is_released).collect()
}

/// Returns the first id above those of both sides and of all releases.
fn next_id(old: &Table, new: &Table, cx: &Context<'_>) -> u32 {
    let last = old.columns.iter().chain(&new.columns).map(|c| c.id).max().unwrap_or_default();
    cx.lock.map_or(0, |lock| lock.next_column(&old.name)).max(last + 1)
}
