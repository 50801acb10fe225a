//! One number for what an expansion of the derive relies on.

use unified_event_types::Fingerprint;

use super::{Column, Schema, Wire};

impl Schema {
    /// Returns the fingerprint of the wide table and of what the event types require.
    ///
    /// The generated crate states it and computes it once more from its own tables (`table::fingerprint`
    /// of the runtime); an expansion of the derive compares it with that of the definition it was made
    /// from, so that a generated crate that is stale cannot put values into the wrong columns.
    ///
    /// # Panics
    ///
    /// As [`Schema::events_table`] does.
    pub fn fingerprint(&self) -> u64 {
        let columns = &self.events_table().columns;
        let mut hash = columns.iter().fold(word(Fingerprint::new(), columns.len()), of_column);
        for event_type in &self.event_types {
            hash = hash.text(&event_type.name);
            for requirement in &event_type.requires {
                hash = word(hash, requirement.any_of.len());
                for name in &requirement.any_of {
                    let position = columns.iter().position(|column| column.name == *name);
                    hash = word(hash, position.unwrap_or(usize::MAX));
                }
            }
        }
        hash.finish()
    }
}

/// Counts in 32 bits, of which no table needs more.
const fn word(hash: Fingerprint, n: usize) -> Fingerprint {
    hash.word(n as u32)
}

fn of_column(hash: Fingerprint, column: &Column) -> Fingerprint {
    let flags = [column.required, column.computed.is_some(), column.wire == Wire::DecimalString];
    let flags = flags.iter().enumerate().map(|(bit, is_set)| usize::from(*is_set) << bit).sum();
    let hash = word(hash.word(column.id).text(&column.name).text(column.ty.name()), flags);
    column.closed_values().into_iter().flatten().fold(hash, |hash, value| {
        hash.text(&value.value.as_text().map_or_else(|| value.value.to_string(), str::to_owned))
    })
}
