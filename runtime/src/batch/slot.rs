//! The values of one column in the rows of a batch.

use super::rows::Rows;
use crate::Format;
use crate::raw::{MAX_BYTES, Stop, TextColumn};
use crate::table::{Column, ColumnType, Values};

/// The values of one column, by type, with their rows. Rows rise.
#[derive(Debug)]
pub(crate) enum Slot {
    Text(TextColumn, TextRule),
    Json(TextColumn),
    Bool(Pairs<bool>),
    /// With true where the values are a closed set.
    Int32(Pairs<i32>, bool),
    Int64(Pairs<i64>, bool),
    Float64(Pairs<f64>),
    /// Microseconds since the epoch.
    Timestamp(Pairs<i64>),
    Binary(BinaryColumn),
}

/// What a column asks of its texts that their Rust types do not say: closed sets are enums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextRule {
    /// Whether it asks anything: for most columns this is all that is looked at.
    pub(super) is_any: bool,
    pub(super) is_required: bool,
    non_empty: bool,
    format: Option<Format>,
}

impl TextRule {
    fn new(column: &Column) -> Self {
        let Column { required: is_required, non_empty, .. } = *column;
        let format = column.format.filter(|format| !format.is_convention());
        Self { is_any: is_required || non_empty || format.is_some(), is_required, non_empty, format }
    }

    #[inline(always)]
    pub(super) fn accepts(self, text: &str) -> bool {
        !(self.non_empty && text.is_empty()) && self.format.is_none_or(|format| has_format(format, text))
    }
}

/// Not inlined: it would be there once for each column that an event pushes.
#[inline(never)]
fn has_format(format: Format, text: &str) -> bool {
    format.accepts(text)
}

/// Values with their rows: one for every row where gaps are short, defaults in them.
#[derive(Debug)]
pub(crate) struct Pairs<T> {
    pub(super) values: Vec<T>,
    pub(super) rows: Rows,
}

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self { values: Vec::new(), rows: Rows::default() }
    }
}

impl<T: Copy + Default> Pairs<T> {
    /// Appends the value of a row that is not before the last one; returns true if it is the first of the row.
    #[inline(always)]
    pub(crate) fn push(&mut self, row: u32, value: T) -> bool {
        if !self.rows.is_next(self.values.len(), row) {
            if self.has(row) {
                return false;
            }
            if !self.rows.list_next(row) {
                self.skip_to(row);
            }
        }
        self.values.push(value);
        true
    }

    #[inline(never)]
    fn skip_to(&mut self, row: u32) {
        for _ in 0..self.rows.note(self.values.len(), row) {
            self.values.push(T::default());
        }
    }

    #[inline(always)]
    fn has(&self, row: u32) -> bool {
        self.rows.has(self.values.len(), row)
    }

    fn pop(&mut self, row: u32) {
        if self.has(row) {
            let n = self.values.len();
            self.values.truncate(n - self.rows.pop(n));
        }
    }
}

/// Byte strings, one behind the other, with their rows and ends.
#[derive(Debug, Default)]
pub(crate) struct BinaryColumn {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Pairs<usize>,
}

impl BinaryColumn {
    /// Appends the bytes of a row, which is not before the last one.
    pub(crate) fn push(&mut self, row: u32, bytes: &[u8]) -> Result<(), Stop> {
        if bytes.len() > MAX_BYTES.saturating_sub(self.bytes.len()) {
            return Err(Stop::TooLarge);
        }
        if !self.ends.push(row, self.bytes.len() + bytes.len()) {
            return Err(Stop::DuplicateKey);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends what `decode` appends to the bytes, and nothing when it fails; the row has none yet.
    pub(crate) fn push_with(
        &mut self,
        row: u32,
        decode: impl FnOnce(&mut Vec<u8>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let start = self.bytes.len();
        let decoded = decode(&mut self.bytes);
        let result = if self.bytes.len() > MAX_BYTES { decoded.and(Err(Stop::TooLarge)) } else { decoded };
        if result.is_err() {
            self.bytes.truncate(start);
            return result;
        }
        self.ends.push(row, self.bytes.len());
        Ok(())
    }

    fn pop(&mut self, row: u32) {
        self.ends.pop(row);
        self.bytes.truncate(self.ends.values.last().copied().unwrap_or_default());
    }
}

impl Slot {
    pub(crate) fn new(column: &Column) -> Self {
        let is_closed = matches!(column.values, Values::Closed(_));
        match column.ty {
            ColumnType::String => Self::Text(TextColumn::default(), TextRule::new(column)),
            ColumnType::Json => Self::Json(TextColumn::default()),
            ColumnType::Bool => Self::Bool(Pairs::default()),
            ColumnType::Int32 => Self::Int32(Pairs::default(), is_closed),
            ColumnType::Int64 => Self::Int64(Pairs::default(), is_closed),
            ColumnType::Float64 => Self::Float64(Pairs::default()),
            ColumnType::Timestamp => Self::Timestamp(Pairs::default()),
            ColumnType::Binary => Self::Binary(BinaryColumn::default()),
        }
    }

    /// Says whether no row has a value.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(column, _) | Self::Json(column) => column.is_empty(),
            Self::Bool(pairs) => pairs.values.is_empty(),
            Self::Int32(pairs, _) => pairs.values.is_empty(),
            Self::Int64(pairs, _) | Self::Timestamp(pairs) => pairs.values.is_empty(),
            Self::Float64(pairs) => pairs.values.is_empty(),
            Self::Binary(column) => column.ends.values.is_empty(),
        }
    }

    /// Says whether `row`, which is not before the last one, has a value.
    #[inline(always)]
    pub(crate) fn has(&self, row: u32) -> bool {
        match self {
            Self::Text(column, _) | Self::Json(column) => column.has(row),
            Self::Bool(pairs) => pairs.has(row),
            Self::Int32(pairs, _) => pairs.has(row),
            Self::Int64(pairs, _) | Self::Timestamp(pairs) => pairs.has(row),
            Self::Float64(pairs) => pairs.has(row),
            Self::Binary(column) => column.ends.has(row),
        }
    }

    /// Removes the value of `row`, if it is the last.
    pub(crate) fn pop(&mut self, row: u32) {
        match self {
            Self::Text(column, _) | Self::Json(column) => column.pop(row),
            Self::Bool(pairs) => pairs.pop(row),
            Self::Int32(pairs, _) => pairs.pop(row),
            Self::Int64(pairs, _) | Self::Timestamp(pairs) => pairs.pop(row),
            Self::Float64(pairs) => pairs.pop(row),
            Self::Binary(column) => column.pop(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_arrow_cannot_count_are_refused() {
        let gibibyte = vec![0; 1 << 30];
        let mut column = BinaryColumn::default();
        assert_eq!(column.push(0, &gibibyte), Ok(()));
        assert_eq!(column.push(1, &gibibyte), Err(Stop::TooLarge));
        let decode = |out: &mut Vec<u8>| {
            out.extend_from_slice(&gibibyte);
            Ok(())
        };
        assert_eq!(column.push_with(1, decode), Err(Stop::TooLarge));
        assert_eq!(column.push(1, b"ab"), Ok(()));
        assert_eq!((column.bytes.len(), column.ends.values.len()), ((1 << 30) + 2, 2));
    }
}
