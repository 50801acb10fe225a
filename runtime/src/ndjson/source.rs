//! Where the lines come from: a reader, bytes in memory, or a piece of what a reader has yielded.

use std::io::{Read, Result};

use super::feed::{Feed, Piece, READ};
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
#[derive(Debug)]
pub(super) enum Filled {
    Lines,
    /// A line that is longer than the limit, and too long to be looked at as a whole.
    Long(LongLine),
    End,
}

/// What some editors put before UTF-8. It stands for nothing, but lengths and offsets count it.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much of a line that is longer than the limit is kept.
pub(super) const HEAD: usize = 256;

/// What is known of a line that passes by.
#[derive(Debug, Default)]
pub(super) struct LongLine {
    /// Its first bytes.
    pub head: Vec<u8>,
    /// How many bytes it has without its line feed.
    pub len: u64,
    /// Whether it has a line feed.
    pub has_end: bool,
    has_text: bool,
}

impl LongLine {
    /// Returns whether there is only space in the line.
    pub(super) fn is_blank(&self) -> bool {
        !self.has_text
    }

    /// Takes more of the line.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.has_text = self.has_text || !bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let n = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..n]);
    }
}

/// Lines from a reader.
#[derive(Debug)]
pub(super) struct ReaderSource<R> {
    feed: Feed<R>,
    piece: Piece,
}

impl<R: Read> ReaderSource<R> {
    pub(super) fn new(reader: R, max_line: usize) -> Self {
        Self { feed: Feed::new(reader, max_line), piece: Piece::new(READ) }
    }
}

impl<R: Read> Source for ReaderSource<R> {
    fn chunk(&self) -> Chunk<'_> {
        self.piece.chunk()
    }

    fn consume(&mut self, n: usize) {
        self.piece.consume(n);
    }

    fn fill(&mut self) -> Result<Filled> {
        self.feed.fill(&mut self.piece, 1)
    }
}

/// One piece, which others fill.
impl Source for Piece {
    fn chunk(&self) -> Chunk<'_> {
        self.chunk()
    }

    fn consume(&mut self, n: usize) {
        self.consume(n);
    }

    fn fill(&mut self) -> Result<Filled> {
        Ok(Filled::End)
    }
}

/// So much of the memory is one chunk: it bounds what a line beyond the limit costs.
const WINDOW: usize = 1 << 20;

/// Lines in memory. All but the first and the last few are decoded where they are.
#[derive(Debug)]
pub(super) struct SliceSource<'a> {
    bytes: &'a [u8],
    max_line: usize,
    /// The lines of the chunk that are not consumed.
    at: usize,
    end: usize,
    /// Lines that are not decoded where they are, with padding: these come first.
    copy: Vec<u8>,
    copy_at: usize,
    copy_len: usize,
}

impl<'a> SliceSource<'a> {
    pub(super) fn new(bytes: &'a [u8], max_line: usize) -> Self {
        Self { bytes, max_line, at: 0, end: 0, copy: Vec::new(), copy_at: 0, copy_len: 0 }
    }

    /// Goes on behind `end` and decodes the lines before it from a copy, whose first bytes `mark` replaces.
    fn copy(&mut self, end: usize, mark: &[u8]) -> Filled {
        self.copy.clear();
        self.copy.extend_from_slice(&self.bytes[self.at..end]);
        self.copy[..mark.len()].copy_from_slice(mark);
        if self.copy.last().is_some_and(|last| *last != b'\n') {
            self.copy.push(b'\n');
        }
        (self.copy_at, self.copy_len) = (0, self.copy.len());
        self.copy.resize(self.copy_len + PAD, 0);
        (self.at, self.end) = (end, end);
        Filled::Lines
    }
}

impl Source for SliceSource<'_> {
    fn chunk(&self) -> Chunk<'_> {
        let chunk = if self.copy_at < self.copy_len {
            Chunk::new(&self.copy[self.copy_at..], self.copy_len - self.copy_at)
        } else {
            Chunk::new(&self.bytes[self.at..], self.end - self.at)
        };
        chunk.unwrap_or(Chunk::EMPTY)
    }

    fn consume(&mut self, n: usize) {
        if self.copy_at < self.copy_len { self.copy_at += n } else { self.at += n }
    }

    fn fill(&mut self) -> Result<Filled> {
        if self.at == self.bytes.len() {
            return Ok(Filled::End);
        }
        let mark: &[u8] = if self.at == 0 && self.bytes.starts_with(MARK) { b"   " } else { b"" };
        let padded = self.bytes.len().saturating_sub(PAD).max(self.at);
        let window = &self.bytes[self.at..padded.min(self.at + WINDOW)];
        if mark.is_empty()
            && let Some(last) = window.iter().rposition(|byte| *byte == b'\n')
        {
            self.end = self.at + last + 1;
            return Ok(Filled::Lines);
        }
        let rest = &self.bytes[self.at..];
        let len = rest.iter().position(|byte| *byte == b'\n');
        let (has_end, len) = (len.is_some(), len.unwrap_or(rest.len()));
        if len > self.max_line {
            let mut line = LongLine { has_end, ..LongLine::default() };
            line.push(mark);
            line.push(&rest[mark.len()..len]);
            self.at += len + usize::from(has_end);
            self.end = self.at;
            return Ok(Filled::Long(line));
        }
        let end = self.at + len + usize::from(has_end);
        if !mark.is_empty() {
            return Ok(self.copy(end, mark));
        }
        if end <= padded {
            self.end = end;
            return Ok(Filled::Lines);
        }
        Ok(self.copy(self.bytes.len(), mark))
    }
}
