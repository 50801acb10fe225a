//! Back from Arrow: the rows of a batch as rows, as values for any sink, and as wire JSON.

use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use serde_json::value::RawValue;

use crate::row::Fields;
use crate::sink::{JsonSink, RowSink, Sink};
use crate::table::{ColumnType, Table};
use crate::{Fault, FaultCode, Row, Timestamp};

/// Reads the rows of a batch. Columns are found by name, so that a batch may have fewer than the table.
#[derive(Debug)]
pub struct BatchReader<'a> {
    table: &'static Table,
    n_rows: usize,
    /// The columns that have a value at all, in the order of the table.
    columns: Vec<(usize, Values<'a>)>,
}

/// An array of the type that its column has.
#[derive(Debug)]
enum Values<'a> {
    String(&'a StringArray),
    Json(&'a StringArray),
    Bool(&'a BooleanArray),
    Int32(&'a PrimitiveArray<Int32Type>),
    Int64(&'a PrimitiveArray<Int64Type>),
    Float64(&'a PrimitiveArray<Float64Type>),
    Timestamp(&'a PrimitiveArray<TimestampMicrosecondType>),
    Binary(&'a BinaryArray),
}

impl<'a> BatchReader<'a> {
    /// Returns a reader of a batch with columns of `table`.
    ///
    /// # Errors
    ///
    /// When the batch has a column that the table has not, or one of another type.
    pub fn new(table: &'static Table, batch: &'a RecordBatch) -> Result<Self, Fault> {
        let mut columns = Vec::new();
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let position =
                table.position(field.name()).ok_or_else(|| Fault::unknown_field(table, field.name(), true))?;
            let column = table.at(position)?;
            let Some(values) = Values::new(column.ty, array) else {
                return Err(Fault::type_mismatch(column, &array.data_type().to_string()));
            };
            if array.null_count() < array.len() {
                columns.push((position, values));
            }
        }
        columns.sort_by_key(|(position, _)| *position);
        Ok(Self { table, n_rows: batch.num_rows(), columns })
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// Says whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Hands the values of a row to a sink, in the order of the columns.
    ///
    /// It is a fault for the sink when there is no such row, or a value is none of its column's.
    pub fn record<S: Sink>(&self, row: usize, sink: &mut S) {
        if row >= self.n_rows {
            let message = format!("the batch has {} rows, and none at {row}", self.n_rows);
            return sink.fault(None, Fault::new(FaultCode::MissingRequired, message));
        }
        for (position, values) in &self.columns {
            values.record(self.table, *position, row, sink);
        }
    }

    /// Returns a row as the struct of the table.
    ///
    /// # Errors
    ///
    /// When there is no such row, a value is none of its column's, or a required column has none.
    pub fn row<R: Row>(&self, row: usize) -> Result<R, Fault> {
        let mut out = R::blank();
        self.read_into(row, &mut out)?;
        Ok(out)
    }

    fn read_into(&self, row: usize, out: &mut dyn Fields) -> Result<(), Fault> {
        let mut sink = RowSink::new(self.table, out);
        self.record(row, &mut sink);
        sink.finish()
    }

    /// Appends a row as JSON in wire form, without a line feed; on an error `out` is as it was.
    ///
    /// # Errors
    ///
    /// As for [`row`](Self::row), and when a float is not finite: JSON has no text for it.
    pub fn append_json(&self, row: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut sink = JsonSink::new(self.table, out);
        self.record(row, &mut sink);
        sink.finish()
    }

    /// Writes all rows as NDJSON in wire form.
    ///
    /// # Errors
    ///
    /// As for [`append_json`](Self::append_json), and those of the writer.
    pub fn write_ndjson(&self, mut writer: impl Write) -> std::io::Result<()> {
        let mut out = Vec::with_capacity(64 << 10);
        for row in 0..self.n_rows {
            self.append_json(row, &mut out)?;
            out.push(b'\n');
            if out.len() >= 48 << 10 {
                writer.write_all(&out)?;
                out.clear();
            }
        }
        writer.write_all(&out)
    }
}

impl<'a> Values<'a> {
    fn new(ty: ColumnType, array: &'a ArrayRef) -> Option<Self> {
        match ty {
            ColumnType::String => array.as_string_opt().map(Self::String),
            ColumnType::Json => array.as_string_opt().map(Self::Json),
            ColumnType::Bool => array.as_boolean_opt().map(Self::Bool),
            ColumnType::Int32 => array.as_primitive_opt().map(Self::Int32),
            ColumnType::Int64 => array.as_primitive_opt().map(Self::Int64),
            ColumnType::Float64 => array.as_primitive_opt().map(Self::Float64),
            ColumnType::Timestamp => array.as_primitive_opt().map(Self::Timestamp),
            ColumnType::Binary => array.as_binary_opt().map(Self::Binary),
        }
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::String(array) | Self::Json(array) => array,
            Self::Bool(array) => array,
            Self::Int32(array) => array,
            Self::Int64(array) => array,
            Self::Float64(array) => array,
            Self::Timestamp(array) => array,
            Self::Binary(array) => array,
        }
    }

    fn record<S: Sink>(&self, table: &'static Table, position: usize, row: usize, sink: &mut S) {
        if self.array().is_null(row) {
            return;
        }
        match self {
            Self::String(array) => sink.string(position, array.value(row)),
            Self::Bool(array) => sink.bool(position, array.value(row)),
            Self::Int32(array) => sink.int32(position, array.value(row)),
            Self::Int64(array) => sink.int64(position, array.value(row)),
            Self::Float64(array) => sink.float64(position, array.value(row)),
            Self::Binary(array) => sink.binary(position, array.value(row)),
            Self::Timestamp(array) => match Timestamp::from_micros(array.value(row)) {
                Ok(value) => sink.timestamp(position, value),
                Err(error) => {
                    let fault = table.fault_at(position, |column| Fault::unrepresentable_timestamp(column, &error));
                    sink.fault(Some(position), fault);
                }
            },
            Self::Json(array) => match serde_json::from_str::<&RawValue>(array.value(row)) {
                Ok(json) => sink.json(position, json),
                Err(error) => {
                    let fault = table.fault_at(position, |column| Fault::unrepresentable_json(column, &error));
                    sink.fault(Some(position), fault);
                }
            },
        }
    }
}
