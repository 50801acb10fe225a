//! What the decoder needs to know of a table, laid out for the scan.

use crate::raw::KeyPattern;
use crate::table::{ColumnType, Table, Values, Wire};

/// How the value of a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Text that has to be looked at: a closed set or a format.
    CheckedText,
    /// The text that decides what else is required.
    EventType,
    Bool,
    Int32,
    Int64,
    /// An `int64` as decimal text.
    Decimal,
    Float64,
    Timestamp,
    Json,
    Binary,
    /// No producer may set it.
    Computed,
}

/// A set of columns, one bit each.
pub(super) type Bits = Box<[u64]>;

/// What one event type needs.
#[derive(Debug)]
pub(super) struct Needs {
    /// All of these.
    pub all: Bits,
    /// Of each of these at least one.
    pub any: Vec<Bits>,
}

/// A table as the scan wants it.
#[derive(Debug)]
pub(super) struct Plan {
    pub table: &'static Table,
    pub kinds: Box<[Kind]>,
    /// The keys by position; none where a key is too long to be compared at once.
    pub keys: Box<[Option<KeyPattern>]>,
    /// Without an event type first, then those of the rules of the table.
    pub needs: Vec<Needs>,
    names: Names,
    /// The event types that have rules and are allowed: length and first bytes, and the place of the needs.
    event_types: Vec<(usize, u64, usize)>,
}

impl Plan {
    pub(super) fn new(table: &'static Table) -> Self {
        let columns = table.columns;
        let keys = columns.iter().map(|column| KeyPattern::new(column.name)).collect();
        let kinds = (0..columns.len()).map(|position| kind(table, position)).collect();
        let mut needs = vec![required(table, &[])];
        needs.extend(table.event_types.iter().map(|rules| required(table, rules.requires)));
        Self { table, kinds, keys, needs, names: Names::new(table), event_types: event_types(table) }
    }

    /// Returns the position of the column with this name.
    pub(super) fn position(&self, name: &[u8]) -> Option<usize> {
        self.names.find(self.table, name)
    }

    /// Returns the place of the needs of an event type, if it has any and is allowed.
    #[inline]
    pub(super) fn event_type(&self, name: &str) -> Option<usize> {
        let (len, first) = (name.len(), first_bytes(name.as_bytes()));
        let found = self.event_types.iter().find(|of| of.0 == len && of.1 == first)?;
        let is_whole = len <= 8 || self.table.event_types.get(found.2 - 1)?.name == name;
        is_whole.then_some(found.2)
    }
}

fn event_types(table: &Table) -> Vec<(usize, u64, usize)> {
    let column = table.event_type.and_then(|position| table.columns.get(position));
    let is_allowed = |name: &&'static str| match column.map(|column| column.values) {
        Some(Values::Closed(values)) => values.contains(name),
        _ => true,
    };
    let names = table.event_types.iter().map(|rules| rules.name).enumerate();
    let allowed = names.filter(|(_, name)| is_allowed(name));
    allowed.map(|(i, name)| (name.len(), first_bytes(name.as_bytes()), i + 1)).collect()
}

/// Returns the first eight bytes, or as many as there are.
#[inline]
fn first_bytes(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

fn kind(table: &Table, position: usize) -> Kind {
    let column = &table.columns[position];
    let is_checked = column.non_empty
        || matches!(column.values, Values::Closed(_))
        || column.format.is_some_and(|f| !f.is_convention());
    match column.ty {
        _ if column.computed => Kind::Computed,
        ColumnType::String if table.event_type == Some(position) => Kind::EventType,
        ColumnType::String if is_checked => Kind::CheckedText,
        ColumnType::String => Kind::Text,
        ColumnType::Bool => Kind::Bool,
        ColumnType::Int32 => Kind::Int32,
        ColumnType::Int64 if column.wire == Wire::DecimalString => Kind::Decimal,
        ColumnType::Int64 => Kind::Int64,
        ColumnType::Float64 => Kind::Float64,
        ColumnType::Timestamp => Kind::Timestamp,
        ColumnType::Json => Kind::Json,
        ColumnType::Binary => Kind::Binary,
    }
}

pub(super) fn none(table: &Table) -> Bits {
    vec![0; table.columns.len().div_ceil(64)].into_boxed_slice()
}

fn set(bits: &mut Bits, position: usize) {
    if let Some(word) = bits.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

fn required(table: &Table, requirements: &[crate::table::Requirement]) -> Needs {
    let mut all = none(table);
    let mut any = Vec::new();
    for (position, _) in table.columns.iter().enumerate().filter(|(_, column)| column.required) {
        set(&mut all, position);
    }
    for requirement in requirements {
        if let [position] = requirement.any_of {
            set(&mut all, usize::from(*position));
        } else {
            let mut bits = none(table);
            requirement.any_of.iter().for_each(|position| set(&mut bits, usize::from(*position)));
            any.push(bits);
        }
    }
    Needs { all, any }
}

/// The columns by name: an open hash over the length and both ends of the name.
#[derive(Debug)]
struct Names {
    /// Positions, counted from 1.
    places: Box<[u16]>,
    shift: u32,
}

impl Names {
    fn new(table: &Table) -> Self {
        let n_places = (table.columns.len() * 4).next_power_of_two().max(16);
        let mut names = Self { places: vec![0; n_places].into(), shift: 64 - n_places.trailing_zeros() };
        for (position, column) in table.columns.iter().enumerate() {
            let mut place = names.place(column.name.as_bytes());
            while names.places[place] != 0 {
                place = (place + 1) % n_places;
            }
            names.places[place] = u16::try_from(position + 1).unwrap_or(0);
        }
        names
    }

    fn place(&self, name: &[u8]) -> usize {
        let last = name.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let mixed = first_bytes(name) ^ last.rotate_left(29) ^ (name.len() as u64) << 56;
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    fn find(&self, table: &Table, name: &[u8]) -> Option<usize> {
        let mut place = self.place(name);
        loop {
            let position = usize::from(self.places[place]).checked_sub(1)?;
            if table.columns.get(position)?.name.as_bytes() == name {
                return Some(position);
            }
            place = (place + 1) % self.places.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::EVENTS;

    #[test]
    fn columns_are_found_by_name() {
        let plan = Plan::new(&EVENTS);
        for (position, column) in EVENTS.columns.iter().enumerate() {
            assert_eq!(plan.position(column.name.as_bytes()), Some(position));
        }
        for name in ["", "i", "idd", "totals", "\0"] {
            assert_eq!(plan.position(name.as_bytes()), None);
        }
    }
}
