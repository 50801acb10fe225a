//! NDJSON into Arrow: one pass over the text, straight into the columns, every event checked on the way.
//!
//! A line is refused for the reasons for which [`Row::from_wire`](crate::Row::from_wire) refuses an
//! event, and for a limit of its own: a line that is too long. Lines around it are kept. Lines end with a line feed; a carriage return before it is space, blank lines are
//! passed over, the last line may lack its line feed, and a byte order mark at the start is ignored.
//!
//! Values of `json` columns are kept as their text, without the space between their tokens: numbers keep
//! their digits, and a name that an object has twice is left to its readers.

mod batches;
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
    max_rows: usize,
    max_bytes: usize,
    max_line: usize,
}

/// What a batch may hold at most, so that no column of it exceeds the 2 GiB of Arrow's offsets.
const MOST_BYTES: usize = 1 << 30;

impl Decoder {
    /// Returns a decoder with the default limits, which refuses unknown fields.
    pub fn new(table: &'static Table) -> Self {
        let limits = Limits { max_rows: 8_192, max_bytes: 16 << 20, max_line: 4 << 20 };
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

    /// Sets how many bytes a line may have: 4 MiB unless set, 512 MiB at most.
    #[must_use]
    pub fn with_max_line(mut self, max_line: usize) -> Self {
        self.limits.max_line = max_line.min(MOST_BYTES / 2);
        self
    }

    /// Decodes what a reader yields. It is read in large pieces, so that it needs no buffer of its own.
    pub fn read<R: Read>(&self, reader: R) -> Reader<R> {
        let source = ReaderSource::new(reader, self.limits.max_line);
        Reader { batches: Batches::new(source, &self.plan, self.limits, self.unknown_fields), is_ended: false }
    }

    /// Decodes bytes in memory, where they are.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Slice<'a> {
        let source = SliceSource::new(bytes);
        Slice { batches: Batches::new(source, &self.plan, self.limits, self.unknown_fields) }
    }

    /// Decodes what a reader yields on several threads and hands the batches to `each` in the order of
    /// the input, on the calling thread. Batches end where the pieces end that the input is cut into, so
    /// that they can be smaller than the limits.
    ///
    /// # Errors
    ///
    /// Those of the reader, after what was read before them.
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
    is_ended: bool,
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Decoded>;

    /// Returns the next batch, which may have no rows where all lines were refused. After an error of the
    /// reader comes what was read before it, and then the end.
    fn next(&mut self) -> Option<io::Result<Decoded>> {
        if self.is_ended {
            return self.batches.rest().map(Ok);
        }
        self.batches.next().inspect_err(|_| self.is_ended = true).transpose()
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
