//! A place in a chunk of lines, and the steps that can be taken from it.

use std::marker::PhantomData;

use super::TextColumn;
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

/// A place in a chunk. It is never behind the end of the chunk: every step checks that, and every scan
/// starts before the end, where it meets the line feed that ends the chunk if nothing else stops it.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    at: *const u8,
    start: *const u8,
    end: *const u8,
    chunk: PhantomData<&'a [u8]>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(chunk: Chunk<'a>) -> Self {
        let bounds = chunk.bytes[..chunk.len].as_ptr_range();
        // The pointer of the whole slice, so that reads of the padding are inside of what it may access.
        let start = chunk.bytes.as_ptr();
        debug_assert_eq!(bounds.start, start);
        // SAFETY: the chunk is no longer than its bytes.
        let end = unsafe { start.add(chunk.len) };
        Self { at: start, start, end, chunk: PhantomData }
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

    #[inline(always)]
    fn remaining(&self) -> usize {
        self.end as usize - self.at as usize
    }

    #[inline(always)]
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.end
    }

    /// Returns the byte here; at the end of the chunk it is any.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        debug_assert!(self.at <= self.end);
        // SAFETY: the place is not behind the end, and `PAD` bytes follow that.
        unsafe { *self.at }
    }

    /// Returns the bytes here, which may reach into later lines and the padding.
    #[inline(always)]
    pub(crate) fn window(&self) -> &'a [u8; PAD] {
        debug_assert!(self.at <= self.end);
        // SAFETY: the place is not behind the end, and `PAD` bytes follow that.
        unsafe { &*self.at.cast() }
    }

    /// Goes on by `n` bytes, at most to the end.
    #[inline(always)]
    pub(crate) fn advance(&mut self, n: usize) {
        let n = if n <= self.remaining() { n } else { self.remaining() };
        // SAFETY: at most to the end.
        self.at = unsafe { self.at.add(n) };
    }

    /// Passes `byte`, if it is here.
    #[inline(always)]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == byte && self.remaining() > 0;
        if is_here {
            // SAFETY: the place is before the end.
            self.at = unsafe { self.at.add(1) };
        }
        is_here
    }

    /// Passes the rest of the line and its line feed.
    pub(crate) fn skip_line(&mut self) {
        let rest = self.slice(self.position(), self.position() + self.remaining());
        let n = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        self.advance(n);
    }

    /// Returns a part of the chunk.
    ///
    /// # Panics
    ///
    /// When it is not a part of the chunk.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        assert!(from <= to && to <= self.end as usize - self.start as usize, "a part of the chunk");
        // SAFETY: inside of the chunk, as the assertion says.
        unsafe { std::slice::from_raw_parts(self.start.add(from), to - from) }
    }

    /// Passes a key with its quotes and colon, if it is here exactly as in the pattern.
    #[inline(always)]
    pub(crate) fn key(&mut self, key: &KeyPattern) -> bool {
        let is_here = self.has(key) && key.len as usize <= self.remaining();
        if is_here {
            // SAFETY: not behind the end.
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
        if self.is_at_end() {
            return;
        }
        loop {
            // SAFETY: before the end, as no block before this one had the line feed at the end.
            unsafe {
                let n = Block::load(self.at).plain();
                self.at = self.at.add(n);
                if n < Block::LEN {
                    break;
                }
            }
        }
        debug_assert!(self.at < self.end);
    }

    /// Appends bytes to `out` and passes them, up to a quote, a backslash or a control character.
    /// Says whether some may not be ASCII.
    #[inline(always)]
    fn copy_plain(&mut self, out: &mut Vec<u8>) -> bool {
        if self.is_at_end() {
            return false;
        }
        let mut has_high = false;
        loop {
            if out.capacity() - out.len() < 2 * Block::LEN {
                out.reserve(8 * Block::LEN);
            }
            // SAFETY: before the end, as no blocks before these had the line feed at the end; two blocks are
            // no more than `PAD`; there is room for them, and as many bytes as the length grows by were written.
            unsafe {
                let blocks = [Block::load(self.at), Block::load(self.at.add(Block::LEN))];
                let to = out.as_mut_ptr().add(out.len());
                blocks[0].store(to);
                blocks[1].store(to.add(Block::LEN));
                has_high |= Block::have_high(blocks);
                let n = Block::plain_of(blocks);
                self.at = self.at.add(n);
                out.set_len(out.len() + n);
                if n < 2 * Block::LEN {
                    break;
                }
            }
        }
        debug_assert!(self.at < self.end);
        has_high
    }

    /// Reads a string, whose opening quote has been passed, to the end of a column.
    ///
    /// On an error the column is as it was, and the place is near the fault.
    #[inline(always)]
    pub(crate) fn string_into(&mut self, column: &mut TextColumn, row: u32) -> Result<(), Stop> {
        let start = column.bytes.len();
        let has_high = self.copy_plain(&mut column.bytes);
        let result = if self.eat(b'"') {
            Ok(has_high)
        } else {
            self.aside(|cursor| cursor.rest_of_string(&mut column.bytes, has_high))
        };
        match result {
            Ok(false) => {
                column.commit(row, start);
                Ok(())
            }
            Ok(true) => column.commit_checked(row, start),
            Err(stop) => {
                column.bytes.truncate(start);
                Err(stop)
            }
        }
    }

    /// Appends the rest of a string that has an escape or a fault.
    #[cold]
    fn rest_of_string(&mut self, out: &mut Vec<u8>, mut has_high: bool) -> Result<bool, Stop> {
        loop {
            if self.eat(b'"') {
                return Ok(has_high);
            }
            let c = self.escape()?;
            has_high |= !c.is_ascii();
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            has_high |= self.copy_plain(out);
        }
    }

    /// Reads the escape here.
    pub(crate) fn escape(&mut self) -> Result<char, Stop> {
        if !self.eat(b'\\') {
            return Err(Stop::MalformedJson);
        }
        let c = match self.peek() {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Stop::MalformedJson),
        };
        self.advance(1);
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Result<char, Stop> {
        let unit = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
        };
        let window = self.window();
        let first = unit(&window[1..5]).ok_or(Stop::MalformedJson)?;
        if !(0xD800..0xE000).contains(&first) {
            self.advance(5);
            return char::from_u32(first).ok_or(Stop::MalformedJson);
        }
        let second = if window[5..7] == *b"\\u" { unit(&window[7..11]) } else { None };
        match second {
            Some(second @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
                self.advance(11);
                let pair = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                char::from_u32(pair).ok_or(Stop::MalformedJson)
            }
            _ => Err(Stop::MalformedJson),
        }
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
