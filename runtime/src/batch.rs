//! Events straight into Arrow: the values of a batch column by column, of those columns that have any.
//!
//! A row costs what its values cost. A column keeps only (row, value) pairs; gaps are filled once, when
//! the batch is built, and all columns of a type that no row touched share one array of nulls.

mod build;
mod read;
mod rows;
mod slot;
mod store;
mod writer;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::table::Table;
use crate::{Fault, FaultCode, Row, UnifiedEvent};

pub use read::BatchReader;
pub(crate) use rows::Rows;
pub(crate) use slot::Slot;
pub(crate) use store::Store;

/// Collects events of one table and yields them as `RecordBatch`es with the Arrow schema of the table.
///
/// What the Rust types of an event leave open is checked as it is pushed: that required columns have a value,
/// that texts have the format of their column, what JSON may hold, and what the derive checks. The first
/// fault refuses the event; [`UnifiedEvent::validate`] finds all.
///
/// ```
/// # use unified_event_runtime::batch::EventBatch;
/// # use unified_event_runtime::{Fault, UnifiedEvent};
/// # fn ship(_: arrow_array::RecordBatch) {}
/// # fn example<E: UnifiedEvent>(events: &[E]) -> Result<(), Fault> {
/// let mut batch = EventBatch::new(E::TABLE);
/// for event in events {
///     batch.push(event)?;
///     if batch.is_full() {
///         ship(batch.finish());
///     }
/// }
/// ship(batch.finish());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct EventBatch {
    store: Store,
    max_rows: usize,
    max_bytes: usize,
}

impl EventBatch {
    /// As many rows as Parquet writers and DataFusion like in a batch.
    pub const DEFAULT_MAX_ROWS: usize = 8_192;
    /// 64 MiB of values.
    pub const DEFAULT_MAX_BYTES: usize = 64 << 20;

    /// Returns an empty batch.
    pub fn new(table: &'static Table) -> Self {
        let store = Store::new(table);
        Self { store, max_rows: Self::DEFAULT_MAX_ROWS, max_bytes: Self::DEFAULT_MAX_BYTES }
    }

    /// Sets after how many rows the batch is full.
    #[must_use]
    pub fn with_max_rows(mut self, max_rows: usize) -> Self {
        self.max_rows = max_rows.clamp(1, u32::MAX as usize - 1);
        self
    }

    /// Sets after how many bytes of values the batch is full: the last event may exceed them, no other does.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes.max(1);
        self
    }

    /// Returns the table whose columns the batch has.
    pub fn table(&self) -> &'static Table {
        self.store.table()
    }

    /// Returns the Arrow schema of the batches.
    pub fn schema(&self) -> &SchemaRef {
        self.store.schema()
    }

    /// Appends an event.
    ///
    /// # Errors
    ///
    /// When a value has no JSON form or its column none that is required, when the event is of another
    /// table, and when a column would exceed 2 GiB. The batch is then as it was.
    #[inline]
    pub fn push<E: UnifiedEvent>(&mut self, event: &E) -> Result<(), Fault> {
        self.accept(E::TABLE)?;
        let mut writer = self.store.writer();
        event.record(&mut writer);
        let (n_bytes, n_required) = (writer.n_bytes, writer.n_required);
        self.store.finish_row(n_bytes, n_required)
    }

    /// Appends a row; like [`push`](Self::push) otherwise.
    ///
    /// # Errors
    ///
    /// As for [`push`](Self::push).
    pub fn push_row<R: Row>(&mut self, row: &R) -> Result<(), Fault> {
        self.accept(R::TABLE)?;
        let mut writer = self.store.writer();
        row.record(&mut writer);
        let (n_bytes, n_required) = (writer.n_bytes, writer.n_required);
        self.store.finish_row(n_bytes, n_required)
    }

    #[inline]
    fn accept(&self, table: &'static Table) -> Result<(), Fault> {
        if std::ptr::eq(table, self.store.table()) { Ok(()) } else { self.accept_equal(table) }
    }

    /// The same table may be there twice, as one that was built at run time.
    #[cold]
    fn accept_equal(&self, table: &'static Table) -> Result<(), Fault> {
        let own = self.store.table();
        if own.name == table.name && crate::table::fingerprint(own) == crate::table::fingerprint(table) {
            return Ok(());
        }
        let message = format!("the batch is of the table `{}`, the event of `{}`", own.name, table.name);
        Err(Fault::new(FaultCode::UnknownField, message))
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Says whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many bytes the values of the rows take, without offsets and bits of nulls.
    pub fn n_bytes(&self) -> usize {
        self.store.n_bytes()
    }

    /// Says whether one of the limits is reached. A full batch still takes events.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.store.len() >= self.max_rows || self.store.n_bytes() >= self.max_bytes
    }

    /// Returns the rows as a batch and starts anew, with as much room as was needed.
    pub fn finish(&mut self) -> RecordBatch {
        self.store.build()
    }
}

#[cfg(test)]
mod tests;
