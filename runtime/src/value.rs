//! Typed values, and the fields of rows that hold them.

use std::borrow::Cow;

use crate::table::ColumnType;
use crate::{Closed, Json, Timestamp};

/// A value of a column, borrowed where it can be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Of a `string` column.
    String(Cow<'a, str>),
    /// Of a `bool` column.
    Bool(bool),
    /// Of an `int32` column.
    Int32(i32),
    /// Of an `int64` column.
    Int64(i64),
    /// Of a `float64` column.
    Float64(f64),
    /// Of a `timestamp` column.
    Timestamp(Timestamp),
    /// Of a `json` column.
    Json(Cow<'a, Json>),
    /// Of a `binary` column.
    Binary(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// Returns the type of the columns that hold such a value.
    pub const fn column_type(&self) -> ColumnType {
        match self {
            Self::String(_) => ColumnType::String,
            Self::Bool(_) => ColumnType::Bool,
            Self::Int32(_) => ColumnType::Int32,
            Self::Int64(_) => ColumnType::Int64,
            Self::Float64(_) => ColumnType::Float64,
            Self::Timestamp(_) => ColumnType::Timestamp,
            Self::Json(_) => ColumnType::Json,
            Self::Binary(_) => ColumnType::Binary,
        }
    }
}

/// A value that a field does not take: of another type, outside of its closed set, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTaken;

/// A Rust type that holds the values of a column.
pub trait Scalar: Sized {
    /// Returns the value, borrowed.
    fn to_value(&self) -> Value<'_>;

    /// Returns the Rust form of a value.
    ///
    /// # Errors
    ///
    /// When the value is of another type or outside of the closed set.
    fn from_value(value: Value<'_>) -> Result<Self, NotTaken>;
}

/// Implements [`Scalar`] for a type: its variant, how it is borrowed and how it is owned.
macro_rules! scalar {
    ($ty:ty, $variant:ident, |$borrowed:ident| $borrow:expr, |$owned:ident| $own:expr) => {
        impl Scalar for $ty {
            fn to_value(&self) -> Value<'_> {
                let $borrowed = self;
                Value::$variant($borrow)
            }

            fn from_value(value: Value<'_>) -> Result<Self, NotTaken> {
                match value {
                    Value::$variant($owned) => Ok($own),
                    _ => Err(NotTaken),
                }
            }
        }
    };
}

scalar!(String, String, |text| Cow::Borrowed(text.as_str()), |text| text.into_owned());
scalar!(bool, Bool, |value| *value, |value| value);
scalar!(i32, Int32, |value| *value, |value| value);
scalar!(i64, Int64, |value| *value, |value| value);
scalar!(f64, Float64, |value| *value, |value| value);
scalar!(Timestamp, Timestamp, |value| *value, |value| value);
scalar!(Json, Json, |json| Cow::Borrowed(json), |json| json.into_owned());
scalar!(Vec<u8>, Binary, |bytes| Cow::Borrowed(bytes.as_slice()), |bytes| bytes.into_owned());

impl<E: Closed> Scalar for E {
    fn to_value(&self) -> Value<'_> {
        Value::String(Cow::Borrowed(self.as_str()))
    }

    fn from_value(value: Value<'_>) -> Result<Self, NotTaken> {
        match value {
            Value::String(text) => E::from_text(&text).ok_or(NotTaken),
            _ => Err(NotTaken),
        }
    }
}

/// A field of a row: a scalar, or an option of one where the column is not required.
pub trait Field {
    /// Returns the value, if there is one.
    fn get(&self) -> Option<Value<'_>>;

    /// Sets or clears the value.
    ///
    /// # Errors
    ///
    /// When the field does not take the value; it is then as it was.
    fn set(&mut self, value: Option<Value<'_>>) -> Result<(), NotTaken>;
}

impl<T: Scalar> Field for T {
    fn get(&self) -> Option<Value<'_>> {
        Some(self.to_value())
    }

    fn set(&mut self, value: Option<Value<'_>>) -> Result<(), NotTaken> {
        *self = T::from_value(value.ok_or(NotTaken)?)?;
        Ok(())
    }
}

impl<T: Scalar> Field for Option<T> {
    fn get(&self) -> Option<Value<'_>> {
        self.as_ref().map(T::to_value)
    }

    fn set(&mut self, value: Option<Value<'_>>) -> Result<(), NotTaken> {
        *self = value.map(T::from_value).transpose()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Kind;

    #[test]
    fn fields_take_their_own_and_nothing_else() {
        let mut field = Some(1_i32);
        assert_eq!(field.set(Some(Value::Int32(7))), Ok(()));
        assert_eq!(field.set(Some(Value::Int64(8))), Err(NotTaken));
        assert_eq!(field.get(), Some(Value::Int32(7)));
        assert_eq!(field.set(None), Ok(()));
        assert_eq!(field.get(), None);

        let mut required = "a".to_owned();
        assert_eq!(required.set(None), Err(NotTaken));
        assert_eq!(required.get(), Some(Value::String("a".into())));
    }

    #[test]
    fn closed_fields_take_the_values_of_their_set() {
        let mut field = Kind::Click;
        assert_eq!(field.set(Some(Value::String("key-press".into()))), Ok(()));
        assert_eq!(field.set(Some(Value::String("other".into()))), Err(NotTaken));
        assert_eq!(field.get(), Some(Value::String("key-press".into())));
    }
}
