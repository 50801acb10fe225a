//! Numbers: exact, and in one pass where they are of common size.

use crate::raw::{Cursor, PAD, Stop};

/// Reads an integer. One with a fraction or an exponent is of another type, be it `1.0`.
#[inline(always)]
pub(super) fn integer(cursor: &mut Cursor<'_>) -> Result<i64, Stop> {
    let window = cursor.window();
    let is_negative = window[0] == b'-';
    let start = usize::from(is_negative);
    let (value, n_digits) = digits(window, start);
    let end = start + n_digits;
    let is_plain = n_digits == 1 || (n_digits <= 18 && n_digits > 0 && window[start] != b'0');
    if !is_plain || matches!(window[end], b'.' | b'e' | b'E') {
        return cursor.aside(rare_integer);
    }
    cursor.advance(end);
    Ok(if is_negative { -(value as i64) } else { value as i64 })
}

#[cold]
fn rare_integer(cursor: &mut Cursor<'_>) -> Result<i64, Stop> {
    let text = number(cursor)?;
    if text.contains(['.', 'e', 'E']) {
        return Err(Stop::TypeMismatch);
    }
    text.parse().map_err(|_| Stop::NumberOutOfRange)
}

/// Powers of ten that are exact.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Reads a float: the nearest one.
///
/// Digits below 2^53 and a power of ten up to 22 are exact, so that one operation rounds once; all else
/// is left to the standard library.
#[inline(always)]
pub(super) fn float(cursor: &mut Cursor<'_>) -> Result<f64, Stop> {
    let window = cursor.window();
    let is_negative = window[0] == b'-';
    let start = usize::from(is_negative);
    let (mut value, n_digits) = digits(window, start);
    let mut end = start + n_digits;
    if n_digits == 0 || n_digits > 15 || (window[start] == b'0' && n_digits > 1) {
        return cursor.aside(rare_float);
    }
    let mut n_fraction = 0;
    if window[end] == b'.' {
        let (fraction, n) = digits(window, end + 1);
        // 10^15 × 10^3 and more would leave 64 bits; beyond 2^53 the standard library takes over anyway.
        if n == 0 || n_digits + n > 18 {
            return cursor.aside(rare_float);
        }
        value = value * INTEGER_POWERS[n] + fraction;
        n_fraction = n;
        end += 1 + n;
    }
    if value >= 1 << 53 || matches!(window[end], b'e' | b'E') {
        return cursor.aside(rare_float);
    }
    cursor.advance(end);
    let float = value as f64 / POWERS[n_fraction];
    Ok(if is_negative { -float } else { float })
}

const INTEGER_POWERS: [u64; 19] = {
    let mut powers = [1; 19];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

#[cold]
fn rare_float(cursor: &mut Cursor<'_>) -> Result<f64, Stop> {
    let text = number(cursor)?;
    let float: f64 = text.parse().map_err(|_| Stop::MalformedJson)?;
    if float.is_finite() { Ok(float) } else { Err(Stop::NumberOutOfRange) }
}

/// Passes a number of JSON and returns its text.
pub(super) fn number<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Stop> {
    let start = cursor.position();
    pass_number(cursor)?;
    std::str::from_utf8(cursor.slice(start, cursor.position())).map_err(|_| Stop::MalformedJson)
}

/// Passes a number of JSON and says whether it has an exponent.
#[inline(always)]
pub(super) fn pass_number(cursor: &mut Cursor<'_>) -> Result<bool, Stop> {
    cursor.eat(b'-');
    if !cursor.eat(b'0') {
        some_digits(cursor)?;
    }
    if cursor.eat(b'.') {
        some_digits(cursor)?;
    }
    let has_exponent = cursor.eat_if(|byte| matches!(byte, b'e' | b'E'));
    if has_exponent {
        cursor.eat_if(|byte| matches!(byte, b'+' | b'-'));
        some_digits(cursor)?;
    }
    Ok(has_exponent)
}

#[inline(always)]
fn some_digits(cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    if !cursor.eat_if(|byte| byte.is_ascii_digit()) {
        return Err(Stop::MalformedJson);
    }
    while cursor.eat_if(|byte| byte.is_ascii_digit()) {}
    Ok(())
}

/// Returns the value of the digits from `at`, and how many there are; beyond 19 the value is wrong.
#[inline(always)]
pub(super) fn digits(window: &[u8; PAD], at: usize) -> (u64, usize) {
    let mut value: u64 = 0;
    let mut end = at;
    while end < 24
        && let Some(eight) = window.get(end..end + 8)
        && let Some(number) = eight_digits(u64::from_le_bytes([
            eight[0], eight[1], eight[2], eight[3], eight[4], eight[5], eight[6], eight[7],
        ]))
    {
        value = value.wrapping_mul(100_000_000).wrapping_add(number);
        end += 8;
    }
    while end < PAD - 1 && window[end].is_ascii_digit() {
        value = value.wrapping_mul(10).wrapping_add(u64::from(window[end] - b'0'));
        end += 1;
    }
    (value, end - at)
}

/// Returns the value of eight digits, the first one lowest, if that is what they are.
#[inline(always)]
fn eight_digits(word: u64) -> Option<u64> {
    let values = word ^ 0x3030_3030_3030_3030;
    if (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = (values * 10 + (values >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    Some((fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Chunk;

    fn read<T>(text: &str, read: fn(&mut Cursor<'_>) -> Result<T, Stop>) -> (Result<T, Stop>, usize) {
        let mut bytes = format!("{text}\n").into_bytes();
        bytes.resize(bytes.len() + PAD, b'7');
        let mut cursor = Cursor::new(Chunk::new(&bytes, text.len() + 1).unwrap(), 0).unwrap();
        let result = read(&mut cursor);
        (result, cursor.position())
    }

    #[test]
    fn integers_are_exact_or_refused() {
        for n in [
            0,
            7,
            10,
            -1,
            99_999_999,
            100_000_000,
            12_345_678_901,
            i64::MAX,
            i64::MIN,
            10_i64.pow(18),
            10_i64.pow(18) - 1,
        ] {
            let text = n.to_string();
            assert_eq!(read(&text, integer), (Ok(n), text.len()));
            assert_eq!(read(&format!("{text},"), integer), (Ok(n), text.len()));
        }
        assert_eq!(read("-0", integer).0, Ok(0));
        for (text, stop) in [
            ("1.0", Stop::TypeMismatch),
            ("1e3", Stop::TypeMismatch),
            ("9223372036854775808", Stop::NumberOutOfRange),
            ("-9223372036854775809", Stop::NumberOutOfRange),
            ("99999999999999999999999999999999999999999999999999999999999999999999999999", Stop::NumberOutOfRange),
            ("-", Stop::MalformedJson),
            ("1.", Stop::MalformedJson),
            ("1e", Stop::MalformedJson),
            ("x", Stop::MalformedJson),
            ("", Stop::MalformedJson),
        ] {
            assert_eq!(read(text, integer).0, Err(stop), "{text}");
        }
        // The second digit is left for the caller, who expects a comma.
        assert_eq!(read("01", integer), (Ok(0), 1));
    }

    #[test]
    fn floats_are_the_nearest_ones() {
        for text in [
            "0",
            "-0",
            "0.1",
            "-0.0",
            "1e22",
            "1E+22",
            "123456.789",
            "11.530000000000001",
            "0.30000000000000004",
            "9007199254740993",
            "179769313486231570000000000000000000000",
            "4.9e-324",
            "2.2250738585072011e-308",
            "0.000000000000001",
            "123456789012345.678",
            "1234567890123456789.5",
            "0.12345678901234567890123456789",
            "9223372036854775808",
            "1.7976931348623157e308",
            "100000000.000000001",
            "5e-1",
            "12345678.12345678",
        ] {
            let expected: f64 = text.parse().unwrap();
            let (result, at) = read(&format!("{text}}}"), float);
            assert_eq!((result.map(f64::to_bits), at), (Ok(expected.to_bits()), text.len()), "{text}");
        }
        assert_eq!(read("1e400", float).0, Err(Stop::NumberOutOfRange));
        assert_eq!(read("-1e309", float).0, Err(Stop::NumberOutOfRange));
        assert_eq!(read(".5", float).0, Err(Stop::MalformedJson));
        assert_eq!(read("NaN", float).0, Err(Stop::MalformedJson));
    }

    #[test]
    fn common_floats_agree_with_the_standard_library() {
        let mut state = 1_u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (value, scale) = (state >> (11 + state % 50), state % 19);
            let text = format!(
                "{}.{:0width$}",
                value / 10_u64.pow(scale as u32),
                value % 10_u64.pow(scale as u32),
                width = scale.max(1) as usize
            );
            let expected: f64 = text.parse().unwrap();
            assert_eq!(read(&text, float).0.map(f64::to_bits), Ok(expected.to_bits()), "{text}");
        }
    }
}
