//! What the syntax of JSON leaves open: whitespace, halves of surrogate pairs, depth, the size of numbers.

mod place;

use std::borrow::Cow;

use place::placed;

/// What makes valid JSON text no value of a column, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonProblem {
    pub(crate) kind: ProblemKind,
    /// The keys and positions that lead there, such as `.lines.2.price`; empty for the value itself.
    pub(crate) path: String,
}

/// What makes valid JSON text no value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProblemKind {
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

impl std::fmt::Display for ProblemKind {
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

impl std::fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(f)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, " at `${}`", crate::fault::shortened(&self.path)) }
    }
}

/// A problem, and the byte at which it is.
type Found = (ProblemKind, usize);

/// Of how deep JSON text may be where no table says it.
pub(crate) const ANY_DEPTH: usize = usize::MAX;

/// Checks valid JSON text for all that makes it no value of a column.
///
/// Nearly all text is passed by a look at its bytes; only what may hold a problem is scanned.
pub(crate) fn check(text: &str, max_depth: usize) -> Result<(), JsonProblem> {
    if may_hold_a_problem(text.as_bytes(), max_depth) {
        scan(text, max_depth).map_err(|found| placed(text, found))
    } else {
        Ok(())
    }
}

/// Checks valid JSON text for halves of surrogate pairs.
pub(crate) fn check_surrogates(text: &str) -> Result<(), JsonProblem> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = if *byte == b'"' { string_end(bytes, at + 1).map_err(|found| placed(text, found))? } else { at + 1 };
    }
    Ok(())
}

/// The longest run of digits that is a finite float whatever they are.
pub(crate) const MAX_PLAIN_DIGITS: usize = 308;

/// Returns true unless the bytes show that the text has no problem. Branch-free loops, for the compiler
/// to make wide.
fn may_hold_a_problem(text: &[u8], max_depth: usize) -> bool {
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    let has_marks = pairs.fold(false, |found, (byte, next)| {
        // An escape, or a digit before an exponent.
        found | (*byte == b'\\') | (byte.is_ascii_digit() & (*next | 0x20 == b'e'))
    });
    let is_deep = text.len() / 2 >= max_depth.max(1)
        && text.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() > max_depth;
    has_marks || is_deep || has_long_digits(text)
}

/// Returns true where four digits lie so far apart that a number too long may be around them.
fn has_long_digits(text: &[u8]) -> bool {
    let at = |from: usize| text.get(from..).unwrap_or_default().iter().map(u8::is_ascii_digit);
    let spread = at(0).zip(at(100)).zip(at(200)).zip(at(MAX_PLAIN_DIGITS));
    spread.fold(false, |found, (((a, b), c), d)| found | (a & b & c & d))
}

fn scan(text: &str, max_depth: usize) -> Result<(), Found> {
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
                    return Err((ProblemKind::TooDeep { max_depth }, at));
                }
            }
            b']' | b'}' => depth -= 1,
            b'-' | b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let is_part = |byte: &&u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E');
                let end = at + rest.iter().take_while(is_part).count();
                let number = text.get(at..end).unwrap_or_default();
                if !is_finite(number) {
                    return Err((ProblemKind::NumberOutOfRange(number.to_owned()), at));
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

/// Returns how deep arrays and objects nest in valid JSON text.
pub(crate) fn depth(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut most) = (0, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = after_string(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Returns true unless the bytes show that valid JSON text has no whitespace between its tokens: there, it
/// is beside a bracket, a colon or a comma, or at an end.
pub(crate) fn may_be_spaced(text: &[u8]) -> bool {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let is_mark = |byte: u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',');
    let ends = [text.first(), text.last()];
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    ends.into_iter().flatten().any(|byte| is_space(*byte))
        || pairs.fold(false, |found, (byte, next)| {
            found | (is_space(*byte) & is_mark(*next)) | (is_mark(*byte) & is_space(*next))
        })
}

/// Returns valid JSON text without whitespace between its tokens.
pub(crate) fn compact(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = after_string(bytes, at + 1),
            b' ' | b'\t' | b'\n' | b'\r' => {
                out.push_str(&text[copied..at]);
                at += 1;
                copied = at;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns the byte after the closing quote of the string whose contents start at `at`, whatever they are.
fn after_string(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            None => return at,
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// Returns the byte after the closing quote of the string whose contents start at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Result<usize, Found> {
    loop {
        match bytes.get(at) {
            None => return Ok(at),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape_end(bytes, at).ok_or((ProblemKind::LoneSurrogate, at))?,
            Some(_) => at += 1,
        }
    }
}

/// Returns the byte after the escape that starts at `at`, the second half of a pair included; none for
/// a half alone.
fn escape_end(bytes: &[u8], at: usize) -> Option<usize> {
    match code_unit(bytes, at) {
        Some(0xD800..=0xDBFF) => match code_unit(bytes, at + 6) {
            Some(0xDC00..=0xDFFF) => Some(at + 12),
            _ => None,
        },
        Some(0xDC00..=0xDFFF) => None,
        Some(_) => Some(at + 6),
        None => Some(at + 2),
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
            assert!(depth(text) <= 4, "{text}");
        }
        let out_of_range = |number: &str| ProblemKind::NumberOutOfRange(number.to_owned());
        let too_deep = ProblemKind::TooDeep { max_depth: 4 };
        for (text, kind, path) in [
            (r#""\ud800""#.to_owned(), ProblemKind::LoneSurrogate, ""),
            (r#"{"\udc00":1}"#.to_owned(), ProblemKind::LoneSurrogate, ""),
            (r#"{"a":1,"b,[":["x",{"":"\ud800"}]}"#.to_owned(), ProblemKind::LoneSurrogate, ".b,[.1."),
            (deep(5), too_deep.clone(), ".0.0.0.0"),
            (r#"{"a":[{"b":[{}]}]}"#.to_owned(), too_deep, ".a.0.b.0"),
            ("1e400".to_owned(), out_of_range("1e400"), ""),
            (r#"{"a":[-1E+309]}"#.to_owned(), out_of_range("-1E+309"), ".a.0"),
            (r#"[{"a":[]},{"b":{"c":1},"d":1e400}]"#.to_owned(), out_of_range("1e400"), ".1.d"),
            ("9".repeat(309), out_of_range(&"9".repeat(309)), ""),
            ("9".repeat(309) + ".5", out_of_range(&("9".repeat(309) + ".5")), ""),
        ] {
            assert_eq!(depth(&text) > 4, matches!(kind, ProblemKind::TooDeep { .. }), "{text}");
            assert_eq!(check(&text, 4), Err(JsonProblem { kind, path: path.to_owned() }), "{text}");
        }
    }

    #[test]
    fn space_is_seen_wherever_it_is_between_tokens() {
        let tokens = ["{", "\"a b\"", ":", "[", "1", ",", "true", ",", "{", "}", ",", "\"\"", "]", "}"];
        assert!(!may_be_spaced(tokens.concat().as_bytes()));
        assert!(!may_be_spaced(b""));
        for at in 0..=tokens.len() {
            for space in [" ", "\t", "\r", "\n", " \n  "] {
                let text = tokens[..at].concat() + space + &tokens[at..].concat();
                assert!(may_be_spaced(text.as_bytes()), "{text}");
                assert_eq!(compact(&text), tokens.concat());
            }
        }
    }

    #[test]
    fn depth_may_be_unlimited() {
        let deep = "[".repeat(100_000) + "1" + &"]".repeat(100_000);
        assert_eq!(check(&deep, ANY_DEPTH), Ok(()));
        let found = check(&deep.replace('1', "1e400"), ANY_DEPTH).unwrap_err();
        assert_eq!(found.path, ".0".repeat(100_000));
        assert_eq!(depth(&deep), 100_000);
    }
}
