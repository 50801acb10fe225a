//! A few bytes at once: SSE2, which every x86-64 has, and 8 bytes in a register elsewhere.

#[cfg(target_arch = "x86_64")]
pub(super) use sse2::Block;

#[cfg(not(target_arch = "x86_64"))]
pub(super) use swar::Block;

#[cfg(target_arch = "x86_64")]
mod sse2 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8, _mm_storeu_si128,
    };

    /// 16 bytes.
    #[derive(Clone, Copy)]
    pub(in crate::raw) struct Block(__m128i);

    impl Block {
        pub(in crate::raw) const LEN: usize = 16;

        /// # Safety
        ///
        /// `LEN` bytes at `from` are readable.
        #[inline(always)]
        pub(in crate::raw) unsafe fn load(from: *const u8) -> Self {
            // SAFETY: the caller's; the load needs no alignment.
            Self(unsafe { _mm_loadu_si128(from.cast()) })
        }

        /// # Safety
        ///
        /// `LEN` bytes at `to` are writable.
        #[inline(always)]
        pub(in crate::raw) unsafe fn store(self, to: *mut u8) {
            // SAFETY: the caller's; the store needs no alignment.
            unsafe { _mm_storeu_si128(to.cast(), self.0) }
        }

        /// Marks quotes, backslashes and control characters, one bit each.
        #[inline(always)]
        fn marks(self) -> u32 {
            // SAFETY: SSE2 is part of x86-64.
            unsafe {
                let quote = _mm_cmpeq_epi8(self.0, _mm_set1_epi8(b'"' as i8));
                let backslash = _mm_cmpeq_epi8(self.0, _mm_set1_epi8(b'\\' as i8));
                let control = _mm_cmpeq_epi8(_mm_min_epu8(self.0, _mm_set1_epi8(0x1F)), self.0);
                _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)) as u32
            }
        }

        /// Returns how many bytes come before the first quote, backslash or control character.
        #[inline(always)]
        pub(in crate::raw) fn plain(self) -> usize {
            (self.marks() | 1 << Self::LEN).trailing_zeros() as usize
        }

        /// The same of two blocks, one behind the other.
        #[inline(always)]
        pub(in crate::raw) fn plain_of([first, second]: [Self; 2]) -> usize {
            let marks = first.marks() | second.marks() << Self::LEN;
            (u64::from(marks) | 1 << (2 * Self::LEN)).trailing_zeros() as usize
        }

        /// Returns how many bytes of two blocks come before the first that is none of those and not ASCII.
        #[inline(always)]
        pub(in crate::raw) fn plain_ascii_of([first, second]: [Self; 2]) -> usize {
            let marks = first.ascii_marks() | second.ascii_marks() << Self::LEN;
            (u64::from(marks) | 1 << (2 * Self::LEN)).trailing_zeros() as usize
        }

        /// Marks quotes, backslashes, control characters and what is not ASCII, one bit each.
        #[inline(always)]
        fn ascii_marks(self) -> u32 {
            // SAFETY: SSE2 is part of x86-64.
            unsafe {
                let quote = _mm_cmpeq_epi8(self.0, _mm_set1_epi8(b'"' as i8));
                let backslash = _mm_cmpeq_epi8(self.0, _mm_set1_epi8(b'\\' as i8));
                // With their sign, bytes that are not ASCII are less than any control character.
                let control_or_high = _mm_cmplt_epi8(self.0, _mm_set1_epi8(0x20));
                _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control_or_high)) as u32
            }
        }

        /// Says whether there may be bytes in two blocks that are not ASCII.
        #[inline(always)]
        pub(in crate::raw) fn have_high([first, second]: [Self; 2]) -> bool {
            // SAFETY: SSE2 is part of x86-64.
            unsafe { _mm_movemask_epi8(_mm_or_si128(first.0, second.0)) != 0 }
        }

        /// Returns the bytes that two blocks have in common, one bit each.
        #[inline(always)]
        pub(in crate::raw) fn common(self, other: Self) -> u32 {
            // SAFETY: SSE2 is part of x86-64.
            unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, other.0)) as u32 }
        }
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
#[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "on x86-64 only tests use it"))]
mod swar {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    /// 8 bytes, the first one lowest.
    #[derive(Clone, Copy)]
    pub(in crate::raw) struct Block(u64);

    impl Block {
        pub(in crate::raw) const LEN: usize = 8;

        /// # Safety
        ///
        /// `LEN` bytes at `from` are readable.
        #[inline(always)]
        pub(in crate::raw) unsafe fn load(from: *const u8) -> Self {
            // SAFETY: the caller's; the load needs no alignment.
            Self(u64::from_le(unsafe { from.cast::<u64>().read_unaligned() }))
        }

        /// # Safety
        ///
        /// `LEN` bytes at `to` are writable.
        #[inline(always)]
        pub(in crate::raw) unsafe fn store(self, to: *mut u8) {
            // SAFETY: the caller's; the store needs no alignment.
            unsafe { to.cast::<u64>().write_unaligned(self.0.to_le()) }
        }

        /// Returns how many bytes come before the first quote, backslash or control character.
        ///
        /// Borrows can mark bytes that follow a true hit, never one before it.
        #[inline(always)]
        pub(in crate::raw) fn plain(self) -> usize {
            let zero = |word: u64| word.wrapping_sub(LOW) & !word;
            let quote = zero(self.0 ^ (LOW * b'"' as u64));
            let backslash = zero(self.0 ^ (LOW * b'\\' as u64));
            let control = self.0.wrapping_sub(LOW * 0x20) & !self.0;
            ((quote | backslash | control) & HIGH).trailing_zeros() as usize / 8
        }

        /// The same of two blocks, one behind the other.
        #[inline(always)]
        pub(in crate::raw) fn plain_of([first, second]: [Self; 2]) -> usize {
            match first.plain() {
                Self::LEN => Self::LEN + second.plain(),
                n => n,
            }
        }

        /// Returns how many bytes of two blocks come before the first that is none of those and not ASCII.
        #[inline(always)]
        pub(in crate::raw) fn plain_ascii_of(blocks: [Self; 2]) -> usize {
            let [first, second] = blocks.map(|block| block.plain().min((block.0 & HIGH).trailing_zeros() as usize / 8));
            if first < Self::LEN { first } else { Self::LEN + second }
        }

        /// Says whether there may be bytes in two blocks that are not ASCII.
        #[inline(always)]
        pub(in crate::raw) fn have_high([first, second]: [Self; 2]) -> bool {
            (first.0 | second.0) & HIGH != 0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, swar};

    #[test]
    fn every_byte_stops_or_not_at_every_place() {
        for byte in 0..=u8::MAX {
            let stops = byte < 0x20 || byte == b'"' || byte == b'\\';
            for place in 0..16 {
                for fill in [b'a', 0x80, 0xFF, b'!', 0x20] {
                    let mut bytes = [fill; 16];
                    bytes[place] = byte;
                    // Where blocks have 8 bytes, the two are the same.
                    let (start, narrow_start) = (place / Block::LEN * Block::LEN, place / 8 * 8);
                    // SAFETY: both loads are inside of the array.
                    let (wide, narrow) = unsafe {
                        (Block::load(bytes.as_ptr().add(start)), swar::Block::load(bytes.as_ptr().add(narrow_start)))
                    };
                    let at = |start: usize, otherwise: usize| if stops { place - start } else { otherwise };
                    assert_eq!(wide.plain(), at(start, Block::LEN), "{byte} at {place}");
                    assert_eq!(narrow.plain(), at(narrow_start, 8), "{byte} at {place}");
                    let is_high = byte >= 0x80 || fill >= 0x80;
                    assert_eq!((Block::have_high([wide; 2]), swar::Block::have_high([narrow; 2])), (is_high, is_high));
                    assert_eq!(Block::plain_of([wide; 2]), at(start, 2 * Block::LEN));
                    assert_eq!(swar::Block::plain_of([narrow; 2]), at(narrow_start, 16));
                    let first_high = |start: usize, len: usize| {
                        let block = &bytes[start..start + len];
                        block.iter().position(|byte| *byte >= 0x80).unwrap_or(2 * len)
                    };
                    let plain_ascii = Block::plain_of([wide; 2]).min(first_high(start, Block::LEN));
                    assert_eq!(Block::plain_ascii_of([wide; 2]), plain_ascii, "{byte} at {place}");
                    let plain_ascii = swar::Block::plain_of([narrow; 2]).min(first_high(narrow_start, 8));
                    assert_eq!(swar::Block::plain_ascii_of([narrow; 2]), plain_ascii, "{byte} at {place}");
                }
            }
        }
    }
}
