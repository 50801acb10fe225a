//! Deprecations that are due: the date that they promise is past.

use unified_event_schema::{Deprecation, Schema};

/// Returns the date of a removal that is past; no day is past where none is known.
pub(super) fn past<'a>(deprecation: &'a Deprecation, today: Option<&str>) -> Option<&'a str> {
    deprecation.remove_after.as_deref().filter(|date| today.is_some_and(|today| today > *date))
}

/// Returns what to say of each column whose removal is due.
pub fn notices(schema: &Schema, today: Option<&str>) -> Vec<String> {
    let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let due = columns.filter_map(|(table, column)| {
        let date = past(column.deprecated.as_ref()?, today)?;
        Some(format!(
            "the removal of column `{}.{}` is due, as its date {date} is past: remove it in the next table version, \
             or move `remove_after` and say why in `reason`",
            table.name, column.name
        ))
    });
    due.collect()
}
