//! Pieces of whole lines from a reader, however it yields them.

use std::io::{Error, ErrorKind, Read, Result};

use super::source::{Filled, LongLine, MARK};
use crate::raw::{Chunk, PAD};

/// How much is read at once: it stays in the second level cache until it is decoded.
pub(super) const READ: usize = 128 << 10;

/// Cuts what a reader yields into whole lines.
///
/// The first error ends the input: the lines before it that have their line feed are handed out, then
/// the error, and the line that it cuts off is not.
#[derive(Debug)]
pub(super) struct Feed<R> {
    reader: R,
    max_line: usize,
    /// What was read behind the last piece.
    carry: Vec<u8>,
    is_started: bool,
    is_ended: bool,
    error: Option<Error>,
}

impl<R: Read> Feed<R> {
    pub(super) fn new(reader: R, max_line: usize) -> Self {
        Self { reader, max_line, carry: Vec::new(), is_started: false, is_ended: false, error: None }
    }

    /// Reads a piece of about `size` bytes, or more where a line is longer.
    pub(super) fn fill(&mut self, piece: &mut Piece, size: usize) -> Result<Filled> {
        piece.clear();
        piece.append(&self.carry);
        self.carry.clear();
        if !self.is_started {
            self.start(piece);
        }
        let mut lines = end_of_lines(piece.filled(0));
        while !self.is_ended && (lines == 0 || piece.end < size) {
            if lines == 0 && piece.end > self.max_line {
                return self.pass_line(piece);
            }
            let from = piece.end;
            self.read(piece);
            match end_of_lines(piece.filled(from)) {
                0 => {}
                n => lines = from + n,
            }
        }
        if lines == 0 {
            if let Some(error) = self.error.take() {
                piece.clear();
                return Err(error);
            }
            if piece.end == 0 {
                return Ok(Filled::End);
            }
            // The last line may lack its line feed.
            piece.append(b"\n");
            lines = piece.end;
        }
        self.carry.extend_from_slice(piece.filled(lines));
        piece.len = lines;
        Ok(Filled::Lines)
    }

    /// Reads once; what the reader yields is behind what the piece has.
    fn read(&mut self, piece: &mut Piece) {
        match self.reader.read(piece.room()) {
            Ok(0) => self.is_ended = true,
            Ok(n) => piece.end = (piece.end + n).min(piece.bytes.len() - PAD),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                self.is_ended = true;
                self.error = Some(error);
            }
        }
    }

    /// Reads as many bytes as it takes to know whether there is a mark, and makes it space.
    fn start(&mut self, piece: &mut Piece) {
        while !self.is_ended && piece.end < MARK.len() && MARK.starts_with(piece.filled(0)) {
            self.read(piece);
        }
        self.is_started = true;
        if piece.filled(0).starts_with(MARK) {
            piece.bytes[..MARK.len()].fill(b' ');
        }
    }

    /// Passes over a line that is longer than the limit, of which the piece has the start.
    fn pass_line(&mut self, piece: &mut Piece) -> Result<Filled> {
        let mut line = LongLine::default();
        line.push(piece.filled(0));
        loop {
            piece.clear();
            self.read(piece);
            let read = piece.filled(0);
            if let Some(at) = read.iter().position(|byte| *byte == b'\n') {
                line.push(&read[..at]);
                line.has_end = true;
                self.carry.extend_from_slice(&read[at + 1..]);
                piece.clear();
                return Ok(Filled::Long(line));
            }
            line.push(read);
            if self.is_ended {
                piece.clear();
                return self.error.take().map_or(Ok(Filled::Long(line)), Err);
            }
        }
    }
}

/// Returns the byte after the last line feed, or 0.
fn end_of_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// A buffer for whole lines, with padding behind them, that is used again.
#[derive(Debug)]
pub(super) struct Piece {
    /// All of it is initialised, and never shorter than the padding.
    bytes: Vec<u8>,
    /// The lines that are not consumed are from here to `len`.
    at: usize,
    len: usize,
    /// What was read ends here.
    end: usize,
}

impl Piece {
    /// Returns an empty one that has room for about `size` bytes.
    pub(super) fn new(size: usize) -> Self {
        Self { bytes: vec![0; size + READ + PAD], at: 0, len: 0, end: 0 }
    }

    pub(super) fn clear(&mut self) {
        (self.at, self.len, self.end) = (0, 0, 0);
    }

    /// Returns how many bytes its lines have.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Returns the lines that are not consumed.
    pub(super) fn chunk(&self) -> Chunk<'_> {
        Chunk::new(&self.bytes[self.at..], self.len - self.at).unwrap_or(Chunk::EMPTY)
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.at += n;
    }

    fn filled(&self, from: usize) -> &[u8] {
        &self.bytes[from..self.end]
    }

    fn append(&mut self, bytes: &[u8]) {
        let end = self.end + bytes.len();
        self.reserve(end);
        self.bytes[self.end..end].copy_from_slice(bytes);
        self.end = end;
    }

    /// Returns where more can be read to.
    fn room(&mut self) -> &mut [u8] {
        self.reserve(self.end + READ / 2);
        let end = self.bytes.len() - PAD;
        &mut self.bytes[self.end..end]
    }

    /// Grows by doubling, so that a long line is copied as often as it is long and no more.
    fn reserve(&mut self, end: usize) {
        if end + PAD > self.bytes.len() {
            self.bytes.resize((self.bytes.len() * 2).max(end + PAD), 0);
        }
    }
}
