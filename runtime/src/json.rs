//! JSON text: what columns of type `json` hold.

mod scan;

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::Fault;
use crate::table::{Column, Table};

pub(crate) use scan::{JsonProblem, ProblemKind, check, check_surrogates, compact};
#[cfg(feature = "arrow")]
pub(crate) use scan::{MAX_PLAIN_DIGITS, is_finite};
use scan::{depth, may_be_spaced};

/// One JSON value as its text, without insignificant whitespace and otherwise unchanged.
///
/// Numbers keep their digits, objects the order of their keys, and no line breaks are left that could
/// end a line of NDJSON.
///
/// ```
/// use unified_event_runtime::Json;
///
/// let json = Json::parse(r#"{ "total": 12345678901234567890.10, "lines": [] }"#)?;
/// assert_eq!(json.as_str(), r#"{"total":12345678901234567890.10,"lines":[]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json {
    /// Nothing in it but its depth can make it no value of a column.
    raw: Box<RawValue>,
    depth: usize,
}

impl Json {
    /// Returns the value that `text` holds.
    ///
    /// # Errors
    ///
    /// When the text is not exactly one JSON value, or holds what no column takes: a string that
    /// escapes half a surrogate pair, or a number beyond 64-bit floats. How deep a value may nest is
    /// for its table to say.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        Self::from_raw(serde_json::from_str(text)?).map_err(Error::custom)
    }

    /// Returns the JSON form of a value.
    ///
    /// A float that is not finite becomes `null`, as serde_json has it.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form, such as a map whose keys are no text, or JSON text in it holds
    /// what [`Json::parse`] refuses.
    pub fn from_serialize<T: ?Sized + Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        Self::from_raw(&serde_json::value::to_raw_value(value)?).map_err(Error::custom)
    }

    /// Returns the JSON form of a value for a column.
    pub(crate) fn of_column<T: ?Sized + Serialize>(value: &T, column: &Column) -> Result<Self, Fault> {
        let raw =
            serde_json::value::to_raw_value(value).map_err(|error| Fault::unrepresentable_json(column, &error))?;
        Self::from_raw(&raw).map_err(|problem| Fault::json(column, &problem))
    }

    /// Returns `null`.
    pub fn null() -> Self {
        Self { raw: RawValue::NULL.to_owned(), depth: 0 }
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        self.raw.get()
    }

    /// Says whether the value is `null`, which a column does not tell from having no value.
    pub fn is_null(&self) -> bool {
        self.as_str() == "null"
    }

    /// Returns the value as a tree, whose numbers may be less exact than the text.
    ///
    /// # Errors
    ///
    /// When a number is beyond 64 bits or the value nests deeper than serde_json reads.
    pub fn to_value(&self) -> Result<serde_json::Value, serde_json::Error> {
        self.deserialize()
    }

    /// Returns the value as a type of the caller's.
    ///
    /// # Errors
    ///
    /// When the value is not of the type.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    pub(crate) fn from_raw(raw: &RawValue) -> Result<Self, JsonProblem> {
        check(raw.get(), scan::ANY_DEPTH)?;
        let depth = depth(raw.get());
        let raw = match compact(raw.get()) {
            Cow::Borrowed(_) => raw.to_owned(),
            // Without whitespace the text is the same value.
            Cow::Owned(text) => RawValue::from_string(text).unwrap_or_else(|_| raw.to_owned()),
        };
        Ok(Self { raw, depth })
    }

    /// Checks the value for what makes it none of a column with this limit, without another look at most texts.
    #[inline]
    pub(crate) fn check(&self, max_depth: usize) -> Result<(), JsonProblem> {
        if self.depth <= max_depth { Ok(()) } else { check(self.as_str(), max_depth) }
    }
}

impl TryFrom<serde_json::Value> for Json {
    type Error = serde_json::Error;

    fn try_from(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::from_serialize(&value)
    }
}

impl std::str::FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        Self::parse(text)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl std::hash::Hash for Json {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_raw(&raw).map_err(D::Error::custom)
    }
}

/// Writes the JSON form of a column's value as readers keep it, if it is one that they take.
///
/// On a fault half a value may be left in `out`.
pub(crate) fn write_compact<T: ?Sized + Serialize>(
    out: &mut Vec<u8>,
    value: &T,
    table: &Table,
    column: &Column,
) -> Result<(), Fault> {
    let start = out.len();
    let unrepresentable = |error: &dyn std::fmt::Display| Fault::unrepresentable_json(column, error);
    serde_json::to_writer(&mut *out, value).map_err(|error| unrepresentable(&error))?;
    let text = std::str::from_utf8(&out[start..]).map_err(|error| unrepresentable(&error))?;
    check(text, table.max_depth).map_err(|problem| Fault::json(column, &problem))?;
    // Only raw JSON inside of the value can bring whitespace along; readers would not keep it.
    if may_be_spaced(text.as_bytes())
        && let Cow::Owned(text) = compact(text)
    {
        out.truncate(start);
        out.extend_from_slice(text.as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_but_for_whitespace() {
        for (text, kept) in [
            (" null ", "null"),
            ("1E+300", "1E+300"),
            ("-0.0", "-0.0"),
            ("{\"b\" : 1,\n\t\"a\": [ ] ,\"b\":2}", r#"{"b":1,"a":[],"b":2}"#),
            (r#"" a\n\u00e9\ud83d\ude00 \" ""#, r#"" a\n\u00e9\ud83d\ude00 \" ""#),
            ("[\"é \\\\\" , 1]", "[\"é \\\\\",1]"),
        ] {
            assert_eq!(Json::parse(text).unwrap().as_str(), kept);
        }
        assert!(Json::parse("null").unwrap().is_null());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in
            ["", "1 2", "{a:1}", "[1,]", "NaN", "\"\u{1}\"", "01", r#""\ud83d""#, r#"["\ude00"]"#, r#""\ud83dx""#]
        {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        for (text, reason) in [
            ("1e400", "the number `1e400` is beyond 64-bit floats"),
            (r#"{"a":[0,-1e309]}"#, "the number `-1e309` is beyond 64-bit floats at `$.a.1`"),
            (r#"{"a":{"b":"\ud800"}}"#, "lone surrogate in a string at `$.a.b`"),
        ] {
            assert_eq!(Json::parse(text).unwrap_err().to_string(), reason);
            let raw = RawValue::from_string(text.to_owned()).unwrap();
            assert_eq!(Json::from_serialize(&raw).unwrap_err().to_string(), reason);
            assert!(serde_json::from_str::<Json>(text).unwrap_err().to_string().starts_with(reason));
        }
    }

    #[test]
    fn deep_nesting_neither_panics_nor_overflows() {
        let text = "[".repeat(200_000) + &"]".repeat(200_000);
        assert!(Json::parse(&text).unwrap().to_value().is_err());
        assert!(Json::parse(&"[".repeat(200_000)).is_err());
    }

    #[test]
    fn serde_is_transparent() {
        let json: Json = serde_json::from_str("{ \"a\" : 1.50 }").unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), r#"{"a":1.50}"#);
        let tree = serde_json::to_value(&json).unwrap();
        assert_eq!(serde_json::from_value::<Json>(tree).unwrap().as_str(), r#"{"a":1.5}"#);
        assert_eq!(Json::from_serialize(&json).unwrap(), json);
    }

    #[test]
    fn raw_json_is_written_as_readers_take_it() {
        let column = &crate::sample::EVENTS.columns[7];
        let write = |text: &str| {
            let raw = RawValue::from_string(text.to_owned()).unwrap();
            let mut out = b"x".to_vec();
            write_compact(&mut out, &raw, &crate::sample::EVENTS, column).map(|()| out)
        };
        for (text, kept) in [
            ("[1,\n 2]", &b"x[1,2]"[..]),
            ("{\"a\" :\t\"b , c\"}", b"x{\"a\":\"b , c\"}"),
            ("[ ]", b"x[]"),
            ("\" [ , \"", b"x\" [ , \""),
        ] {
            assert_eq!(write(text).unwrap(), kept);
        }
        for (text, code) in [
            (r#"{"a":"\ud800"}"#, crate::FaultCode::MalformedJson),
            ("[[[[[[[[[]]]]]]]]]", crate::FaultCode::TooDeep),
            ("[1e400]", crate::FaultCode::NumberOutOfRange),
        ] {
            let fault = write(text).unwrap_err();
            assert_eq!((fault.code, fault.column.as_deref()), (code, Some("extra")), "{text}");
        }
    }
}
