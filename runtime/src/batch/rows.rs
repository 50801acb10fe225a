//! Which rows have a value: what every column of a batch keeps beside its values.

use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};

/// Up to so many rows without a value are filled as they are passed; a longer gap is left to the end.
const FILLED: usize = 8;

/// The rows that have a value. They rise.
///
/// As long as gaps are short, a column has an entry for every row, and rows without a value are noted. From
/// the first long gap on it has entries for values only, each with its row.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The row of each entry; empty as long as there is one for every row.
    listed: Vec<u32>,
    /// The rows without a value among those that have an entry.
    holes: Vec<u32>,
    /// What is added to a row before it is compared with the number of entries: 0 as long as rows are not
    /// listed, then [`FAR`].
    far: u64,
}

/// More than there are rows: no number of entries is as large.
const FAR: u64 = 1 << 40;

impl Rows {
    /// Returns true if the entry of `row` can follow `n` entries without more ado.
    #[inline(always)]
    pub(crate) fn is_next(&self, n: usize, row: u32) -> bool {
        n as u64 == u64::from(row) + self.far
    }

    /// Returns true if the last of `n` entries is of `row`.
    #[inline(always)]
    pub(crate) fn has(&self, n: usize, row: u32) -> bool {
        match self.listed.last() {
            Some(last) => *last == row,
            None => n == row as usize + 1,
        }
    }

    /// Lists `row`, which has no entry yet, and returns true, if rows are listed.
    #[inline(always)]
    pub(crate) fn list_next(&mut self, row: u32) -> bool {
        let is_listed = !self.listed.is_empty();
        if is_listed {
            self.listed.push(row);
        }
        is_listed
    }

    /// Notes an entry for `row`, which has none yet and is not listed, and returns how many empty ones
    /// belong before it.
    #[inline]
    pub(crate) fn note(&mut self, n: usize, row: u32) -> usize {
        let gap = (row as usize).saturating_sub(n);
        // Without any entry, nothing says yet that gaps are short.
        if gap > FILLED || (n == 0 && gap > 0) {
            return self.list(n, row);
        }
        for hole in n as u32..row {
            self.holes.push(hole);
        }
        gap
    }

    /// Lists the rows from now on. Entries of rows without a value stay, as the holes are known.
    #[cold]
    #[inline(never)]
    fn list(&mut self, n: usize, row: u32) -> usize {
        self.listed.extend(0..n as u32);
        self.listed.push(row);
        self.far = FAR;
        0
    }

    /// Forgets the last of `n` entries and the empty ones before it; returns how many.
    pub(crate) fn pop(&mut self, n: usize) -> usize {
        let mut n_popped = 1;
        self.listed.pop();
        while let Some(hole) = self.holes.last().copied()
            && n > n_popped
            && self.row_of(n - n_popped - 1) == hole
        {
            self.holes.pop();
            self.listed.pop();
            n_popped += 1;
        }
        if self.listed.is_empty() {
            self.far = 0;
        }
        n_popped
    }

    fn row_of(&self, entry: usize) -> u32 {
        self.listed.get(entry).copied().unwrap_or(entry as u32)
    }

    /// Returns the row of each entry; empty when there is one for every row up to the last.
    pub(crate) fn listed(&self) -> &[u32] {
        &self.listed
    }

    /// Returns which of `n_rows` rows have a value, by `n` entries; none when all have.
    pub(crate) fn validity(&self, n: usize, n_rows: usize) -> Option<NullBuffer> {
        if n == n_rows && self.holes.is_empty() {
            return None;
        }
        let mut words = vec![0_u64; n_rows.div_ceil(64)];
        if self.listed.is_empty() {
            words[..n / 64].fill(u64::MAX);
            if !n.is_multiple_of(64) {
                words[n / 64] = (1 << (n % 64)) - 1;
            }
        } else {
            self.listed.iter().for_each(|row| words[*row as usize / 64] |= 1 << (row % 64));
        }
        self.holes.iter().for_each(|row| words[*row as usize / 64] &= !(1 << (row % 64)));
        if cfg!(target_endian = "big") {
            words.iter_mut().for_each(|word| *word = word.to_le());
        }
        Some(NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, n_rows)))
    }

    /// Starts anew.
    pub(crate) fn clear(&mut self) {
        self.listed.clear();
        self.holes.clear();
        self.far = 0;
    }
}
