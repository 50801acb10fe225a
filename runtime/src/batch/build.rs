//! From (row, value) pairs to dense arrays.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, PrimitiveArray, new_null_array};
use arrow_buffer::{BooleanBuffer, Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;

use super::slot::{BinaryColumn, Pairs, Slot};

impl Slot {
    /// Returns the array of `n_rows` rows and leaves the slot empty, with its room.
    pub(super) fn build(&mut self, n_rows: usize, data_type: &DataType) -> ArrayRef {
        match self {
            Self::Text(column, _) | Self::Json(column) => Arc::new(column.build(n_rows)),
            Self::Bool(pairs) => Arc::new(booleans(pairs, n_rows)),
            Self::Int32(pairs, _) => Arc::new(primitive::<Int32Type>(pairs, n_rows)),
            Self::Int64(pairs, _) => Arc::new(primitive::<Int64Type>(pairs, n_rows)),
            Self::Float64(pairs) => Arc::new(primitive::<Float64Type>(pairs, n_rows)),
            Self::Timestamp(pairs) => {
                let array = primitive::<TimestampMicrosecondType>(pairs, n_rows);
                Arc::new(array.with_data_type(data_type.clone()))
            }
            Self::Binary(column) => Arc::new(binary(column, n_rows)),
        }
    }
}

/// Returns the values row by row, with defaults where there is none, and leaves the pairs empty.
fn spread<T: Copy + Default>(pairs: &mut Pairs<T>, n_rows: usize) -> Vec<T> {
    let mut values = std::mem::take(&mut pairs.values);
    if pairs.rows.listed().is_empty() {
        pairs.values.reserve(n_rows);
        values.resize(n_rows, T::default());
    } else {
        let mut all = vec![T::default(); n_rows];
        for (row, value) in pairs.rows.listed().iter().zip(&values) {
            all[*row as usize] = *value;
        }
        values.clear();
        pairs.values = std::mem::replace(&mut values, all);
    }
    pairs.rows.clear();
    values
}

fn primitive<T: ArrowPrimitiveType>(pairs: &mut Pairs<T::Native>, n_rows: usize) -> PrimitiveArray<T> {
    let nulls = pairs.rows.validity(pairs.values.len(), n_rows);
    PrimitiveArray::new(ScalarBuffer::from(spread(pairs, n_rows)), nulls)
}

fn booleans(pairs: &mut Pairs<bool>, n_rows: usize) -> BooleanArray {
    let nulls = pairs.rows.validity(pairs.values.len(), n_rows);
    BooleanArray::new(BooleanBuffer::from(spread(pairs, n_rows)), nulls)
}

fn binary(column: &mut BinaryColumn, n_rows: usize) -> BinaryArray {
    let nulls = column.ends.rows.validity(column.ends.values.len(), n_rows);
    let mut before = 0;
    let lengths = spread(&mut column.ends, n_rows).into_iter().map(|end| {
        // A row without bytes has no end: it ends where the one before did.
        let start = before;
        before = before.max(end);
        before - start
    });
    let offsets = OffsetBuffer::from_lengths(lengths);
    BinaryArray::new(offsets, Buffer::from_vec(std::mem::take(&mut column.bytes)), nulls)
}

/// Arrays of nulls, one for each type, as long as the last batch.
#[derive(Debug, Default)]
pub(super) struct Nulls(Vec<ArrayRef>);

impl Nulls {
    pub(super) fn get(&mut self, data_type: &DataType, n_rows: usize) -> ArrayRef {
        let kept = self.0.iter().position(|array| array.data_type() == data_type);
        match kept {
            Some(i) if self.0[i].len() == n_rows => Arc::clone(&self.0[i]),
            _ => {
                let array = new_null_array(data_type, n_rows);
                self.0.retain(|array| array.data_type() != data_type);
                self.0.push(Arc::clone(&array));
                array
            }
        }
    }
}
