//! What the decoder needs to know of a table, laid out for the scan.

use super::words::{Words, first_bytes};
use crate::Format;
use crate::raw::{KeyPattern, Stop};
use crate::table::{ColumnType, Table, Values, Wire};

/// How the value of a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    NonEmptyText,
    /// Text of a closed set or a format.
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

/// A column as the scan wants it.
#[derive(Debug)]
pub(super) struct ColumnPlan {
    pub kind: Kind,
    /// None where the key is too long to be compared at once.
    pub key: Option<KeyPattern>,
    /// The texts of a closed set.
    pub closed: Option<Words>,
    /// The format, if it is more than a convention.
    pub format: Option<Format>,
    pub non_empty: bool,
}

/// A table as the scan wants it.
#[derive(Debug)]
pub(super) struct Plan {
    pub table: &'static Table,
    pub columns: Box<[ColumnPlan]>,
    /// Without an event type first, then those of the rules of the table.
    pub needs: Vec<Needs>,
    names: Names,
    /// The event types that have rules and are allowed, in the order of the needs.
    event_types: Words,
}

impl Plan {
    pub(super) fn new(table: &'static Table) -> Self {
        let columns = (0..table.columns.len()).map(|position| ColumnPlan::new(table, position)).collect();
        let mut needs = vec![required(table, &[])];
        needs.extend(table.event_types.iter().map(|rules| required(table, rules.requires)));
        Self { table, columns, needs, names: Names::new(table), event_types: event_types(table) }
    }

    /// Returns the position of the column with this name.
    pub(super) fn position(&self, name: &[u8]) -> Option<usize> {
        self.names.find(self.table, name)
    }

    /// Returns the place of the needs of an event type, if it has any and is allowed.
    #[inline]
    pub(super) fn event_type(&self, name: &str) -> Option<usize> {
        self.event_types.find(name).map(|place| place + 1)
    }
}

fn event_types(table: &Table) -> Words {
    let column = table.event_type.and_then(|position| table.columns.get(position));
    let is_allowed = |name: &str| match column.map(|column| column.values) {
        Some(Values::Closed(values)) => values.contains(&name),
        _ => true,
    };
    let names = table.event_types.iter().map(|rules| rules.name);
    Words::new(names.enumerate().filter(|(_, name)| is_allowed(name)))
}

impl ColumnPlan {
    fn new(table: &Table, position: usize) -> Self {
        let column = &table.columns[position];
        let closed = match column.values {
            Values::Closed(values) => Some(Words::new(values.iter().copied().enumerate())),
            _ => None,
        };
        Self {
            kind: kind(table, position),
            key: KeyPattern::new(column.name),
            closed,
            format: column.format.filter(|format| !format.is_convention()),
            non_empty: column.non_empty,
        }
    }

    /// Checks a text.
    #[inline]
    pub(super) fn check(&self, text: &str) -> Result<(), Stop> {
        if self.closed.as_ref().is_some_and(|words| words.find(text).is_none()) {
            return Err(Stop::ValueNotAllowed);
        }
        match self.format {
            Some(format) if !format.accepts(text) => Err(Stop::Format),
            _ if self.non_empty && text.is_empty() => Err(Stop::EmptyText),
            _ => Ok(()),
        }
    }
}

fn kind(table: &Table, position: usize) -> Kind {
    let column = &table.columns[position];
    let is_checked =
        matches!(column.values, Values::Closed(_)) || column.format.is_some_and(|format| !format.is_convention());
    match column.ty {
        _ if column.computed => Kind::Computed,
        ColumnType::String if table.event_type == Some(position) => Kind::EventType,
        ColumnType::String if is_checked => Kind::CheckedText,
        ColumnType::String if column.non_empty => Kind::NonEmptyText,
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
