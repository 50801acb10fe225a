//! One number for what an expansion of the derive relies on.

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
        let mut hash = Fnv::new();
        hash.word(columns.len());
        for column in columns {
            hash.column(column);
        }
        for event_type in &self.event_types {
            hash.text(&event_type.name);
            for requirement in &event_type.requires {
                hash.word(requirement.any_of.len());
                for name in &requirement.any_of {
                    hash.word(columns.iter().position(|column| column.name == *name).unwrap_or(usize::MAX));
                }
            }
        }
        hash.0
    }
}

/// FNV-1a with 64 bits.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    fn word(&mut self, word: usize) {
        // The runtime counts in 32 bits, of which no table needs more.
        for byte in (word as u32).to_le_bytes() {
            self.byte(byte);
        }
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
        self.byte(0xFF);
    }

    fn column(&mut self, column: &Column) {
        let flags = [column.required, column.computed.is_some(), column.wire == Wire::DecimalString];
        self.word(column.id as usize);
        self.text(&column.name);
        self.text(column.ty.name());
        self.word(flags.iter().enumerate().map(|(bit, is_set)| usize::from(*is_set) << bit).sum());
        for value in column.closed_values().into_iter().flatten() {
            self.text(&value.value.as_text().map_or_else(|| value.value.to_string(), str::to_owned));
        }
    }
}
