//! A place in a chunk of lines, and the steps that can be taken from it.

mod string;

use std::marker::PhantomData;

use super::block::Block;
use crate::FaultCode;

/// How many bytes behind the end of a chunk can be read.
pub(crate) const PAD: usize = 64;

/// Whole lines, with readable bytes behind them.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl<'a> Chunk<'a> {
    /// No lines.
    pub(crate) const EMPTY: Self = Self { bytes: &[0; PAD], len: 0 };

    /// Returns the first `len` bytes as a chunk: empty or ending in a line feed, and with [`PAD`] bytes behind them.
    pub(crate) fn new(bytes: &'a [u8], len: usize) -> Option<Self> {
        let is_whole = len == 0 || bytes.get(len - 1) == Some(&b'\n');
        (is_whole && bytes.len().checked_sub(len)? >= PAD).then_some(Self { bytes, len })
    }

    pub(crate) fn len(self) -> usize {
        self.len
    }
}

/// Why a scan ended early.
pub(crate) type Stop = FaultCode;

/// A place in a line of a chunk, at the furthest at the line feed that ends the chunk.
///
/// Every byte that is no line feed can be passed without a look at the end, and every scan meets that line
/// feed if nothing else stops it.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    at: *const u8,
    start: *const u8,
    /// The last line feed.
    last: *const u8,
    chunk: PhantomData<&'a [u8]>,
}

impl<'a> Cursor<'a> {
    /// Returns the place behind so many bytes of a chunk, unless the chunk ends there or before.
    #[inline]
    pub(crate) fn new(chunk: Chunk<'a>, position: usize) -> Option<Self> {
        if position >= chunk.len {
            return None;
        }
        // The pointer of the whole slice, so that reads of the padding are inside of what it may access.
        let start = chunk.bytes.as_ptr();
        // SAFETY: the place and the last byte are before the end of the chunk.
        let (at, last) = unsafe { (start.add(position), start.add(chunk.len - 1)) };
        Some(Self { at, start, last, chunk: PhantomData })
    }

    /// Returns the bytes from the start of the chunk.
    #[inline(always)]
    pub(crate) fn position(&self) -> usize {
        self.at as usize - self.start as usize
    }

    /// Does something rare with a copy, so that this one need not be in memory for it.
    #[inline(always)]
    pub(crate) fn aside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let mut copy = self.clone();
        let result = work(&mut copy);
        *self = copy;
        result
    }

    /// Returns the byte here.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        debug_assert!(self.at <= self.last);
        // SAFETY: the place is in the chunk.
        unsafe { *self.at }
    }

    /// Returns the bytes here, which may reach into later lines and the padding.
    #[inline(always)]
    pub(crate) fn window(&self) -> &'a [u8; PAD] {
        debug_assert!(self.at <= self.last);
        // SAFETY: the place is in the chunk, and `PAD` bytes follow that.
        unsafe { &*self.at.cast() }
    }

    /// Goes on by `n` bytes, at most to the last line feed.
    #[inline(always)]
    pub(crate) fn advance(&mut self, n: usize) {
        let most = self.last as usize - self.at as usize;
        // SAFETY: at most to the last byte of the chunk.
        self.at = unsafe { self.at.add(if n <= most { n } else { most }) };
    }

    /// Passes `byte`, if it is here. Line feeds are not passed.
    #[inline(always)]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        self.eat_if(|here| here == byte)
    }

    /// Passes the byte here, if it is one of those. Line feeds are not passed.
    #[inline(always)]
    pub(crate) fn eat_if(&mut self, is_one: impl FnOnce(u8) -> bool) -> bool {
        let byte = self.peek();
        let is_passed = is_one(byte) && byte != b'\n';
        if is_passed {
            // SAFETY: the byte is no line feed, so that the last one is still to come.
            self.at = unsafe { self.at.add(1) };
        }
        is_passed
    }

    /// Passes the rest of the line up to its line feed.
    pub(crate) fn skip_line(&mut self) {
        while self.eat_if(|_| true) {}
    }

    /// Returns a part of the chunk.
    ///
    /// # Panics
    ///
    /// When it is not a part of the chunk.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        assert!(from <= to && to <= self.last as usize - self.start as usize + 1, "a part of the chunk");
        // SAFETY: inside of the chunk, as the assertion says.
        unsafe { std::slice::from_raw_parts(self.start.add(from), to - from) }
    }

    /// Passes a key with its quotes and colon, if it is here exactly as in the pattern.
    #[inline(always)]
    pub(crate) fn key(&mut self, key: &KeyPattern) -> bool {
        let is_here = self.has(key);
        if is_here {
            // SAFETY: no byte of the pattern is a line feed, so that the last one is still to come.
            self.at = unsafe { self.at.add(key.len as usize) };
        }
        is_here
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn has(&self, key: &KeyPattern) -> bool {
        // SAFETY: the pattern has 32 bytes, and so many can be read here because `PAD` is no less.
        let common = unsafe {
            let low = Block::load(self.at).common(Block::load(key.bytes.as_ptr()));
            let high = Block::load(self.at.add(16)).common(Block::load(key.bytes.as_ptr().add(16)));
            low | high << 16
        };
        common & key.mask == key.mask
    }

    #[cfg(not(target_arch = "x86_64"))]
    #[inline(always)]
    fn has(&self, key: &KeyPattern) -> bool {
        self.window()[..key.len as usize] == key.bytes[..key.len as usize]
    }

    /// Passes bytes up to a quote, a backslash or a control character.
    #[inline(always)]
    pub(crate) fn skip_plain(&mut self) {
        loop {
            // SAFETY: in the chunk, as no block before this one had the last line feed.
            unsafe {
                let n = Block::load(self.at).plain();
                self.at = self.at.add(n);
                if n < Block::LEN {
                    break;
                }
            }
        }
        debug_assert!(self.at <= self.last);
    }

    /// Appends bytes to `out` and passes them, up to a quote, a backslash or a control character.
    /// Says whether some may not be ASCII.
    fn copy_plain(&mut self, out: &mut Vec<u8>) -> bool {
        let mut has_high = false;
        self.copy(out, |blocks| {
            has_high |= Block::have_high(blocks);
            Block::plain_of(blocks)
        });
        has_high
    }

    /// Appends two blocks at a time to `out`, of which the function says how many bytes are wanted, and
    /// passes those; the last line feed is never wanted.
    #[inline(always)]
    fn copy(&mut self, out: &mut Vec<u8>, mut wanted: impl FnMut([Block; 2]) -> usize) {
        loop {
            if out.capacity() - out.len() < 2 * Block::LEN {
                out.reserve(8 * Block::LEN);
            }
            // SAFETY: in the chunk, as no blocks before these had the last line feed; two blocks are no more
            // than `PAD`; there is room for them, and as many bytes as the length grows by were written.
            unsafe {
                let blocks = [Block::load(self.at), Block::load(self.at.add(Block::LEN))];
                let to = out.as_mut_ptr().add(out.len());
                blocks[0].store(to);
                blocks[1].store(to.add(Block::LEN));
                let n = wanted(blocks);
                self.at = self.at.add(n);
                out.set_len(out.len() + n);
                if n < 2 * Block::LEN {
                    break;
                }
            }
        }
        debug_assert!(self.at <= self.last);
    }
}

/// A key as it stands in compact JSON: `"name":`.
#[derive(Debug, Clone)]
pub(crate) struct KeyPattern {
    bytes: [u8; 32],
    /// One bit for each byte of the key.
    #[cfg(target_arch = "x86_64")]
    mask: u32,
    len: u8,
}

impl KeyPattern {
    /// Returns the pattern of a key, unless it is long or needs an escape.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let quoted = format!("\"{name}\":");
        let is_plain = name.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
        let len = quoted.len();
        if !is_plain || len > 32 {
            return None;
        }
        let mut bytes = [0; 32];
        bytes[..len].copy_from_slice(quoted.as_bytes());
        Some(Self {
            bytes,
            #[cfg(target_arch = "x86_64")]
            mask: u32::MAX >> (32 - len),
            len: len as u8,
        })
    }
}

#[cfg(test)]
mod tests;
