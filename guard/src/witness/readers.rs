//! What a reader of the old version looks for, and what it finds in the new one.

use unified_event_schema::{Column, Table};

use super::super::change::{Change, Kind, Subject};
use super::super::rules::Context;
use crate::language::{Language, Thing};

/// A column that old readers name.
pub(super) struct Reader<'a> {
    /// The table as it was.
    pub(super) old_table: &'a Table,
    /// The column that they mean.
    pub(super) old: &'a Column,
    /// What they find under its name.
    pub(super) new: Option<&'a Column>,
}

/// Returns the column of the old table that a change is about. Readers know names, not ids.
pub(super) fn reader<'a>(change: &Change, cx: &Context<'a>) -> Option<Reader<'a>> {
    let Subject::Column { table, id, .. } = &change.subject else { return None };
    let old_table = cx.old.table(table)?;
    let named = |name: &str| old_table.column(name);
    let old = match &change.kind {
        Kind::ColumnAdded { column } => {
            named(&column.name).or_else(|| column.renamed_from.as_deref().and_then(named))?
        }
        _ => old_table.columns.iter().find(|c| c.id == *id)?,
    };
    Some(Reader { old_table, old, new: cx.new.table(table).and_then(|t| t.column(&old.name)) })
}

/// Says whether constructors take something more or less, and the smallest record has another key.
pub(super) const fn changes_what_is_required(change: &Change) -> bool {
    matches!(change.kind, Kind::ColumnAdded { .. } | Kind::FieldAdded { .. } | Kind::Presence { .. })
}

/// Returns the line of the first thing of `candidates` that the old model makes, and the new one not or otherwise.
pub(super) fn differs<'a>(
    cx: &Context<'_>,
    candidates: impl IntoIterator<Item = Thing<'a>>,
    language: &dyn Language,
) -> Option<String> {
    candidates.into_iter().find_map(|thing| {
        let old = language.line(cx.old, thing)?;
        (language.line(cx.new, thing).as_ref() != Some(&old)).then_some(old)
    })
}
