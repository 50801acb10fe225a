//! The values of one event into the columns of a batch.

use serde::Serialize;

use super::slot::Slot;
use crate::json::write_compact;
use crate::raw::Stop;
use crate::sink::{FirstFault, Sink};
use crate::table::Table;
use crate::{Fault, FaultCode, Json, Timestamp};

/// Appends the values of one row. With literal positions every call comes down to a push.
///
/// The columns themselves know whether the row has a value already: their last row is this one.
pub(crate) struct RowWriter<'a> {
    pub(super) table: &'static Table,
    pub(super) slots: &'a mut [Slot],
    pub(super) row: u32,
    /// Grows by large values only: the others are counted now and then.
    pub(super) n_bytes: &'a mut usize,
    /// JSON text on its way, kept for its room.
    pub(super) scratch: &'a mut Vec<u8>,
    /// Why the row is none.
    pub(super) fault: FirstFault,
}

/// Values from this size on count at once.
pub(super) const LARGE: usize = 1_024;

impl RowWriter<'_> {
    /// Keeps the fault of a value that a column does not take; the derive gives no reason for most.
    #[cold]
    #[inline(never)]
    fn refuse(&mut self, position: usize, stop: Stop) {
        let fault = self.table.fault_at(position, |column| match stop {
            Stop::DuplicateKey => Fault::duplicate_key(column),
            Stop::TooLarge => {
                let message = format!("column `{}` has 2 GiB in this batch; finish it first", column.name);
                Fault::new(FaultCode::TooLarge, message)
            }
            _ => Fault::type_mismatch(column, "a value of another type"),
        });
        self.fault.keep(fault);
    }

    #[inline(always)]
    fn count(&mut self, n: usize) {
        if n >= LARGE {
            self.count_large(n);
        }
    }

    #[cold]
    #[inline(never)]
    fn count_large(&mut self, n: usize) {
        *self.n_bytes += n;
    }
}

/// Takes a value that one kind of slot holds as it is.
macro_rules! fixed {
    ($method:ident, $slot:ident, $ty:ty, |$value:ident| $stored:expr) => {
        #[inline(always)]
        fn $method(&mut self, column: usize, $value: $ty) {
            match self.slots.get_mut(column) {
                Some(Slot::$slot(pairs)) => {
                    if !pairs.push(self.row, $stored) {
                        self.refuse(column, Stop::DuplicateKey);
                    }
                }
                _ => self.refuse(column, Stop::TypeMismatch),
            }
        }
    };
}

impl Sink for RowWriter<'_> {
    #[inline(always)]
    fn string(&mut self, column: usize, value: &str) {
        self.count(value.len());
        let result = match self.slots.get_mut(column) {
            Some(Slot::Text(texts)) => texts.push(self.row, value),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            self.refuse(column, stop);
        }
    }

    fixed!(bool, Bool, bool, |value| value);
    fixed!(int32, Int32, i32, |value| value);
    fixed!(int64, Int64, i64, |value| value);
    fixed!(float64, Float64, f64, |value| value);
    fixed!(timestamp, Timestamp, Timestamp, |value| value.as_micros());

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        self.scratch.clear();
        if let Err(error) = write_compact(self.scratch, value) {
            return self.fault.keep(self.table.fault_at(column, |column| Fault::unrepresentable_json(column, &error)));
        }
        if self.scratch == b"null" {
            return;
        }
        self.count(self.scratch.len());
        let result = match self.slots.get_mut(column) {
            Some(Slot::Json(texts)) if texts.has(self.row) => Err(Stop::DuplicateKey),
            Some(Slot::Json(texts)) => texts.push_bytes(self.row, self.scratch),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            self.refuse(column, stop);
        }
    }

    #[inline]
    fn json_text(&mut self, column: usize, value: &Json) {
        if value.is_null() {
            return;
        }
        let text = value.as_str();
        self.count(text.len());
        let result = match self.slots.get_mut(column) {
            Some(Slot::Json(texts)) => texts.push(self.row, text),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            self.refuse(column, stop);
        }
    }

    #[inline]
    fn binary(&mut self, column: usize, value: &[u8]) {
        self.count(value.len());
        let result = match self.slots.get_mut(column) {
            Some(Slot::Binary(values)) => values.push(self.row, value),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            self.refuse(column, stop);
        }
    }

    fn fault(&mut self, _: Option<usize>, fault: Fault) {
        self.fault.keep(fault);
    }
}
