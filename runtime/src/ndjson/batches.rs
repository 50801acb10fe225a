//! From lines to batches.

use std::io;
use std::sync::Arc;

use arrow_array::RecordBatch;

use super::line::Lines;
use super::plan::Plan;
use super::source::{Filled, HEAD, LongLine, Source};
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
    /// How many unknown fields of the rows were left out or collected.
    pub n_unknown_fields: u64,
}

/// Decodes a source batch by batch.
#[derive(Debug)]
pub(super) struct Batches<S> {
    pub(super) source: S,
    lines: Lines,
    limits: Limits,
    progress: Progress,
    /// Whether lines are being gathered; still true afterwards where the source has panicked.
    is_gathering: bool,
    is_ended: bool,
    error: Option<io::Error>,
}

/// What decoding counts.
#[derive(Debug)]
struct Progress {
    /// The lines and bytes of the input that are done.
    n_lines: u64,
    offset: u64,
    /// The bytes of input in this batch, and how many lines it has.
    batch_bytes: usize,
    batch_lines: u64,
    rejects: Vec<Reject>,
    rejects_unknown: bool,
}

impl<S: Source> Batches<S> {
    pub(super) fn new(source: S, plan: &Arc<Plan>, limits: Limits, unknown_fields: UnknownFields) -> Self {
        Self {
            source,
            lines: Lines::new(plan, unknown_fields),
            limits,
            progress: Progress {
                n_lines: 0,
                offset: 0,
                batch_bytes: 0,
                batch_lines: 0,
                rejects: Vec::new(),
                rejects_unknown: unknown_fields == UnknownFields::Reject,
            },
            is_gathering: false,
            is_ended: false,
            error: None,
        }
    }

    /// Starts anew with what the source has now; lines and bytes are counted from there.
    pub(super) fn restart(&mut self) {
        self.is_ended = false;
        (self.progress.n_lines, self.progress.offset) = (0, 0);
    }

    /// Returns the next batch; it is only empty when all its lines were blank or refused.
    ///
    /// An error of the source comes behind what was before it, and then the end. After a panic of the
    /// source too comes what was before it, once.
    pub(super) fn next(&mut self) -> io::Result<Option<Decoded>> {
        self.is_ended |= self.is_gathering;
        self.is_gathering = true;
        self.gather();
        self.is_gathering = false;
        match self.rest() {
            Some(decoded) => Ok(Some(decoded)),
            None => self.error.take().map_or(Ok(None), Err),
        }
    }

    /// Decodes until the batch is full or the source has no more.
    fn gather(&mut self) {
        while !self.is_ended && !is_full(&self.lines, &self.limits, &self.progress) {
            let chunk = self.source.chunk();
            if chunk.len() > 0 {
                let n = decode(chunk, &mut self.lines, &self.limits, &mut self.progress);
                self.source.consume(n);
                continue;
            }
            match self.source.fill() {
                Ok(Filled::Lines) => {}
                Ok(Filled::Long(line)) => self.long_line(line),
                Ok(Filled::End) => self.is_ended = true,
                Err(error) => {
                    self.is_ended = true;
                    self.error = Some(error);
                }
            }
        }
    }

    fn rest(&mut self) -> Option<Decoded> {
        let progress = &mut self.progress;
        if progress.batch_lines == 0 {
            return None;
        }
        progress.batch_bytes = 0;
        Some(Decoded {
            batch: self.lines.store.build(),
            rejects: std::mem::take(&mut progress.rejects),
            n_lines: std::mem::take(&mut progress.batch_lines),
            n_unknown_fields: std::mem::take(&mut self.lines.unknown.count),
        })
    }

    /// Takes a line that is longer than the limit.
    pub(super) fn long_line(&mut self, line: LongLine) {
        let progress = &mut self.progress;
        progress.n_lines += 1;
        progress.batch_lines += 1;
        progress.batch_bytes += line.head.len();
        let n_bytes = line.len + u64::from(line.has_end);
        if !line.is_blank() {
            progress.rejects.push(Reject {
                line: progress.n_lines,
                offset: progress.offset,
                position: 0,
                code: FaultCode::TooLarge,
                column: None,
                text: line.head,
                len: line.len,
                rejects_unknown: progress.rejects_unknown,
                table: self.lines.plan.table,
            });
        }
        progress.offset += n_bytes;
    }
}

fn is_full(lines: &Lines, limits: &Limits, progress: &Progress) -> bool {
    lines.store.len() >= limits.max_rows || progress.batch_bytes >= limits.max_bytes
}

/// Decodes lines until the batch is full, and returns how many bytes they have.
fn decode(chunk: Chunk<'_>, lines: &mut Lines, limits: &Limits, progress: &mut Progress) -> usize {
    let mut start = 0;
    let (base, bytes_before) = (progress.offset, progress.batch_bytes);
    while let Some(mut cursor) = Cursor::new(chunk, start) {
        let result = lines.read(&mut cursor);
        let is_long = cursor.position() - start > limits.max_line;
        progress.n_lines += 1;
        progress.batch_lines += 1;
        match result {
            Ok(true) if !is_long => lines.commit(),
            Ok(false) => {}
            result => {
                lines.abandon();
                let stop = result.err().unwrap_or(Stop::TooLarge);
                cursor.skip_line();
                let line = cursor.slice(start, cursor.position());
                progress.offset = base + start as u64;
                let reject = reject(lines, limits, line, stop, start, progress);
                progress.rejects.push(reject);
            }
        }
        // Behind the line feed, where the place is now.
        start = cursor.position() + 1;
        progress.batch_bytes = bytes_before + start;
        if is_full(lines, limits, progress) {
            break;
        }
    }
    progress.offset = base + start as u64;
    start
}

#[cold]
fn reject(lines: &Lines, limits: &Limits, line: &[u8], stop: Stop, start: usize, progress: &Progress) -> Reject {
    let is_long = line.len() > limits.max_line;
    let table = lines.plan.table;
    Reject {
        line: progress.n_lines,
        offset: progress.offset,
        position: if is_long { 0 } else { lines.fault_at.saturating_sub(start).min(line.len()) },
        code: if is_long { Stop::TooLarge } else { stop },
        column: lines.fault_column.filter(|_| !is_long).and_then(|at| table.columns.get(at)).map(|column| column.name),
        text: if is_long { line[..line.len().min(HEAD)].to_vec() } else { line.to_vec() },
        len: line.len() as u64,
        rejects_unknown: progress.rejects_unknown,
        table,
    }
}
