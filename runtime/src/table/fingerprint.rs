//! One number for what an expansion of the derive relies on.

use super::{Table, Values, Wire};

/// Returns the fingerprint of a table: FNV-1a over what the derive resolves at compile time.
///
/// The derive computes the same from the definition it reads and asserts that both are equal, so that
/// a generated crate that was not regenerated cannot put values into the wrong columns.
pub const fn fingerprint(table: &Table) -> u64 {
    let mut hash = Fnv::new().word(table.columns.len() as u32);
    let mut i = 0;
    while i < table.columns.len() {
        let column = &table.columns[i];
        let decimal = matches!(column.wire, Wire::DecimalString);
        let flags = column.required as u32 | (column.computed as u32) << 1 | (decimal as u32) << 2;
        hash = hash.word(column.id).text(column.name).text(column.ty.name()).word(flags);
        if let Values::Closed(values) = column.values {
            hash = hash.texts(values);
        }
        i += 1;
    }
    event_types(table, hash).0
}

const fn event_types(table: &Table, mut hash: Fnv) -> Fnv {
    let mut i = 0;
    while i < table.event_types.len() {
        let rules = &table.event_types[i];
        hash = hash.text(rules.name);
        let mut j = 0;
        while j < rules.requires.len() {
            let any_of = rules.requires[j].any_of;
            hash = hash.word(any_of.len() as u32);
            let mut k = 0;
            while k < any_of.len() {
                hash = hash.word(any_of[k] as u32);
                k += 1;
            }
            j += 1;
        }
        i += 1;
    }
    hash
}

struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    const fn word(mut self, word: u32) -> Self {
        let bytes = word.to_le_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    /// Hashes a text and a byte that no text holds, so that neighbours do not run together.
    const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self.byte(0xFF)
    }

    const fn texts(mut self, texts: &[&str]) -> Self {
        let mut i = 0;
        while i < texts.len() {
            self = self.text(texts[i]);
            i += 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::EVENTS;

    #[test]
    fn every_relied_on_fact_changes_it() {
        let base = fingerprint(&EVENTS);
        assert_eq!(base, fingerprint(&EVENTS));
        let edits: [fn(&mut Vec<crate::table::Column>); 6] = [
            |columns| columns[1].id += 1,
            |columns| columns[1].name = "other",
            |columns| columns[1].required ^= true,
            |columns| columns[1].computed ^= true,
            |columns| columns.swap(0, 1),
            |columns| columns.truncate(3),
        ];
        for (i, edit) in edits.into_iter().enumerate() {
            let mut columns = EVENTS.columns.to_vec();
            edit(&mut columns);
            let edited = Table { columns: columns.leak(), ..EVENTS };
            assert_ne!(fingerprint(&edited), base, "edit {i}");
        }
        assert_ne!(fingerprint(&Table { event_types: &[], ..EVENTS }), base);
    }
}
