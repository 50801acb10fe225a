//! The values of one event into the columns of a batch.

use serde::Serialize;

use super::slot::Slot;
use crate::check::{number_fault, text_fault};
use crate::json::{JsonProblem, write_compact};
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
    /// What the values of the row take.
    pub(super) n_bytes: usize,
    /// How many texts of required columns there are.
    pub(super) n_required: usize,
    /// JSON text on its way, kept for its room.
    pub(super) scratch: &'a mut Vec<u8>,
    /// Why the row is none.
    pub(super) fault: &'a mut FirstFault,
}

// What is not inlined is no method: nobody has the address of a writer, so that it stays in registers.

/// Keeps the fault of a value that a column does not take; the derive gives no reason for most.
#[cold]
#[inline(never)]
fn refuse(table: &'static Table, position: usize, stop: Stop, kept: &mut FirstFault) {
    let fault = table.fault_at(position, |column| match stop {
        Stop::DuplicateKey => Fault::duplicate_key(column),
        Stop::TooLarge => {
            let message = format!("column `{}` has 2 GiB in this batch; finish it first", column.name);
            Fault::new(FaultCode::TooLarge, message)
        }
        Stop::NumberOutOfRange => Fault::number_out_of_range(column, "a number that is not finite"),
        _ => Fault::type_mismatch(column, "a value of another type"),
    });
    kept.keep(fault);
}

/// Keeps the fault of a text that readers refuse.
#[cold]
#[inline(never)]
fn refuse_text(table: &'static Table, position: usize, text: &str, kept: &mut FirstFault) {
    if let Some(fault) = table.columns.get(position).and_then(|column| text_fault(column, text)) {
        kept.keep(fault);
    }
}

/// Keeps the fault of a number outside of a closed set, for which there is no Rust type.
#[cold]
#[inline(never)]
fn check_number(table: &'static Table, position: usize, number: i64, kept: &mut FirstFault) {
    if let Some(fault) = table.columns.get(position).and_then(|column| number_fault(column, number)) {
        kept.keep(fault);
    }
}

#[cold]
#[inline(never)]
fn refuse_json(table: &'static Table, position: usize, problem: &JsonProblem, kept: &mut FirstFault) {
    kept.keep(table.fault_at(position, |column| Fault::json(column, problem)));
}

/// Writes the JSON form of a value, and nothing else, to `out`.
fn write_json<T: ?Sized + Serialize>(
    out: &mut Vec<u8>,
    value: &T,
    table: &'static Table,
    position: usize,
) -> Result<(), Fault> {
    out.clear();
    write_compact(out, value, table, table.at(position)?)
}

/// Takes a value that one kind of slot holds as it is.
macro_rules! fixed {
    ($method:ident, $slot:ident, $ty:ty, |$value:ident| $stored:expr $(, $is_closed:ident)?) => {
        #[inline(always)]
        fn $method(&mut self, column: usize, $value: $ty) {
            self.n_bytes += size_of::<$ty>();
            match self.slots.get_mut(column) {
                Some(Slot::$slot(pairs $(, $is_closed)?)) => {
                    $(if *$is_closed {
                        check_number(self.table, column, i64::from($value), self.fault);
                    })?
                    if !pairs.push(self.row, $stored) {
                        refuse(self.table, column, Stop::DuplicateKey, self.fault);
                    }
                }
                _ => refuse(self.table, column, Stop::TypeMismatch, self.fault),
            }
        }
    };
}

impl Sink for RowWriter<'_> {
    #[inline(always)]
    fn string(&mut self, column: usize, value: &str) {
        self.n_bytes += value.len();
        let result = match self.slots.get_mut(column) {
            Some(Slot::Text(texts, rule)) => {
                if rule.is_any {
                    self.n_required += usize::from(rule.is_required);
                    if !rule.accepts(value) {
                        refuse_text(self.table, column, value, self.fault);
                    }
                }
                texts.push(self.row, value)
            }
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            refuse(self.table, column, stop, self.fault);
        }
    }

    fixed!(bool, Bool, bool, |value| value);
    fixed!(int32, Int32, i32, |value| value, is_closed);
    fixed!(int64, Int64, i64, |value| value, is_closed);

    #[inline(always)]
    fn float64(&mut self, column: usize, value: f64) {
        self.n_bytes += size_of::<f64>();
        let stop = match self.slots.get_mut(column) {
            Some(Slot::Float64(pairs)) if value.is_finite() => {
                if pairs.push(self.row, value) {
                    return;
                }
                Stop::DuplicateKey
            }
            Some(Slot::Float64(_)) => Stop::NumberOutOfRange,
            _ => Stop::TypeMismatch,
        };
        refuse(self.table, column, stop, self.fault);
    }

    fixed!(timestamp, Timestamp, Timestamp, |value| value.as_micros());

    #[inline]
    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        if let Err(fault) = write_json(self.scratch, value, self.table, column) {
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
            refuse(self.table, column, stop, self.fault);
        }
    }

    #[inline]
    fn json_text(&mut self, column: usize, value: &Json) {
        if value.is_null() {
            return;
        }
        if let Err(problem) = value.check(self.table.max_depth) {
            return refuse_json(self.table, column, &problem, self.fault);
        }
        let text = value.as_str();
        self.n_bytes += text.len();
        let result = match self.slots.get_mut(column) {
            Some(Slot::Json(texts)) => texts.push(self.row, text),
            _ => Err(Stop::TypeMismatch),
        };
        if let Err(stop) = result {
            refuse(self.table, column, stop, self.fault);
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
            refuse(self.table, column, stop, self.fault);
        }
    }

    #[inline]
    fn fault(&mut self, _: Option<usize>, fault: Fault) {
        self.fault.keep(fault);
    }
}
