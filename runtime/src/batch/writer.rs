//! The values of one event into the columns of a batch.

use serde::Serialize;

use super::slot::Slot;
use crate::check::{number_fault, text_fault};
use crate::json::{JsonProblem, write_compact};
use crate::raw::Stop;
use crate::sink::{FirstFault, Sink};
use crate::table::{Column, Table};
use crate::{Fault, FaultCode, Json, Timestamp};

/// Appends the values of one row. With literal positions every call comes down to a push.
///
/// The columns themselves know whether the row has a value already: their last row is this one.
pub(crate) struct RowWriter<'a> {
    pub(super) table: &'static Table,
    pub(super) slots: &'a mut [Slot],
    /// Whether the values of a column are looked at, as their Rust type does not say it all.
    pub(super) checked: &'a [bool],
    pub(super) row: u32,
    /// What the values of the row take.
    pub(super) n_bytes: usize,
    /// JSON text on its way, kept for its room.
    pub(super) scratch: &'a mut Vec<u8>,
    /// Why the row is none.
    pub(super) fault: FirstFault,
}

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
            Stop::NumberOutOfRange => Fault::number_out_of_range(column, "a number that is not finite"),
            _ => Fault::type_mismatch(column, "a value of another type"),
        });
        self.fault.keep(fault);
    }

    /// Keeps the fault of a text that readers refuse. What Rust types say already is not looked at again.
    fn check_text(&mut self, position: usize, text: &str) {
        let Some(column) = self.table.columns.get(position) else { return };
        let has_format = column.format.is_none_or(|format| format.is_convention() || format.accepts(text));
        if !has_format || (column.non_empty && text.is_empty()) {
            self.refuse_text(column, text);
        }
    }

    #[cold]
    #[inline(never)]
    fn refuse_text(&mut self, column: &'static Column, text: &str) {
        if let Some(fault) = text_fault(column, text) {
            self.fault.keep(fault);
        }
    }

    /// Keeps the fault of a number outside of a closed set, for which there is no Rust type.
    #[cold]
    #[inline(never)]
    fn check_number(&mut self, position: usize, number: i64) {
        if let Some(fault) = self.table.columns.get(position).and_then(|column| number_fault(column, number)) {
            self.fault.keep(fault);
        }
    }

    #[cold]
    #[inline(never)]
    fn refuse_json(&mut self, position: usize, problem: &JsonProblem) {
        self.fault.keep(self.table.fault_at(position, |column| Fault::json(column, problem)));
    }
}

/// Takes a value that one kind of slot holds as it is.
macro_rules! fixed {
    ($method:ident, $slot:ident, $ty:ty, |$value:ident| $stored:expr $(, $check:ident)?) => {
        #[inline(always)]
        fn $method(&mut self, column: usize, $value: $ty) {
            self.n_bytes += size_of::<$ty>();
            $(if self.checked.get(column) == Some(&true) {
                self.$check(column, i64::from($value));
            })?
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
        self.n_bytes += value.len();
        if self.checked.get(column) == Some(&true) {
            self.check_text(column, value);
        }
        let result = match self.slots.get_mut(column) {
            Some(Slot::Text(texts)) => texts.push(self.row, value),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            self.refuse(column, stop);
        }
    }

    fixed!(bool, Bool, bool, |value| value);
    fixed!(int32, Int32, i32, |value| value, check_number);
    fixed!(int64, Int64, i64, |value| value, check_number);

    #[inline(always)]
    fn float64(&mut self, column: usize, value: f64) {
        self.n_bytes += size_of::<f64>();
        match self.slots.get_mut(column) {
            Some(Slot::Float64(pairs)) if value.is_finite() => {
                if !pairs.push(self.row, value) {
                    self.refuse(column, Stop::DuplicateKey);
                }
            }
            Some(Slot::Float64(_)) => self.refuse(column, Stop::NumberOutOfRange),
            _ => self.refuse(column, Stop::TypeMismatch),
        }
    }

    fixed!(timestamp, Timestamp, Timestamp, |value| value.as_micros());

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        self.scratch.clear();
        let written = self.table.at(column).and_then(|of| write_compact(self.scratch, value, self.table, of));
        if let Err(fault) = written {
            return self.fault.keep(fault);
        }
        if self.scratch == b"null" {
            return;
        }
        self.n_bytes += self.scratch.len();
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
        if let Err(problem) = crate::json::check(text, self.table.max_depth) {
            return self.refuse_json(column, &problem);
        }
        self.n_bytes += text.len();
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
        self.n_bytes += value.len();
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
