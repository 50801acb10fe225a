//! The columns of a batch that is being filled, one row at a time.

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;

use super::build::Nulls;
use super::slot::Slot;
use super::writer::RowWriter;
use crate::sink::FirstFault;
use crate::table::{ColumnType, Table};
use crate::{Fault, arrow};

/// The values of the finished rows and of one that is not finished.
#[derive(Debug)]
pub(crate) struct Store {
    table: &'static Table,
    schema: SchemaRef,
    pub(crate) slots: Box<[Slot]>,
    /// The finished rows.
    n_rows: usize,
    /// The bytes of their values.
    n_bytes: usize,
    /// Whether a row was begun and never ended: its event panicked.
    is_open: bool,
    /// Why the unfinished row is none.
    fault: FirstFault,
    /// For the decoder: the columns that have a value in the unfinished row, one bit each.
    pub(crate) present: Box<[u64]>,
    /// How many text columns are required, and which other columns are.
    n_required_texts: usize,
    other_required: Box<[usize]>,
    nulls: Nulls,
    scratch: Vec<u8>,
}

impl Store {
    pub(crate) fn new(table: &'static Table) -> Self {
        let slots: Box<[Slot]> = table.columns.iter().map(Slot::new).collect();
        let required = (0..slots.len()).filter(|position| table.columns[*position].required);
        let (texts, others): (Vec<_>, Vec<_>) =
            required.partition(|position| table.columns[*position].ty == ColumnType::String);
        let present = vec![0; slots.len().div_ceil(64)].into_boxed_slice();
        let schema = arrow::schema(table);
        Self {
            table,
            schema,
            slots,
            n_rows: 0,
            n_bytes: 0,
            is_open: false,
            fault: FirstFault::default(),
            present,
            n_required_texts: texts.len(),
            other_required: others.into(),
            nulls: Nulls::default(),
            scratch: Vec::new(),
        }
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn len(&self) -> usize {
        self.n_rows
    }

    pub(crate) fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Returns a sink for the values of the next row.
    #[inline]
    pub(crate) fn writer(&mut self) -> RowWriter<'_> {
        if self.is_open {
            self.abandon_row();
        }
        self.is_open = true;
        RowWriter {
            table: self.table,
            slots: &mut self.slots,
            row: self.n_rows as u32,
            n_bytes: 0,
            n_required: 0,
            scratch: &mut self.scratch,
            fault: &mut self.fault,
        }
    }

    /// Makes the row of `n_bytes`, with so many texts of required columns, one of the batch, if it has no
    /// fault and all that is required.
    #[inline]
    pub(crate) fn finish_row(&mut self, n_bytes: usize, n_required: usize) -> Result<(), Fault> {
        if let Err(fault) = std::mem::take(&mut self.fault).result() {
            self.abandon_row();
            return Err(fault);
        }
        let row = self.n_rows as u32;
        let has_all = n_required == self.n_required_texts
            && self.other_required.iter().all(|position| self.slots[*position].has(row));
        if !has_all || self.n_rows >= u32::MAX as usize - 1 {
            return Err(self.incomplete(has_all));
        }
        self.n_rows += 1;
        self.is_open = false;
        self.n_bytes = self.n_bytes.saturating_add(n_bytes);
        Ok(())
    }

    /// Makes the row one of the batch; the decoder has checked it.
    #[inline]
    pub(crate) fn commit_row(&mut self) {
        self.n_rows += 1;
        self.present.fill(0);
    }

    #[cold]
    fn incomplete(&mut self, has_all: bool) -> Fault {
        let row = self.n_rows as u32;
        let mut columns = self.table.columns.iter().zip(&self.slots);
        let missing = columns.find(|(column, slot)| column.required && !slot.has(row));
        let fault = match missing {
            Some((column, _)) if !has_all => Fault::missing_required(column),
            _ => Fault::new(crate::FaultCode::TooLarge, "the batch has as many rows as it can"),
        };
        self.abandon_row();
        fault
    }

    /// Removes the values of the unfinished row.
    #[cold]
    pub(crate) fn abandon_row(&mut self) {
        let row = self.n_rows as u32;
        self.slots.iter_mut().for_each(|slot| slot.pop(row));
        self.is_open = false;
        self.fault = FirstFault::default();
        self.present.fill(0);
    }

    /// Returns the finished rows as a batch and starts anew.
    pub(crate) fn build(&mut self) -> RecordBatch {
        self.abandon_row();
        let n_rows = std::mem::take(&mut self.n_rows);
        self.n_bytes = 0;
        let columns = self.slots.iter_mut().zip(self.schema.fields()).map(|(slot, field)| {
            if slot.is_empty() {
                self.nulls.get(field.data_type(), n_rows)
            } else {
                slot.build(n_rows, field.data_type())
            }
        });
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns.collect(), &options);
        #[expect(clippy::expect_used, reason = "slots have the types of the schema, and no row lacks what it requires")]
        batch.expect("a batch of the table's schema")
    }
}
