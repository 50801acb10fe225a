//! NDJSON into Arrow: one pass over the text, straight into the columns, every event checked on the way.
//!
//! A line is refused for the reasons for which [`Row::from_wire`](crate::Row::from_wire) refuses an
//! event, and for a limit of its own: a line that is too long. Lines around it are kept.
//!
//! # Lines
//!
//! The same bytes give the same rows and rejects, in memory, from any reader and on any number of threads:
//!
//! - A line ends with a line feed; the last one may lack it. A carriage return is space.
//! - The length of a line is the number of its bytes without the line feed. A line is too long if that is
//!   more than the limit.
//! - A line of spaces, tabs and carriage returns is blank, however long it is. It counts as a line, and is
//!   neither a row nor a reject.
//! - A byte order mark at the start of the input is three bytes of space in the first line.
//! - The first error of a reader ends the input. All lines whose line feed was read before it come first,
//!   then the error, then the end; a line that the error cuts off is neither a row nor a reject. A read of
//!   zero bytes ends the input too, without an error. A reader that was interrupted is asked again.
//! - A panic of a reader is the caller's. Where it is caught, what was read before it comes once, and then
//!   the end.
//!
//! Values of `json` columns are kept as their text, without the space between their tokens: numbers keep
//! their digits, and a name that an object has twice is left to its readers.

mod batches;
mod feed;
mod guess;
mod json;
mod line;
mod number;
mod parallel;
mod plan;
mod reject;
mod source;
mod time;
mod unknown;
mod words;

use std::io::{self, Read};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::table::Table;

use batches::Batches;
use plan::Plan;
use source::{ReaderSource, SliceSource};

pub use batches::Decoded;
pub use reject::Reject;
pub use unknown::UnknownFields;

/// Decodes NDJSON of one table.
///
/// ```
/// # use unified_event_runtime::ndjson::Decoder;
/// # use unified_event_runtime::table::Table;
/// # fn example(table: &'static Table, file: std::fs::File) -> std::io::Result<()> {
/// for decoded in Decoder::new(table).read(file) {
///     let decoded = decoded?;
///     println!("{} rows", decoded.batch.num_rows());
///     for reject in &decoded.rejects {
///         println!("{reject}");
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Decoder {
    plan: Arc<Plan>,
    limits: Limits,
    unknown_fields: UnknownFields,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Rows of a batch.
    max_rows: usize,
    /// Bytes of input of a batch; the last line may go beyond.
    max_bytes: usize,
    /// Bytes of a line without its line feed; blank lines may have more.
    max_line: usize,
    /// Bytes that a thread reads before it decodes them.
    piece: usize,
}

/// How many threads [`Decoder::read_parallel`] starts at most.
pub const MAX_THREADS: usize = 256;

/// What a batch may hold at most, so that no column of it exceeds the 2 GiB of Arrow's offsets.
const MOST_BYTES: usize = 1 << 30;

impl Decoder {
    /// Returns a decoder with the default limits, which refuses unknown fields.
    pub fn new(table: &'static Table) -> Self {
        let limits = Limits { max_rows: 8_192, max_bytes: 16 << 20, max_line: 4 << 20, piece: 2 << 20 };
        Self { plan: Arc::new(Plan::new(table)), limits, unknown_fields: UnknownFields::default() }
    }

    /// Returns the table whose events are read.
    pub fn table(&self) -> &'static Table {
        self.plan.table
    }

    /// Sets what happens to keys that the table does not have.
    #[must_use]
    pub fn with_unknown_fields(mut self, policy: UnknownFields) -> Self {
        self.unknown_fields = policy;
        self
    }

    /// Sets after how many rows a batch ends: 8,192 unless set.
    #[must_use]
    pub fn with_max_rows(mut self, max_rows: usize) -> Self {
        self.limits.max_rows = max_rows.clamp(1, u32::MAX as usize / 2);
        self
    }

    /// Sets after how many bytes of input a batch ends: 16 MiB unless set, 1 GiB at most.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: usize) -> Self {
        self.limits.max_bytes = max_bytes.clamp(1, MOST_BYTES);
        self
    }

    /// Sets how many bytes a line may have without its line feed: 4 MiB unless set, 512 MiB at most.
    #[must_use]
    pub fn with_max_line(mut self, max_line: usize) -> Self {
        self.limits.max_line = max_line.min(MOST_BYTES / 2);
        self
    }

    /// Sets about how many bytes a thread of [`read_parallel`](Self::read_parallel) reads before it decodes
    /// them: 2 MiB unless set.
    #[must_use]
    pub fn with_piece_bytes(mut self, piece: usize) -> Self {
        self.limits.piece = piece.clamp(1, MOST_BYTES / 2);
        self
    }

    /// Decodes what a reader yields. It is read in large pieces, so that it needs no buffer of its own.
    pub fn read<R: Read>(&self, reader: R) -> Reader<R> {
        let source = ReaderSource::new(reader, self.limits.max_line);
        Reader { batches: Batches::new(source, &self.plan, self.limits, self.unknown_fields) }
    }

    /// Decodes bytes in memory, where they are.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Slice<'a> {
        let source = SliceSource::new(bytes, self.limits.max_line);
        Slice { batches: Batches::new(source, &self.plan, self.limits, self.unknown_fields) }
    }

    /// Decodes what a reader yields on several threads, [`MAX_THREADS`] at most, and hands the batches to
    /// `each` in the order of the input, on the calling thread. The threads read pieces in turn. Batches
    /// end where pieces end, so that they can be smaller than the limits.
    ///
    /// # Errors
    ///
    /// Those of the reader, after what was read before them, and that of the system when it starts no
    /// thread.
    ///
    /// # Panics
    ///
    /// When the reader or `each` panics.
    pub fn read_parallel<R: Read + Send>(
        &self,
        reader: R,
        n_threads: NonZero<usize>,
        each: impl FnMut(Decoded) -> ControlFlow<()>,
    ) -> io::Result<()> {
        parallel::run(self, reader, n_threads, each)
    }
}

/// The batches of a reader.
#[derive(Debug)]
pub struct Reader<R> {
    batches: Batches<ReaderSource<R>>,
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Decoded>;

    /// Returns the next batch, which may have no rows where all lines were refused. An error of the reader
    /// comes behind all that was read before it, and is the last item.
    fn next(&mut self) -> Option<io::Result<Decoded>> {
        self.batches.next().transpose()
    }
}

/// The batches of bytes in memory.
#[derive(Debug)]
pub struct Slice<'a> {
    batches: Batches<SliceSource<'a>>,
}

impl Iterator for Slice<'_> {
    type Item = Decoded;

    fn next(&mut self) -> Option<Decoded> {
        // Memory does not fail to be read.
        self.batches.next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
