//! Passing over a JSON value of any shape, with every rule of its syntax.

use super::number::{number, pass_number};
use crate::raw::{Cursor, Stop};

/// How deep a value is nested, and in what: true for an object. Kept for its room.
pub(super) type Nesting = Vec<bool>;

/// Passes whitespace inside of a line and says whether there was any.
#[inline(always)]
pub(super) fn space(cursor: &mut Cursor<'_>) -> bool {
    cursor.peek() <= b' ' && cursor.aside(more_space)
}

#[inline(never)]
fn more_space(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.position();
    while cursor.eat_if(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {}
    cursor.position() > start
}

/// The depth of a value that is not kept: then neither depth nor numbers matter.
pub(super) const UNLIMITED: usize = usize::MAX;

/// Passes a value and says whether there is whitespace between its tokens.
pub(super) fn value(outer: &mut Cursor<'_>, nesting: &mut Nesting, max_depth: usize) -> Result<bool, Stop> {
    // A copy of its own can stay in registers.
    let mut cursor = outer.clone();
    let result = tokens(&mut cursor, nesting, max_depth);
    *outer = cursor;
    result
}

#[inline(always)]
fn tokens(cursor: &mut Cursor<'_>, nesting: &mut Nesting, max_depth: usize) -> Result<bool, Stop> {
    let mut is_spaced = false;
    nesting.clear();
    loop {
        match cursor.peek() {
            b'"' => string(cursor)?,
            open @ (b'{' | b'[') => {
                let is_object = open == b'{';
                if nesting.len() >= max_depth {
                    return Err(Stop::TooDeep);
                }
                cursor.advance(1);
                is_spaced |= space(cursor);
                if !cursor.eat(if is_object { b'}' } else { b']' }) {
                    nesting.push(is_object);
                    if is_object {
                        is_spaced |= key(cursor)?;
                    }
                    continue;
                }
            }
            b'-' | b'0'..=b'9' => json_number(cursor, max_depth)?,
            _ => literal(cursor)?,
        }
        loop {
            let Some(is_object) = nesting.last().copied() else { return Ok(is_spaced) };
            is_spaced |= space(cursor);
            if cursor.eat(b',') {
                is_spaced |= space(cursor);
                if is_object {
                    is_spaced |= key(cursor)?;
                }
                break;
            }
            if !cursor.eat(if is_object { b'}' } else { b']' }) {
                return Err(Stop::MalformedJson);
            }
            nesting.pop();
        }
    }
}

/// Passes a number; one beyond 64-bit floats is none that a value may keep.
#[inline(always)]
fn json_number(cursor: &mut Cursor<'_>, max_depth: usize) -> Result<(), Stop> {
    let from = cursor.clone();
    let has_exponent = pass_number(cursor)?;
    let may_be_infinite = has_exponent || cursor.position() - from.position() > crate::json::MAX_PLAIN_DIGITS;
    if may_be_infinite && max_depth != UNLIMITED {
        return finite(from);
    }
    Ok(())
}

#[cold]
fn finite(mut cursor: Cursor<'_>) -> Result<(), Stop> {
    if crate::json::is_finite(number(&mut cursor)?) { Ok(()) } else { Err(Stop::NumberOutOfRange) }
}

/// Passes a key, its colon and the space around it.
#[inline(always)]
fn key(cursor: &mut Cursor<'_>) -> Result<bool, Stop> {
    string(cursor)?;
    let is_spaced = space(cursor);
    if !cursor.eat(b':') {
        return Err(Stop::MalformedJson);
    }
    Ok(space(cursor) | is_spaced)
}

/// Passes a string. Whether it is UTF-8 is left to the caller.
#[inline(always)]
pub(super) fn string(cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    if !cursor.eat(b'"') {
        return Err(Stop::MalformedJson);
    }
    loop {
        cursor.skip_plain();
        if cursor.eat(b'"') {
            return Ok(());
        }
        cursor.aside(Cursor::escape)?;
    }
}

/// Passes `true`, `false` or `null`.
#[inline(always)]
pub(super) fn literal(cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    let window = cursor.window();
    let len = match window[0] {
        b't' if window[..4] == *b"true" => 4,
        b'f' if window[..5] == *b"false" => 5,
        b'n' if window[..4] == *b"null" => 4,
        _ => return Err(Stop::MalformedJson),
    };
    cursor.advance(len);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{Chunk, PAD};

    fn pass(text: &str) -> Result<(bool, usize), Stop> {
        let mut bytes = format!("{text}\n").into_bytes();
        bytes.resize(bytes.len() + PAD, b'"');
        let mut cursor = Cursor::new(Chunk::new(&bytes, text.len() + 1).unwrap(), 0).unwrap();
        let is_spaced = value(&mut cursor, &mut Vec::new(), 8)?;
        Ok((is_spaced, cursor.position()))
    }

    #[test]
    fn values_are_passed_to_their_end() {
        for text in [
            "null",
            "true",
            "false",
            "0",
            "-1.5e+3",
            r#""""#,
            r#""a\n\u00e9""#,
            "[]",
            "{}",
            "[[],{}]",
            r#"{"a":[1,{"b":null}]}"#,
        ] {
            assert_eq!(pass(text), Ok((false, text.len())), "{text}");
            assert_eq!(pass(&format!("{text} ,")), Ok((false, text.len())), "{text}");
        }
        for text in ["[ ]", "{ }", "[1 ,2]", "[1, 2]", r#"{"a" :1}"#, r#"{"a": 1}"#, r#"{ "a":1}"#, r#"{"a":1 }"#] {
            assert_eq!(pass(text), Ok((true, text.len())), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            "nul",
            "tru",
            "[1,]",
            "[,1]",
            "[1 2]",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{a:1}"#,
            "{1:1}",
            "[",
            "{",
            "[}",
            r#"{"a":1]"#,
            r#""open"#,
            r#""\x""#,
            r#""\ud800""#,
            "-",
            "+1",
            "'a'",
            "NaN",
            "[1",
            "\"a\u{1}\"",
        ] {
            assert_eq!(pass(text), Err(Stop::MalformedJson), "{text}");
        }
        assert_eq!(pass(&"[".repeat(9)), Err(Stop::TooDeep));
        assert_eq!(pass(&("[".repeat(9) + &"]".repeat(9))), Err(Stop::TooDeep));
        assert_eq!(pass(&("[".repeat(8) + &"]".repeat(8))), Ok((false, 16)));
        assert_eq!(pass("[1e308,-1e400]"), Err(Stop::NumberOutOfRange));
        assert_eq!(pass("[1e308,-1e-400]"), Ok((false, 15)));
    }
}
