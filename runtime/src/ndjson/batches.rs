//! From lines to batches.

use std::io;
use std::sync::Arc;

use arrow_array::RecordBatch;

use super::line::Lines;
use super::plan::Plan;
use super::source::{Filled, Source};
use super::{Limits, Reject, UnknownFields};
use crate::FaultCode;
use crate::raw::{Chunk, Cursor, Stop};

/// Some lines of the input: those that became rows, and those that were refused.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decoded {
    /// The rows, in the order of the lines.
    pub batch: RecordBatch,
    /// The lines that were refused, in order.
    pub rejects: Vec<Reject>,
    /// How many lines these are, blank ones included.
    pub n_lines: u64,
    /// How many unknown fields were left out or collected.
    pub n_unknown_fields: u64,
}

/// Decodes a source batch by batch.
#[derive(Debug)]
pub(super) struct Batches<S> {
    source: S,
    lines: Lines,
    limits: Limits,
    rejects_unknown: bool,
    /// The lines and bytes of the input that are done.
    n_lines: u64,
    offset: u64,
    /// The bytes of input in this batch, and how many lines it has.
    batch_bytes: usize,
    batch_lines: u64,
    rejects: Vec<Reject>,
    is_ended: bool,
}

impl<S: Source> Batches<S> {
    pub(super) fn new(source: S, plan: &Arc<Plan>, limits: Limits, unknown_fields: UnknownFields) -> Self {
        Self {
            source,
            lines: Lines::new(plan, unknown_fields),
            limits,
            rejects_unknown: unknown_fields == UnknownFields::Reject,
            n_lines: 0,
            offset: 0,
            batch_bytes: 0,
            batch_lines: 0,
            rejects: Vec::new(),
            is_ended: false,
        }
    }

    /// Goes on with another source, whose lines and bytes are counted from its own start.
    pub(super) fn restart(&mut self, source: S) {
        self.source = source;
        self.is_ended = false;
        (self.n_lines, self.offset) = (0, 0);
    }

    /// Returns the next batch; it is only empty when all its lines were blank or refused.
    pub(super) fn next(&mut self) -> io::Result<Option<Decoded>> {
        while !self.is_full() && !self.is_ended {
            let chunk = self.source.chunk();
            if chunk.len() > 0 {
                let n = decode(
                    chunk,
                    &mut self.lines,
                    &self.limits,
                    &mut Progress {
                        n_lines: &mut self.n_lines,
                        offset: &mut self.offset,
                        batch_bytes: &mut self.batch_bytes,
                        batch_lines: &mut self.batch_lines,
                        rejects: &mut self.rejects,
                        rejects_unknown: self.rejects_unknown,
                    },
                );
                self.source.consume(n);
                continue;
            }
            match self.source.fill()? {
                Filled::Lines => {}
                Filled::TooLong { head, len } => self.too_long(head, len),
                Filled::End => self.is_ended = true,
            }
        }
        Ok(self.rest())
    }

    /// Returns what is left when the source has failed.
    pub(super) fn rest(&mut self) -> Option<Decoded> {
        (self.batch_lines > 0).then(|| self.take())
    }

    fn is_full(&self) -> bool {
        self.lines.store.len() >= self.limits.max_rows || self.batch_bytes >= self.limits.max_bytes
    }

    fn take(&mut self) -> Decoded {
        self.batch_bytes = 0;
        Decoded {
            batch: self.lines.store.build(),
            rejects: std::mem::take(&mut self.rejects),
            n_lines: std::mem::take(&mut self.batch_lines),
            n_unknown_fields: std::mem::take(&mut self.lines.unknown.count),
        }
    }

    /// Refuses a line that is longer than the limit, of which `text` is the start.
    pub(super) fn too_long(&mut self, text: Vec<u8>, len: u64) {
        self.n_lines += 1;
        self.batch_lines += 1;
        self.batch_bytes += text.len();
        self.rejects.push(Reject {
            line: self.n_lines,
            offset: self.offset,
            position: 0,
            code: FaultCode::TooLarge,
            column: None,
            text,
            len,
            rejects_unknown: self.rejects_unknown,
            table: self.lines.plan.table,
        });
        self.offset += len;
    }
}

/// What decoding counts.
struct Progress<'a> {
    n_lines: &'a mut u64,
    offset: &'a mut u64,
    batch_bytes: &'a mut usize,
    batch_lines: &'a mut u64,
    rejects: &'a mut Vec<Reject>,
    rejects_unknown: bool,
}

/// Decodes lines until the batch is full, and returns how many bytes they have.
fn decode(chunk: Chunk<'_>, lines: &mut Lines, limits: &Limits, progress: &mut Progress<'_>) -> usize {
    let mut cursor = Cursor::new(chunk);
    let mut start = 0;
    let (base, bytes_before) = (*progress.offset, *progress.batch_bytes);
    while !cursor.is_at_end() {
        let result = lines.read(&mut cursor);
        let is_long = cursor.position() - start > limits.max_line;
        *progress.n_lines += 1;
        *progress.batch_lines += 1;
        match result {
            Ok(true) if !is_long => {
                lines.store.commit_row();
                cursor.advance(1);
            }
            Ok(false) => cursor.advance(1),
            result => {
                lines.store.abandon_row();
                lines.unknown.abandon();
                let stop = result.err().unwrap_or(Stop::TooLarge);
                cursor.skip_line();
                let line = cursor.slice(start, cursor.position() - 1);
                *progress.offset = base + start as u64;
                let reject = reject(lines, limits, line, stop, start, progress);
                progress.rejects.push(reject);
            }
        }
        start = cursor.position();
        *progress.batch_bytes = bytes_before + start;
        if lines.store.len() >= limits.max_rows || *progress.batch_bytes >= limits.max_bytes {
            break;
        }
    }
    *progress.offset = base + start as u64;
    start
}

#[cold]
fn reject(lines: &Lines, limits: &Limits, line: &[u8], stop: Stop, start: usize, progress: &Progress<'_>) -> Reject {
    let is_long = line.len() > limits.max_line;
    let table = lines.plan.table;
    Reject {
        line: *progress.n_lines,
        offset: *progress.offset,
        position: if is_long { 0 } else { lines.fault_at.saturating_sub(start).min(line.len()) },
        code: if is_long { Stop::TooLarge } else { stop },
        column: lines.fault_column.filter(|_| !is_long).and_then(|at| table.columns.get(at)).map(|column| column.name),
        text: if is_long { line[..line.len().min(256)].to_vec() } else { line.to_vec() },
        len: line.len() as u64,
        rejects_unknown: progress.rejects_unknown,
        table,
    }
}
