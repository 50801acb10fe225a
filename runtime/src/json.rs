//! JSON text: what columns of type `json` hold.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

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
pub struct Json(Box<RawValue>);

impl Json {
    /// Returns the value that `text` holds.
    ///
    /// # Errors
    ///
    /// When the text is not exactly one JSON value, or a string in it escapes half a surrogate pair,
    /// which no text in UTF-8 can represent.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        Self::from_raw(serde_json::from_str(text)?)
    }

    /// Returns the JSON form of a value.
    ///
    /// A float that is not finite becomes `null`, as serde_json has it.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form, such as a map whose keys are no text.
    pub fn from_serialize<T: ?Sized + Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        Self::from_raw(&serde_json::value::to_raw_value(value)?)
    }

    /// Returns `null`.
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        self.0.get()
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

    pub(crate) fn from_raw(raw: &RawValue) -> Result<Self, serde_json::Error> {
        match compact(raw.get()).map_err(invalid)? {
            Cow::Borrowed(_) => Ok(Self(raw.to_owned())),
            Cow::Owned(text) => RawValue::from_string(text).map(Self),
        }
    }
}

/// Returns valid JSON text without whitespace between its tokens.
///
/// The scan also finds what serde_json skips over: escapes of lone surrogates.
pub(crate) fn compact(text: &str) -> Result<Cow<'_, str>, LoneSurrogate> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at + 1)?,
            b' ' | b'\t' | b'\n' | b'\r' => {
                out.push_str(&text[copied..at]);
                at += 1;
                copied = at;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Ok(Cow::Borrowed(text));
    }
    out.push_str(&text[copied..]);
    Ok(Cow::Owned(out))
}

/// Returns the byte after the closing quote of the string whose contents start at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Result<usize, LoneSurrogate> {
    loop {
        match bytes.get(at) {
            None => return Ok(at),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape_end(bytes, at)?,
            Some(_) => at += 1,
        }
    }
}

/// Returns the byte after the escape that starts at `at`, the second half of a pair included.
fn escape_end(bytes: &[u8], at: usize) -> Result<usize, LoneSurrogate> {
    match code_unit(bytes, at) {
        Some(0xD800..=0xDBFF) => match code_unit(bytes, at + 6) {
            Some(0xDC00..=0xDFFF) => Ok(at + 12),
            _ => Err(LoneSurrogate { position: at }),
        },
        Some(0xDC00..=0xDFFF) => Err(LoneSurrogate { position: at }),
        Some(_) => Ok(at + 6),
        None => Ok(at + 2),
    }
}

/// Returns the UTF-16 code unit that is escaped as `\uXXXX` at `at`.
fn code_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

/// Half a surrogate pair, escaped in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LoneSurrogate {
    /// The byte of the text at which the escape starts.
    pub position: usize,
}

impl std::fmt::Display for LoneSurrogate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("lone surrogate in a string")
    }
}

fn invalid(reason: impl std::fmt::Display) -> serde_json::Error {
    Error::custom(reason)
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
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_raw(&raw).map_err(D::Error::custom)
    }
}

/// Writes the JSON form of `value` without line breaks.
pub(crate) fn write_compact<T: ?Sized + Serialize>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    let start = out.len();
    serde_json::to_writer(&mut *out, value)?;
    // Only raw JSON inside of the value can bring whitespace along; line breaks would end the line.
    if out[start..].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        let text = std::str::from_utf8(&out[start..]).map_err(invalid)?;
        let text = compact(text).map_err(invalid)?.into_owned();
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
            ("1E+400", "1E+400"),
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
    fn raw_line_breaks_do_not_reach_the_line() {
        let raw = RawValue::from_string("[1,\n 2]".to_owned()).unwrap();
        let mut out = b"x".to_vec();
        write_compact(&mut out, &raw).unwrap();
        assert_eq!(out, b"x[1,2]");
    }
}
