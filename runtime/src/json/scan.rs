//! What the syntax of JSON leaves open: whitespace, halves of surrogate pairs, depth, the size of numbers.

use std::borrow::Cow;

/// What makes valid JSON text no value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonProblem {
    /// A string escapes half a surrogate pair, which no text in UTF-8 can represent.
    LoneSurrogate,
    /// Arrays and objects nest deeper than the limit.
    TooDeep {
        /// The limit.
        max_depth: usize,
    },
    /// A number lies outside of the finite 64-bit floats.
    NumberOutOfRange(String),
}

impl std::fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LoneSurrogate => f.write_str("lone surrogate in a string"),
            Self::TooDeep { max_depth } => write!(f, "more than {max_depth} levels of arrays and objects"),
            Self::NumberOutOfRange(number) => {
                write!(f, "the number `{}` is beyond 64-bit floats", crate::fault::shortened(number))
            }
        }
    }
}

/// Checks valid JSON text for all that makes it no value of a column.
///
/// Nearly all text is passed by a look at its bytes; only what may hold a problem is scanned.
pub(crate) fn check(text: &str, max_depth: usize) -> Result<(), JsonProblem> {
    if may_hold_a_problem(text.as_bytes(), max_depth) { scan(text, max_depth) } else { Ok(()) }
}

/// Checks valid JSON text for halves of surrogate pairs.
pub(crate) fn check_surrogates(text: &str) -> Result<(), JsonProblem> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = if *byte == b'"' { string_end(bytes, at + 1)? } else { at + 1 };
    }
    Ok(())
}

/// The longest run of digits that is a finite float whatever they are.
const MAX_PLAIN_DIGITS: usize = 308;

/// Returns true unless the bytes show that the text has no problem. Branch-free loops, for the compiler
/// to make wide.
fn may_hold_a_problem(text: &[u8], max_depth: usize) -> bool {
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    let has_marks = pairs.fold(false, |found, (byte, next)| {
        // An escape, or a digit before an exponent.
        found | (*byte == b'\\') | (byte.is_ascii_digit() & (*next | 0x20 == b'e'))
    });
    let is_deep = text.len() >= 2 * max_depth.max(1)
        && text.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() > max_depth;
    has_marks || is_deep || has_long_digits(text)
}

/// Returns true where four digits lie so far apart that a number too long may be around them.
fn has_long_digits(text: &[u8]) -> bool {
    let at = |from: usize| text.get(from..).unwrap_or_default().iter().map(u8::is_ascii_digit);
    let spread = at(0).zip(at(100)).zip(at(200)).zip(at(MAX_PLAIN_DIGITS));
    spread.fold(false, |found, (((a, b), c), d)| found | (a & b & c & d))
}

fn scan(text: &str, max_depth: usize) -> Result<(), JsonProblem> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at + 1)?;
                continue;
            }
            b'[' | b'{' => {
                depth += 1;
                if depth > max_depth {
                    return Err(JsonProblem::TooDeep { max_depth });
                }
            }
            b']' | b'}' => depth -= 1,
            b'-' | b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let is_part = |byte: &&u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E');
                let end = at + rest.iter().take_while(is_part).count();
                let number = text.get(at..end).unwrap_or_default();
                if !is_finite(number) {
                    return Err(JsonProblem::NumberOutOfRange(number.to_owned()));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Returns true if the nearest 64-bit float of a JSON number is finite.
pub(crate) fn is_finite(number: &str) -> bool {
    let is_plain = number.len() <= MAX_PLAIN_DIGITS && !number.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    is_plain || number.parse().is_ok_and(f64::is_finite)
}

/// Returns valid JSON text without whitespace between its tokens.
///
/// The scan also finds what serde_json skips over: escapes of lone surrogates.
pub(crate) fn compact(text: &str) -> Result<Cow<'_, str>, JsonProblem> {
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
fn string_end(bytes: &[u8], mut at: usize) -> Result<usize, JsonProblem> {
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
fn escape_end(bytes: &[u8], at: usize) -> Result<usize, JsonProblem> {
    match code_unit(bytes, at) {
        Some(0xD800..=0xDBFF) => match code_unit(bytes, at + 6) {
            Some(0xDC00..=0xDFFF) => Ok(at + 12),
            _ => Err(JsonProblem::LoneSurrogate),
        },
        Some(0xDC00..=0xDFFF) => Err(JsonProblem::LoneSurrogate),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_found_wherever_they_are() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        for text in
            ["1", "-0.5e10", "1e308", "1e-400", r#""\ud83d\ude00""#, r#""[[[[[1e999""#, &deep(4), &"9".repeat(308)]
        {
            assert_eq!(check(text, 4), Ok(()), "{text}");
            assert_eq!(scan(text, 4), Ok(()), "{text}");
        }
        let problems = [
            (r#""\ud800""#.to_owned(), JsonProblem::LoneSurrogate),
            (r#"{"\udc00":1}"#.to_owned(), JsonProblem::LoneSurrogate),
            (deep(5), JsonProblem::TooDeep { max_depth: 4 }),
            (r#"{"a":[{"b":[{}]}]}"#.to_owned(), JsonProblem::TooDeep { max_depth: 4 }),
            ("1e400".to_owned(), JsonProblem::NumberOutOfRange("1e400".to_owned())),
            (r#"{"a":[-1E+309]}"#.to_owned(), JsonProblem::NumberOutOfRange("-1E+309".to_owned())),
            ("9".repeat(309), JsonProblem::NumberOutOfRange("9".repeat(309))),
            ("9".repeat(309) + ".5", JsonProblem::NumberOutOfRange("9".repeat(309) + ".5")),
        ];
        for (text, problem) in problems {
            assert_eq!(check(&text, 4), Err(problem), "{text}");
        }
    }
}
