//! The columns of a batch that is being filled, one row at a time.

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;

use super::build::Nulls;
use super::slot::Slot;
use super::writer::RowWriter;
use crate::sink::FirstFault;
use crate::table::{Column, ColumnType, Table, Values};
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
    /// For the decoder: the columns that have a value in the unfinished row, one bit each.
    pub(crate) present: Box<[u64]>,
    required: Box<[usize]>,
    /// The columns whose text is looked at when it is pushed.
    checked: Box<[bool]>,
    nulls: Nulls,
    scratch: Vec<u8>,
}

impl Store {
    pub(crate) fn new(table: &'static Table) -> Self {
        let slots: Box<[Slot]> = table.columns.iter().map(|column| Slot::new(column.ty)).collect();
        let required = (0..slots.len()).filter(|position| table.columns[*position].required).collect();
        let is_checked = |column: &Column| {
            let is_closed_number = column.ty != ColumnType::String && matches!(column.values, Values::Closed(_));
            column.non_empty || is_closed_number || column.format.is_some_and(|of| !of.is_convention())
        };
        let checked = table.columns.iter().map(is_checked).collect();
        let present = vec![0; slots.len().div_ceil(64)].into_boxed_slice();
        let schema = arrow::schema(table);
        Self {
            table,
            schema,
            slots,
            n_rows: 0,
            n_bytes: 0,
            is_open: false,
            present,
            required,
            checked,
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
            checked: &self.checked,
            row: self.n_rows as u32,
            n_bytes: 0,
            scratch: &mut self.scratch,
            fault: FirstFault::default(),
        }
    }

    /// Makes the row of `n_bytes` one of the batch, if it has no fault and all that is required.
    #[inline]
    pub(crate) fn finish_row(&mut self, fault: FirstFault, n_bytes: usize) -> Result<(), Fault> {
        if let Err(fault) = fault.result() {
            self.abandon_row();
            return Err(fault);
        }
        let row = self.n_rows as u32;
        let missing = self.required.iter().find(|position| !self.slots[**position].has(row));
        if missing.is_some() || self.n_rows >= u32::MAX as usize - 1 {
            let missing = missing.copied();
            return Err(self.incomplete(missing));
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
    fn incomplete(&mut self, missing: Option<usize>) -> Fault {
        self.abandon_row();
        match missing.and_then(|position| self.table.columns.get(position)) {
            Some(column) => Fault::missing_required(column),
            None => Fault::new(crate::FaultCode::TooLarge, "the batch has as many rows as it can"),
        }
    }

    /// Removes the values of the unfinished row.
    #[cold]
    pub(crate) fn abandon_row(&mut self) {
        let row = self.n_rows as u32;
        self.slots.iter_mut().for_each(|slot| slot.pop(row));
        self.is_open = false;
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
