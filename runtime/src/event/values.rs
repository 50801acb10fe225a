//! What the fields of an event may be: one small trait for each type of column.
//!
//! Implement the trait of the column's type for a newtype of your own:
//!
//! ```
//! use std::borrow::Cow;
//! use unified_event_runtime::values::StringValue;
//!
//! struct UserId(u64);
//!
//! impl StringValue for UserId {
//!     fn text(&self) -> Cow<'_, str> {
//!         Cow::Owned(format!("user-{}", self.0))
//!     }
//! }
//! ```
//!
//! References and smart pointers of such types work as the types themselves do. The derive looks
//! through `Option` on its own, so none of these traits is implemented for it.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::value::RawValue;

use super::timestamp_fault;
use crate::table::Table;
use crate::{Closed, Json, Sink, Timestamp, TimestampError};

pub use super::instants::{UnixMicros, UnixMillis, UnixNanos, UnixSeconds};

/// A value of a `string` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `string` column",
    label = "expected text, such as `String` or `&str`",
    note = "implement `unified_event::values::StringValue` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait StringValue {
    /// Returns the text.
    fn text(&self) -> Cow<'_, str>;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.string(column, &self.text());
    }
}

/// A value of a `bool` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `bool` column",
    label = "expected `bool`",
    note = "implement `unified_event::values::BoolValue` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait BoolValue {
    /// Returns the boolean.
    fn bool(&self) -> bool;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.bool(column, self.bool());
    }
}

/// A value of an `int32` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of an `int32` column",
    label = "expected `i32` or a narrower integer",
    note = "implement `unified_event::values::Int32Value` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait Int32Value {
    /// Returns the integer.
    fn int32(&self) -> i32;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.int32(column, self.int32());
    }
}

/// A value of an `int64` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of an `int64` column",
    label = "expected `i64` or a narrower integer",
    note = "implement `unified_event::values::Int64Value` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait Int64Value {
    /// Returns the integer.
    fn int64(&self) -> i64;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.int64(column, self.int64());
    }
}

/// A value of a `float64` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `float64` column",
    label = "expected `f64` or `f32`",
    note = "implement `unified_event::values::Float64Value` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait Float64Value {
    /// Returns the number.
    fn float64(&self) -> f64;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.float64(column, self.float64());
    }
}

/// A value of a `timestamp` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `timestamp` column",
    label = "expected `Timestamp` or `SystemTime`",
    note = "an integer says its unit as `values::UnixMillis` and the like; chrono, jiff and time are features",
    note = "implement `unified_event::values::TimestampValue` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait TimestampValue {
    /// Returns the instant.
    ///
    /// # Errors
    ///
    /// When the instant lies outside of the years 0001 to 9999.
    fn timestamp(&self) -> Result<Timestamp, TimestampError>;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, table: &'static Table, column: usize, sink: &mut S) {
        match self.timestamp() {
            Ok(instant) => sink.timestamp(column, instant),
            Err(error) => sink.fault(Some(column), timestamp_fault(table, column, error)),
        }
    }
}

/// A value of a `json` column without `#[event(json)]`: a type that is JSON already.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `json` column",
    label = "expected `Json` or `serde_json::Value`",
    note = "`#[event(json)]` on the field takes any type that implements `serde::Serialize`"
)]
pub trait JsonValue {
    /// Hands the value to a sink, by [`Sink::json`] or [`Sink::json_text`].
    fn record<S: Sink>(&self, column: usize, sink: &mut S);
}

/// A value of a `json` column with `#[event(json)]`: anything that serialises.
///
/// It stands between the expansion and serde, so that what serde wants is said at the type of the field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not serialise, as `#[event(json)]` needs it to",
    label = "expected a type that implements `serde::Serialize`",
    note = "add `#[derive(serde::Serialize)]` to a type of your own"
)]
pub trait SerializedValue {
    /// Hands the value to a sink.
    fn record<S: Sink>(&self, column: usize, sink: &mut S);
}

impl<T: Serialize + ?Sized> SerializedValue for T {
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.json(column, self);
    }
}

/// A value of a `binary` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `binary` column",
    label = "expected bytes, such as `Vec<u8>` or `&[u8]`",
    note = "implement `unified_event::values::BinaryValue` for a type of your own",
    note = "write `Option<…>` out: the derive does not see through type aliases"
)]
pub trait BinaryValue {
    /// Returns the bytes.
    fn bytes(&self) -> &[u8];

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.binary(column, self.bytes());
    }
}

/// A value of a column with a closed set of values, whose enum is `E`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of the closed set `{E}`",
    label = "expected the enum `{E}`",
    note = "implement `unified_event::values::ClosedValue<{E}>` for a type of your own"
)]
pub trait ClosedValue<E> {
    /// Returns the value.
    fn closed(&self) -> E;

    /// Hands the value to a sink.
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S)
    where
        E: Closed,
    {
        sink.string(column, self.closed().as_str());
    }
}

macro_rules! implement {
    ($trait:ident, $method:ident -> $result:ty, |$value:ident| $body:expr, $($ty:ty),+) => {
        $(impl $trait for $ty {
            #[inline]
            fn $method(&self) -> $result {
                let $value = self;
                $body
            }
        })+
    };
}

/// Text that is there already goes to the sink as it is: no `Cow` to build and drop for each field.
macro_rules! implement_text {
    ($($ty:ty),+) => {
        $(impl StringValue for $ty {
            #[inline]
            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }

            #[inline]
            fn record<S: Sink>(&self, column: usize, sink: &mut S) {
                sink.string(column, self);
            }
        })+
    };
}

implement_text!(str, String, Cow<'_, str>);
implement!(BoolValue, bool -> bool, |value| *value, bool);
implement!(Int32Value, int32 -> i32, |value| *value, i32);
implement!(Int32Value, int32 -> i32, |value| i32::from(*value), i8, i16, u8, u16);
implement!(Int64Value, int64 -> i64, |value| *value, i64);
implement!(Int64Value, int64 -> i64, |value| i64::from(*value), i8, i16, i32, u8, u16, u32);
implement!(Float64Value, float64 -> f64, |value| *value, f64);
implement!(Float64Value, float64 -> f64, |value| f64::from(*value), f32);

impl TimestampValue for Timestamp {
    #[inline]
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        Ok(*self)
    }

    #[inline]
    fn record<S: Sink>(&self, _: &'static Table, column: usize, sink: &mut S) {
        sink.timestamp(column, *self);
    }
}

implement!(TimestampValue, timestamp -> Result<Timestamp, TimestampError>, |value| (*value).try_into(), SystemTime);
implement!(BinaryValue, bytes -> &[u8], |value| value, [u8], Vec<u8>, Cow<'_, [u8]>);

impl<const N: usize> BinaryValue for [u8; N] {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self
    }
}

impl JsonValue for Json {
    #[inline]
    fn record<S: Sink>(&self, column: usize, sink: &mut S) {
        sink.json_text(column, self);
    }
}

/// Values of serde_json go to the sink as what serialises.
macro_rules! implement_json {
    ($($ty:ty),+) => {
        $(impl JsonValue for $ty {
            fn record<S: Sink>(&self, column: usize, sink: &mut S) {
                sink.json(column, self);
            }
        })+
    };
}

implement_json!(RawValue, serde_json::Value, serde_json::Map<String, serde_json::Value>);

/// Makes references and smart pointers values as what they point to is.
macro_rules! through_pointers {
    ($($trait:ident::$method:ident -> $result:ty, ($($table:ident: $table_ty:ty)?);)+) => {
        $(through_pointers!(@each $trait, $method, $result, ($($table: $table_ty)?), [&T, &mut T, Box<T>, Rc<T>, Arc<T>]);)+
    };
    (@each $trait:ident, $method:ident, $result:ty, $table:tt, [$($pointer:ty),+]) => {
        $(through_pointers!(@one $trait, $method, $result, $table, $pointer);)+
    };
    (@one $trait:ident, $method:ident, $result:ty, ($($table:ident: $table_ty:ty)?), $pointer:ty) => {
        impl<T: $trait + ?Sized> $trait for $pointer {
            #[inline]
            fn $method(&self) -> $result {
                T::$method(self)
            }

            #[inline]
            fn record<S: Sink>(&self, $($table: $table_ty,)? column: usize, sink: &mut S) {
                T::record(self, $($table,)? column, sink);
            }
        }
    };
}

through_pointers!(
    StringValue::text -> Cow<'_, str>, ();
    BoolValue::bool -> bool, ();
    Int32Value::int32 -> i32, ();
    Int64Value::int64 -> i64, ();
    Float64Value::float64 -> f64, ();
    TimestampValue::timestamp -> Result<Timestamp, TimestampError>, (table: &'static Table);
    BinaryValue::bytes -> &[u8], ();
);

/// The same for values that have no form but that of the sink, and for those of closed sets.
macro_rules! json_and_closed_through {
    ($([$($bound:tt)*] $pointer:ty),+) => {
        $(impl<T: JsonValue + ?Sized $($bound)*> JsonValue for $pointer {
            #[inline]
            fn record<S: Sink>(&self, column: usize, sink: &mut S) {
                T::record(self, column, sink);
            }
        }

        impl<E, T: ClosedValue<E> + ?Sized $($bound)*> ClosedValue<E> for $pointer {
            #[inline]
            fn closed(&self) -> E {
                T::closed(self)
            }
        })+
    };
}

json_and_closed_through!([] &T, [] &mut T, [] Box<T>, [] Rc<T>, [] Arc<T>, [+ ToOwned] Cow<'_, T>);
