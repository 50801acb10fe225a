//! Closed sets of values: what the generated enums have in common.

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

use unified_event_types::suggest::did_you_mean;

/// An enum whose variants are the values of a closed set.
pub trait Closed: Copy + 'static {
    /// The name of the set, as error texts say it: that of the column.
    const NAME: &'static str;
    /// All values, in the order of the definition.
    const ALL: &'static [Self];

    /// Returns the text of the value.
    fn as_str(self) -> &'static str;

    /// Returns the value that is written as `text`.
    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.as_str() == text)
    }

    /// Returns the value that is written as `text`.
    ///
    /// # Errors
    ///
    /// When the set has no such value; the error names the nearest one.
    fn parse(text: &str) -> Result<Self, UnknownValue> {
        Self::from_text(text).ok_or_else(|| UnknownValue::new::<Self>(text))
    }
}

/// A text that is no value of a closed set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    message: String,
}

impl UnknownValue {
    fn new<E: Closed>(text: &str) -> Self {
        let mut message = format!("{} is no value of `{}`", crate::fault::excerpt(text), E::NAME);
        if let Some(question) = did_you_mean(text, E::ALL.iter().map(|value| value.as_str())) {
            message.push_str("; ");
            message.push_str(&question);
        } else {
            let values: Vec<String> = E::ALL.iter().map(|value| format!("`{}`", value.as_str())).collect();
            message.push_str(&format!("; expected one of {}", values.join(", ")));
        }
        Self { message }
    }
}

impl std::fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownValue {}

/// Serialises a value of a closed set as its text.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize_closed<E: Closed, S: Serializer>(value: E, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

/// Reads a value of a closed set from its text.
///
/// # Errors
///
/// When the input is no text or no value of the set.
pub fn deserialize_closed<'de, E: Closed, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    struct Text<E>(std::marker::PhantomData<E>);

    impl<E: Closed> Visitor<'_> for Text<E> {
        type Value = E;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "a value of `{}`", E::NAME)
        }

        fn visit_str<F: Error>(self, text: &str) -> Result<E, F> {
            E::parse(text).map_err(F::custom)
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Kind;

    #[test]
    fn unknown_values_name_the_nearest_or_all() {
        assert_eq!(Kind::parse("click"), Ok(Kind::Click));
        let near = Kind::parse("clik").unwrap_err().to_string();
        assert_eq!(near, "`clik` is no value of `kind`; did you mean `click`?");
        let far = Kind::parse("").unwrap_err().to_string();
        assert_eq!(far, "`` is no value of `kind`; expected one of `click`, `key-press`");
    }
}
