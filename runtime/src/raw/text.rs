//! The texts of one column in a batch.

use std::mem::MaybeUninit;

use arrow_array::StringArray;
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use super::Stop;
use crate::batch::Rows;

/// Texts with their rows. The bytes are UTF-8 up to the last end, and nothing is behind it
/// but while a text is being appended; ends rise from 0, and each lies between two characters.
#[derive(Debug)]
pub(crate) struct TextColumn {
    pub(super) bytes: Vec<u8>,
    /// A zero, and where each text ends: of a column without long gaps these are the offsets of Arrow.
    ends: Vec<i32>,
    rows: Rows,
}

impl Default for TextColumn {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: vec![0], rows: Rows::default() }
    }
}

/// Arrow counts bytes in an `i32`.
pub(crate) const MAX_BYTES: usize = i32::MAX as usize;

impl TextColumn {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Appends the text of a row, which is not before the last one and has none yet.
    ///
    /// As long as no row lacks a text and there is room this comes down to a copy and an append.
    #[inline(always)]
    pub(crate) fn push(&mut self, row: u32, text: &str) -> Result<(), Stop> {
        let n_bytes = self.bytes.len() + text.len();
        let has_room = text.len() <= self.bytes.capacity() - self.bytes.len();
        if !self.rows.is_next(self.len(), row) || !has_room || n_bytes > MAX_BYTES {
            return self.push_other(row, text);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(n_bytes as i32);
        Ok(())
    }

    #[inline(never)]
    fn push_other(&mut self, row: u32, text: &str) -> Result<(), Stop> {
        let start = self.bytes.len();
        if self.has(row) {
            return Err(Stop::DuplicateKey);
        }
        if text.len() > MAX_BYTES.saturating_sub(start) {
            return Err(Stop::TooLarge);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        self.commit(row, start);
        Ok(())
    }

    /// Says whether the last text is that of `row`.
    #[inline(always)]
    pub(crate) fn has(&self, row: u32) -> bool {
        self.rows.has(self.len(), row)
    }

    /// Appends the text of a row, if the bytes are UTF-8.
    #[inline]
    pub(crate) fn push_bytes(&mut self, row: u32, text: &[u8]) -> Result<(), Stop> {
        let start = self.bytes.len();
        if text.len() > MAX_BYTES.saturating_sub(start) {
            return Err(Stop::TooLarge);
        }
        self.bytes.extend_from_slice(text);
        if is_ascii(text) {
            self.commit(row, start);
            return Ok(());
        }
        self.commit_checked(row, start)
    }

    /// Takes the bytes from `start`, which are UTF-8, as the text of a row.
    #[inline(always)]
    pub(super) fn commit(&mut self, row: u32, start: usize) {
        debug_assert!(std::str::from_utf8(&self.bytes[start..]).is_ok());
        debug_assert!(self.ends.last().is_some_and(|last| *last as usize == start));
        if !self.rows.list_next(row) && self.len() != row as usize {
            self.skip_to(row);
        }
        self.ends.push(self.bytes.len() as i32);
    }

    /// Makes `row` the next: texts that rows before it lack end where the last one ends.
    #[inline(never)]
    fn skip_to(&mut self, row: u32) {
        debug_assert!(!self.has(row));
        let last = self.ends.last().copied().unwrap_or_default();
        for _ in 0..self.rows.note(self.len(), row) {
            self.ends.push(last);
        }
    }

    /// Takes the bytes from `start` as the text of a row if they are UTF-8, and removes them if not.
    #[inline(never)]
    pub(super) fn commit_checked(&mut self, row: u32, start: usize) -> Result<(), Stop> {
        if std::str::from_utf8(&self.bytes[start..]).is_err() {
            self.bytes.truncate(start);
            return Err(Stop::InvalidUtf8);
        }
        self.commit(row, start);
        Ok(())
    }

    /// Returns the last text.
    #[inline]
    pub(crate) fn last(&self) -> &str {
        let start = match self.ends.as_slice() {
            [.., before, _] => *before as usize,
            _ => 0,
        };
        // SAFETY: the bytes are UTF-8, and ends lie between characters.
        unsafe { std::str::from_utf8_unchecked(&self.bytes[start..]) }
    }

    /// Removes the text of `row`, if it is the last.
    pub(crate) fn pop(&mut self, row: u32) {
        if self.has(row) {
            let n = self.len();
            self.ends.truncate(1 + n - self.rows.pop(n));
            self.bytes.truncate(self.ends.last().map_or(0, |last| *last as usize));
        }
    }

    /// Returns the array of `n_rows` rows and starts anew, with as much room as was needed.
    pub(crate) fn build(&mut self, n_rows: usize) -> StringArray {
        assert!(self.bytes.len() <= MAX_BYTES, "the bytes of a column fit into an `i32`");
        assert!(self.len() <= n_rows, "the rows are those of the batch");
        let nulls = self.rows.validity(self.len(), n_rows);
        let offsets = self.take_offsets(n_rows);
        let room = self.bytes.len() + self.bytes.len() / 8 + 64;
        let bytes = std::mem::replace(&mut self.bytes, Vec::with_capacity(room));
        array(offsets, bytes, nulls)
    }

    /// Returns the offsets of `n_rows` rows and leaves the column without ends and rows.
    fn take_offsets(&mut self, n_rows: usize) -> Vec<i32> {
        if self.rows.listed().is_empty() {
            let mut next = Vec::with_capacity(n_rows + 1);
            next.push(0);
            let mut offsets = std::mem::replace(&mut self.ends, next);
            let last = offsets.last().copied().unwrap_or_default();
            offsets.resize(n_rows + 1, last);
            self.rows.clear();
            return offsets;
        }
        let offsets = self.spread_offsets(n_rows);
        self.ends.truncate(1);
        self.rows.clear();
        offsets
    }

    /// Returns offsets for rows of which some lack a text: those start and end where the one before ended.
    fn spread_offsets(&self, n_rows: usize) -> Vec<i32> {
        // Gaps are short: a few offsets are written at once, and those too many again.
        const AT_ONCE: usize = 8;
        let mut offsets: Vec<i32> = Vec::with_capacity(n_rows + 1 + AT_ONCE);
        let room = &mut offsets.spare_capacity_mut()[..n_rows + 1 + AT_ONCE];
        // All before `at` are written.
        let (mut at, mut before) = (0, 0);
        for (row, end) in self.rows.listed().iter().zip(&self.ends[1..]) {
            let next = *row as usize + 1;
            while at < next {
                room[at..at + AT_ONCE].fill(MaybeUninit::new(before));
                at += AT_ONCE;
            }
            at = next;
            before = *end;
        }
        room[at..=n_rows].fill(MaybeUninit::new(before));
        // SAFETY: all up to `at` were written, and those from there to the last.
        unsafe { offsets.set_len(n_rows + 1) };
        offsets
    }
}

/// Like the method of slices, which looks at short ones byte by byte.
#[inline]
fn is_ascii(text: &[u8]) -> bool {
    let (words, _) = text.as_chunks();
    let last = text
        .last_chunk()
        .map_or_else(|| text.iter().fold(0, |all, byte| all | u64::from(*byte)), |word| u64::from_le_bytes(*word));
    let all = words.iter().fold(last, |all, word| all | u64::from_le_bytes(*word));
    all & 0x8080_8080_8080_8080 == 0
}

/// Puts an array together whose parts are known to fit.
fn array(offsets: Vec<i32>, bytes: Vec<u8>, nulls: Option<NullBuffer>) -> StringArray {
    #[cfg(debug_assertions)]
    {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets.clone()));
        assert!(StringArray::try_new(offsets, Buffer::from_slice_ref(&bytes), nulls.clone()).is_ok());
    }
    // SAFETY: the offsets start at 0, rise, end in the bytes and lie between characters, and the bytes
    // are UTF-8: the invariant of the column. Offsets and nulls are of as many rows.
    unsafe {
        let offsets = OffsetBuffer::new_unchecked(ScalarBuffer::from(offsets));
        StringArray::new_unchecked(offsets, Buffer::from_vec(bytes), nulls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_found_anywhere() {
        for len in 0..40 {
            let mut text = vec![0x7F; len];
            assert!(is_ascii(&text));
            for at in 0..len {
                text[at] = 0x80;
                assert!(!is_ascii(&text), "{at} of {len}");
                text[at] = 0;
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_appended() {
        let text = "0123456789".repeat(10);
        let mut column = TextColumn::default();
        let mut all = String::new();
        for n in 0..100 {
            column.push(n, &text[..n as usize]).unwrap();
            all.push_str(&text[..n as usize]);
        }
        assert_eq!(column.push(99, "again"), Err(Stop::DuplicateKey));
        assert_eq!(column.bytes, all.as_bytes());
        let array = column.build(200);
        assert!((0..100).all(|n| array.value(n) == &text[..n]));
        assert_eq!(array.iter().flatten().count(), 100);
    }
}
