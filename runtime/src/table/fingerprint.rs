//! One number for what an expansion of the derive relies on.

use unified_event_types::Fingerprint;

use super::{Table, Values, Wire};

/// Returns the fingerprint of a table: a hash of what the derive resolves at compile time.
///
/// The derive computes the same from the definition it reads and asserts that both are equal, so that
/// a generated crate that was not regenerated cannot put values into the wrong columns.
pub const fn fingerprint(table: &Table) -> u64 {
    let mut hash = Fingerprint::new().word(table.columns.len() as u32);
    let mut i = 0;
    while i < table.columns.len() {
        let column = &table.columns[i];
        let decimal = matches!(column.wire, Wire::DecimalString);
        let flags = column.required as u32 | (column.computed as u32) << 1 | (decimal as u32) << 2;
        hash = hash.word(column.id).text(column.name).text(column.ty.name()).word(flags);
        if let Values::Closed(values) = column.values {
            hash = texts(hash, values);
        }
        i += 1;
    }
    event_types(table, hash).finish()
}

const fn event_types(table: &Table, mut hash: Fingerprint) -> Fingerprint {
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

const fn texts(mut hash: Fingerprint, texts: &[&str]) -> Fingerprint {
    let mut i = 0;
    while i < texts.len() {
        hash = hash.text(texts[i]);
        i += 1;
    }
    hash
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
