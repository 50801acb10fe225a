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

use crate::{Json, Timestamp, TimestampError};

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
}

/// A value of a `bool` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `bool` column",
    label = "expected `bool`",
    note = "implement `unified_event::values::BoolValue` for a type of your own"
)]
pub trait BoolValue {
    /// Returns the boolean.
    fn bool(&self) -> bool;
}

/// A value of an `int32` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of an `int32` column",
    label = "expected `i32` or a narrower integer",
    note = "implement `unified_event::values::Int32Value` for a type of your own"
)]
pub trait Int32Value {
    /// Returns the integer.
    fn int32(&self) -> i32;
}

/// A value of an `int64` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of an `int64` column",
    label = "expected `i64` or a narrower integer",
    note = "implement `unified_event::values::Int64Value` for a type of your own"
)]
pub trait Int64Value {
    /// Returns the integer.
    fn int64(&self) -> i64;
}

/// A value of a `float64` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `float64` column",
    label = "expected `f64` or `f32`",
    note = "implement `unified_event::values::Float64Value` for a type of your own"
)]
pub trait Float64Value {
    /// Returns the number.
    fn float64(&self) -> f64;
}

/// A value of a `timestamp` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `timestamp` column",
    label = "expected `Timestamp` or `SystemTime`",
    note = "implement `unified_event::values::TimestampValue` for a type of your own"
)]
pub trait TimestampValue {
    /// Returns the instant.
    ///
    /// # Errors
    ///
    /// When the instant lies outside of the years 0001 to 9999.
    fn timestamp(&self) -> Result<Timestamp, TimestampError>;
}

/// A value of a `json` column without `#[event(json)]`: a type that is JSON already.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `json` column",
    label = "expected `Json` or `serde_json::Value`",
    note = "`#[event(json)]` on the field takes any type that implements `serde::Serialize`"
)]
pub trait JsonValue: Serialize {
    /// Returns what is serialised.
    fn json(&self) -> &Self {
        self
    }
}

/// A value of a `binary` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a `binary` column",
    label = "expected bytes, such as `Vec<u8>` or `&[u8]`",
    note = "implement `unified_event::values::BinaryValue` for a type of your own"
)]
pub trait BinaryValue {
    /// Returns the bytes.
    fn bytes(&self) -> &[u8];
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

implement!(StringValue, text -> Cow<'_, str>, |value| Cow::Borrowed(value), str, String, Cow<'_, str>);
implement!(BoolValue, bool -> bool, |value| *value, bool);
implement!(Int32Value, int32 -> i32, |value| *value, i32);
implement!(Int32Value, int32 -> i32, |value| i32::from(*value), i8, i16, u8, u16);
implement!(Int64Value, int64 -> i64, |value| *value, i64);
implement!(Int64Value, int64 -> i64, |value| i64::from(*value), i8, i16, i32, u8, u16, u32);
implement!(Float64Value, float64 -> f64, |value| *value, f64);
implement!(Float64Value, float64 -> f64, |value| f64::from(*value), f32);
implement!(TimestampValue, timestamp -> Result<Timestamp, TimestampError>, |value| Ok(*value), Timestamp);
implement!(TimestampValue, timestamp -> Result<Timestamp, TimestampError>, |value| (*value).try_into(), SystemTime);
implement!(BinaryValue, bytes -> &[u8], |value| value, [u8], Vec<u8>, Cow<'_, [u8]>);

impl<const N: usize> BinaryValue for [u8; N] {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self
    }
}

impl JsonValue for Json {}
impl JsonValue for RawValue {}
impl JsonValue for serde_json::Value {}
impl JsonValue for serde_json::Map<String, serde_json::Value> {}

/// Makes references and smart pointers values as what they point to is.
macro_rules! through_pointers {
    ($($trait:ident::$method:ident -> $result:ty),+ $(,)?) => {
        $(through_pointers!(@each $trait, $method, $result, [&T, &mut T, Box<T>, Rc<T>, Arc<T>]);)+
    };
    (@each $trait:ident, $method:ident, $result:ty, [$($pointer:ty),+]) => {
        $(impl<T: $trait + ?Sized> $trait for $pointer {
            #[inline]
            fn $method(&self) -> $result {
                T::$method(self)
            }
        })+
    };
}

through_pointers!(
    StringValue::text -> Cow<'_, str>,
    BoolValue::bool -> bool,
    Int32Value::int32 -> i32,
    Int64Value::int64 -> i64,
    Float64Value::float64 -> f64,
    TimestampValue::timestamp -> Result<Timestamp, TimestampError>,
    BinaryValue::bytes -> &[u8],
);

impl<T: JsonValue + ?Sized> JsonValue for &T {}
impl<T: JsonValue + ?Sized> JsonValue for Box<T> {}

impl<E, T: ClosedValue<E> + ?Sized> ClosedValue<E> for &T {
    #[inline]
    fn closed(&self) -> E {
        T::closed(self)
    }
}
