//! One value as it comes in: from the text of an event, or through serde from any format.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The key under which serde_json hands over numbers when its feature `arbitrary_precision` is on,
/// which any crate of a build can turn on for all.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// One value before it is known to fit its column.
pub(super) enum Input<'a> {
    Null,
    Bool(bool),
    Number(Number<'a>),
    Text(Cow<'a, str>),
    /// An array or an object, as its text or as what it is.
    Nested(Cow<'a, str>),
}

/// A number whose kind is not yet decided.
pub(super) enum Number<'a> {
    /// As it stands in the JSON text.
    Text(Cow<'a, str>),
    Int(i64),
    UInt(u64),
    Float(f64),
}

/// Why a number is no integer of a column.
pub(super) enum NotAnInteger {
    /// It has a fraction or an exponent, be it only `1.0` or `1e3`.
    Fraction,
    /// It lies outside of 64 bits.
    TooLarge,
}

impl Number<'_> {
    pub(super) fn to_integer(&self) -> Result<i64, NotAnInteger> {
        match self {
            Self::Text(text) if text.contains(['.', 'e', 'E']) => Err(NotAnInteger::Fraction),
            Self::Text(text) => text.parse().map_err(|_| NotAnInteger::TooLarge),
            Self::Int(number) => Ok(*number),
            Self::UInt(number) => i64::try_from(*number).map_err(|_| NotAnInteger::TooLarge),
            Self::Float(_) => Err(NotAnInteger::Fraction),
        }
    }

    /// Returns the nearest float; it is infinite when the number lies outside of 64 bits.
    pub(super) fn to_float(&self) -> f64 {
        match self {
            // JSON numbers are a subset of what `f64` reads.
            Self::Text(text) => text.parse().unwrap_or(f64::NAN),
            Self::Int(number) => *number as f64,
            Self::UInt(number) => *number as f64,
            Self::Float(number) => *number,
        }
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Int(number) => number.fmt(f),
            Self::UInt(number) => number.fmt(f),
            Self::Float(number) => fmt::Debug::fmt(number, f),
        }
    }
}

impl fmt::Display for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Nested(text) => f.write_str(text),
        }
    }
}

impl<'a> Input<'a> {
    /// Returns the value of valid JSON text.
    ///
    /// # Errors
    ///
    /// When a string escapes half a surrogate pair, over which the syntax check has passed.
    pub(super) fn from_raw(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        Ok(match text.as_bytes() {
            [b'n', ..] => Self::Null,
            [b't', ..] => Self::Bool(true),
            [b'f', ..] => Self::Bool(false),
            [b'"', ..] => Self::Text(unquoted(text)?),
            [b'[' | b'{', ..] => Self::Nested(Cow::Borrowed(text)),
            _ => Self::Number(Number::Text(Cow::Borrowed(text))),
        })
    }
}

fn unquoted(text: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(contents) if !contents.contains('\\') => Ok(Cow::Borrowed(contents)),
        _ => serde_json::from_str(text).map(Cow::Owned),
    }
}

impl<'de> Deserialize<'de> for Input<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyInput)
    }
}

/// Takes whatever comes, so that a value of the wrong type is a fault of its column and reading goes on.
struct AnyInput;

impl<'de> Visitor<'de> for AnyInput {
    type Value = Input<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Input<'de>, E> {
        Ok(Input::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Input<'de>, E> {
        Ok(Input::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Input<'de>, D::Error> {
        Input::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Input<'de>, E> {
        Ok(Input::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Input<'de>, E> {
        Ok(Input::Number(Number::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Input<'de>, E> {
        Ok(Input::Number(Number::UInt(value)))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Input<'de>, E> {
        Ok(Input::Number(Number::Text(Cow::Owned(value.to_string()))))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Input<'de>, E> {
        Ok(Input::Number(Number::Text(Cow::Owned(value.to_string()))))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Input<'de>, E> {
        Ok(Input::Number(Number::Float(value)))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Input<'de>, E> {
        Ok(Input::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Input<'de>, E> {
        Ok(Input::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Input<'de>, E> {
        Ok(Input::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Input<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Input::Nested(Cow::Borrowed("an array")))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Input<'de>, A::Error> {
        let mut key = map.next_key::<String>()?;
        if key.as_deref() == Some(NUMBER_KEY) {
            return map.next_value().map(|text| Input::Number(Number::Text(Cow::Owned(text))));
        }
        while key.is_some() {
            map.next_value::<IgnoredAny>()?;
            key = map.next_key()?;
        }
        Ok(Input::Nested(Cow::Borrowed("an object")))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use super::*;

    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        let map = MapDeserializer::<_, Error>::new([(NUMBER_KEY, "9223372036854775808")].into_iter());
        let Ok(Input::Number(number)) = Input::deserialize(map) else { panic!("expected a number") };
        assert!(matches!(number.to_integer(), Err(NotAnInteger::TooLarge)));
        assert_eq!(number.to_float(), 9_223_372_036_854_775_808.0);
    }

    #[test]
    fn integers_are_told_from_floats_by_their_text() {
        for (text, integer) in
            [("-0", Some(0)), ("7", Some(7)), ("1.0", None), ("1e3", None), ("99999999999999999999", None)]
        {
            assert_eq!(Number::Text(text.into()).to_integer().ok(), integer, "{text}");
        }
        assert!(Number::Text("-0".into()).to_float().is_sign_negative());
        assert!(Number::Text("1e400".into()).to_float().is_infinite());
    }
}
