//! Where the lines come from: any reader, through one buffer, or bytes in memory, in place.

use std::io::{ErrorKind, Read, Result};

use crate::raw::{Chunk, PAD};

/// Yields whole lines, one chunk after the other.
pub(super) trait Source {
    /// Returns the whole lines that are there and not consumed.
    fn chunk(&self) -> Chunk<'_>;

    /// Goes on behind the first `n` bytes of the chunk.
    fn consume(&mut self, n: usize);

    /// Gets more lines; called when the chunk is empty.
    fn fill(&mut self) -> Result<Filled>;
}

/// What a source has got.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filled {
    Lines,
    /// A line that is longer than the limit: its first bytes, and how many it has with its line feed.
    TooLong {
        head: Vec<u8>,
        len: u64,
    },
    End,
}

/// How much is read at once: it stays in the second level cache until it is decoded.
const READ: usize = 128 << 10;
/// How much of a line that is too long is shown.
const HEAD: usize = 256;

/// Lines from a reader.
#[derive(Debug)]
pub(super) struct ReaderSource<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The bytes not yet consumed are here, those before `lines` in whole lines.
    start: usize,
    lines: usize,
    end: usize,
    max_line: usize,
    is_ended: bool,
    is_started: bool,
}

impl<R: Read> ReaderSource<R> {
    pub(super) fn new(reader: R, max_line: usize) -> Self {
        let buffer = vec![0; READ + PAD];
        Self { reader, buffer, start: 0, lines: 0, end: 0, max_line, is_ended: false, is_started: false }
    }

    fn read(&mut self) -> Result<usize> {
        let room = self.buffer.len() - PAD;
        loop {
            match self.reader.read(&mut self.buffer[self.end..room]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Moves the incomplete line to the front and makes room for more of it.
    fn make_room(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end + READ / 2 > self.buffer.len() - PAD {
            let len = (self.buffer.len() * 2).min(self.max_line.saturating_add(READ + PAD));
            self.buffer.resize(len.max(self.buffer.len()), 0);
        }
    }

    /// Passes over a line of which the buffer holds the start.
    fn skip_line(&mut self) -> Result<Filled> {
        let head = self.buffer[..self.end.min(HEAD)].to_vec();
        let mut len = self.end as u64;
        self.end = 0;
        loop {
            let n = self.read()?;
            if n == 0 {
                self.is_ended = true;
                self.lines = 0;
                return Ok(Filled::TooLong { head, len });
            }
            if let Some(at) = self.buffer[..n].iter().position(|byte| *byte == b'\n') {
                len += at as u64 + 1;
                (self.start, self.end) = (at + 1, n);
                self.find_lines(at + 1);
                return Ok(Filled::TooLong { head, len });
            }
            len += n as u64;
        }
    }

    /// Finds the last whole line; there is no line feed before `from`.
    fn find_lines(&mut self, from: usize) {
        let last = self.buffer[from..self.end].iter().rposition(|byte| *byte == b'\n');
        self.lines = last.map_or(self.start, |at| from + at + 1);
    }
}

impl<R: Read> Source for ReaderSource<R> {
    fn chunk(&self) -> Chunk<'_> {
        let len = self.lines - self.start;
        Chunk::new(&self.buffer[self.start..], len).unwrap_or(Chunk::EMPTY)
    }

    fn consume(&mut self, n: usize) {
        self.start += n;
    }

    fn fill(&mut self) -> Result<Filled> {
        self.make_room();
        self.lines = 0;
        while !self.is_ended {
            let from = self.end;
            let n = self.read()?;
            self.end += n;
            if n == 0 {
                self.is_ended = true;
                if self.end > 0 {
                    // The last line may lack its line feed.
                    self.buffer[self.end] = b'\n';
                    self.end += 1;
                    self.lines = self.end;
                    if self.buffer.len() - self.end < PAD {
                        self.buffer.resize(self.end + PAD, 0);
                    }
                    return Ok(Filled::Lines);
                }
                break;
            }
            if !self.is_started && self.buffer[..self.end].starts_with(BOM) {
                // The mark stands for nothing, but offsets count it.
                self.buffer[..3].fill(b' ');
            }
            self.find_lines(from);
            self.is_started |= self.end >= 3 || self.lines > 0;
            if self.lines > self.start {
                return Ok(Filled::Lines);
            }
            if self.end > self.max_line {
                return self.skip_line();
            }
            self.make_room();
        }
        Ok(Filled::End)
    }
}

/// What some editors put before UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Lines in memory. All but the last few are decoded where they are.
#[derive(Debug)]
pub(super) struct SliceSource<'a> {
    bytes: &'a [u8],
    /// Up to here whole lines have enough bytes behind them.
    in_place: usize,
    at: usize,
    /// The rest, with padding.
    rest: Vec<u8>,
    rest_at: usize,
    rest_len: usize,
}

impl<'a> SliceSource<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let start = if bytes.starts_with(BOM) {
            bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| at + 1)
        } else {
            0
        };
        let padded = bytes.len().saturating_sub(PAD).max(start);
        let in_place = bytes[start..padded].iter().rposition(|byte| *byte == b'\n').map_or(start, |at| start + at + 1);
        // A first line with a mark is decoded before the others, from a copy.
        let mut source = Self { bytes, in_place, at: start, rest: Vec::new(), rest_at: 0, rest_len: 0 };
        if start > 0 {
            let mut first = bytes[..start].to_vec();
            first[..3].fill(b' ');
            source.set_rest(first);
        }
        source
    }

    fn set_rest(&mut self, mut rest: Vec<u8>) {
        if rest.last().is_some_and(|last| *last != b'\n') {
            rest.push(b'\n');
        }
        self.rest_at = 0;
        self.rest_len = rest.len();
        rest.resize(rest.len() + PAD, 0);
        self.rest = rest;
    }
}

impl Source for SliceSource<'_> {
    fn chunk(&self) -> Chunk<'_> {
        if self.rest_at < self.rest_len {
            return Chunk::new(&self.rest[self.rest_at..], self.rest_len - self.rest_at).unwrap_or(Chunk::EMPTY);
        }
        let len = self.in_place.saturating_sub(self.at);
        Chunk::new(&self.bytes[self.at..], len).unwrap_or(Chunk::EMPTY)
    }

    fn consume(&mut self, n: usize) {
        if self.rest_at < self.rest_len { self.rest_at += n } else { self.at += n }
    }

    fn fill(&mut self) -> Result<Filled> {
        if self.at < self.in_place {
            return Ok(Filled::Lines);
        }
        if self.at == self.bytes.len() {
            return Ok(Filled::End);
        }
        let rest = self.bytes[self.at..].to_vec();
        self.at = self.bytes.len();
        self.set_rest(rest);
        Ok(Filled::Lines)
    }
}

/// Whole lines that are owned.
#[derive(Debug)]
pub(super) struct PieceSource {
    bytes: Vec<u8>,
    at: usize,
    len: usize,
}

impl PieceSource {
    pub(super) fn new(mut bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        bytes.resize(len + PAD, 0);
        Self { bytes, at: 0, len }
    }
}

impl Source for PieceSource {
    fn chunk(&self) -> Chunk<'_> {
        Chunk::new(&self.bytes[self.at..], self.len - self.at).unwrap_or(Chunk::EMPTY)
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }

    fn fill(&mut self) -> Result<Filled> {
        Ok(Filled::End)
    }
}
