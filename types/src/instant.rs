//! Instants in UTC as microseconds since the Unix epoch, from the year 0001 to the year 9999.
//!
//! Their text is RFC 3339, strictly: `YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)`. `T` and `Z` may be lower
//! case, as the RFC's grammar has it; a space in place of `T`, a missing offset, `24:00` and leap seconds
//! are refused, because engines disagree about each of them.

use crate::civil::{days_in_month, from_days, to_days};

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// The first instant: the start of the year 0001.
pub const FIRST_MICROS: i64 = -62_135_596_800 * MICROS_PER_SECOND;
/// The last instant: the end of the year 9999.
pub const LAST_MICROS: i64 = 253_402_300_800 * MICROS_PER_SECOND - 1;

/// Returns the microseconds since the Unix epoch of an instant as RFC 3339 writes it.
///
/// Digits beyond microseconds are cut, towards the past before 1970 as after it.
///
/// ```
/// use unified_event_types::instant::from_rfc3339;
///
/// assert_eq!(from_rfc3339("1970-01-01T00:00:00.5+00:00"), Ok(500_000));
/// assert!(from_rfc3339("1970-01-01T12:00:00++5:+5").is_err());
/// ```
///
/// # Errors
///
/// When the text is of another form, names a day or a time that does not exist, or lies outside of the
/// years 0001 to 9999 in UTC.
pub fn from_rfc3339(text: &str) -> Result<i64, InstantError> {
    let mut cursor = Cursor { bytes: text.as_bytes(), position: 0 };
    let day = date(&mut cursor)?;
    cursor.letter(b'T', "expected `T` between date and time")?;
    let second = time(&mut cursor)?;
    let micros = fraction(&mut cursor)?;
    let offset = offset(&mut cursor)?;
    if cursor.position < cursor.bytes.len() {
        return Err(InstantError::at(cursor.position, "expected the end"));
    }
    let micros = (day * SECONDS_PER_DAY + second - offset) * MICROS_PER_SECOND + micros;
    if is_in_range(micros) { Ok(micros) } else { Err(InstantError::OUT_OF_RANGE) }
}

/// Returns true if so many microseconds since the Unix epoch lie in the years 0001 to 9999.
pub const fn is_in_range(micros: i64) -> bool {
    micros >= FIRST_MICROS && micros <= LAST_MICROS
}

/// Writes an instant in its canonical form: six digits of fraction, and `Z`.
///
/// # Errors
///
/// Those of `out`.
pub fn write_rfc3339(micros: i64, out: &mut impl std::fmt::Write) -> std::fmt::Result {
    let seconds = micros.div_euclid(MICROS_PER_SECOND);
    let (day, second) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    let (year, month, day) = from_days(day);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let fraction = micros.rem_euclid(MICROS_PER_SECOND);
    write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z")
}

/// Why a text or a number is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstantError {
    reason: &'static str,
    position: Option<usize>,
}

impl InstantError {
    /// The instant lies outside of the years 0001 to 9999.
    pub const OUT_OF_RANGE: Self = Self { reason: "the year must be 0001 to 9999 in UTC", position: None };

    const fn at(position: usize, reason: &'static str) -> Self {
        Self { reason, position: Some(position) }
    }

    /// Returns the byte of the text at which it went wrong, where there is one.
    pub const fn position(&self) -> Option<usize> {
        self.position
    }
}

impl std::fmt::Display for InstantError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} at byte {position}", self.reason),
            None => f.write_str(self.reason),
        }
    }
}

impl std::error::Error for InstantError {}

fn date(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    let year = cursor.number(4, 1..=9999, "expected a year from 0001 to 9999")?;
    cursor.byte(b'-', "expected `-` after the year")?;
    let month = cursor.number(2, 1..=12, "expected a month from 01 to 12")?;
    cursor.byte(b'-', "expected `-` after the month")?;
    let day = cursor.number(2, 1..=days_in_month(year, month), "expected a day that the month has")?;
    Ok(to_days(year, month, day))
}

fn time(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    let hour = cursor.number(2, 0..=23, "expected an hour from 00 to 23")?;
    cursor.byte(b':', "expected `:` after the hour")?;
    let minute = cursor.number(2, 0..=59, "expected a minute from 00 to 59")?;
    cursor.byte(b':', "expected `:` after the minute")?;
    let second = cursor.number(2, 0..=59, "expected a second from 00 to 59")?;
    Ok(hour * 3_600 + minute * 60 + second)
}

/// Reads any number of digits after a point; those beyond microseconds are cut.
fn fraction(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    if !cursor.take(b'.') {
        return Ok(0);
    }
    let start = cursor.position;
    let mut micros = 0;
    let mut scale = MICROS_PER_SECOND / 10;
    while let Some(digit) = cursor.digit() {
        micros += digit * scale;
        scale /= 10;
    }
    if cursor.position == start {
        return Err(InstantError::at(start, "expected a digit after `.`"));
    }
    Ok(micros)
}

/// Reads the offset from UTC and returns its seconds.
fn offset(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    let sign = match cursor.peek() {
        Some(b'Z' | b'z') => {
            cursor.position += 1;
            return Ok(0);
        }
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(InstantError::at(cursor.position, "expected `Z` or an offset such as `+01:00`")),
    };
    cursor.position += 1;
    let hour = cursor.number(2, 0..=23, "expected the hours of the offset, 00 to 23")?;
    cursor.byte(b':', "expected `:` in the offset")?;
    let minute = cursor.number(2, 0..=59, "expected the minutes of the offset, 00 to 59")?;
    Ok(sign * (hour * 3_600 + minute * 60))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    fn byte(&mut self, byte: u8, reason: &'static str) -> Result<(), InstantError> {
        if self.take(byte) { Ok(()) } else { Err(InstantError::at(self.position, reason)) }
    }

    fn letter(&mut self, upper: u8, reason: &'static str) -> Result<(), InstantError> {
        if self.take(upper) { Ok(()) } else { self.byte(upper.to_ascii_lowercase(), reason) }
    }

    fn digit(&mut self) -> Option<i64> {
        let digit = self.peek().filter(u8::is_ascii_digit)?;
        self.position += 1;
        Some(i64::from(digit - b'0'))
    }

    /// Reads exactly `n_digits` digits, whose value must lie in `range`.
    fn number(
        &mut self,
        n_digits: usize,
        range: std::ops::RangeInclusive<i64>,
        reason: &'static str,
    ) -> Result<i64, InstantError> {
        let start = self.position;
        let mut value = 0;
        for _ in 0..n_digits {
            value = value * 10 + self.digit().ok_or(InstantError::at(start, reason))?;
        }
        if range.contains(&value) { Ok(value) } else { Err(InstantError::at(start, reason)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_canonical() {
        for (text, canonical) in [
            ("2026-01-15T14:30:00Z", "2026-01-15T14:30:00.000000Z"),
            ("2026-01-15t14:30:00.5z", "2026-01-15T14:30:00.500000Z"),
            ("2025-12-31T23:30:00.250-11:30", "2026-01-01T11:00:00.250000Z"),
            ("2024-02-29T23:59:59.999999999Z", "2024-02-29T23:59:59.999999Z"),
            ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999Z"),
            ("0001-01-01T00:00:00-00:00", "0001-01-01T00:00:00.000000Z"),
            ("9999-12-31T23:59:59.99999999999999999999Z", "9999-12-31T23:59:59.999999Z"),
            ("2000-02-29T00:00:00+23:59", "2000-02-28T00:01:00.000000Z"),
        ] {
            let micros = from_rfc3339(text).unwrap();
            let mut out = String::new();
            write_rfc3339(micros, &mut out).unwrap();
            assert_eq!(out, canonical, "{text}");
            assert_eq!(from_rfc3339(canonical), Ok(micros), "{text}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        for (text, message) in [
            ("", "expected a year from 0001 to 9999 at byte 0"),
            ("yesterday", "expected a year from 0001 to 9999 at byte 0"),
            ("0000-01-01T00:00:00Z", "expected a year from 0001 to 9999 at byte 0"),
            ("+2026-01-01T00:00:00Z", "expected a year from 0001 to 9999 at byte 0"),
            ("2026/01/01T00:00:00Z", "expected `-` after the year at byte 4"),
            ("2026-13-01T00:00:00Z", "expected a month from 01 to 12 at byte 5"),
            ("2026-02-29T00:00:00Z", "expected a day that the month has at byte 8"),
            ("1900-02-29T00:00:00Z", "expected a day that the month has at byte 8"),
            ("2026-01-01", "expected `T` between date and time at byte 10"),
            ("2026-01-01 00:00:00Z", "expected `T` between date and time at byte 10"),
            ("2026-01-01T24:00:00Z", "expected an hour from 00 to 23 at byte 11"),
            ("2026-01-01T23:59:60Z", "expected a second from 00 to 59 at byte 17"),
            ("2026-01-01T00:00:00.Z", "expected a digit after `.` at byte 20"),
            ("2026-01-01T00:00:00,5Z", "expected `Z` or an offset such as `+01:00` at byte 19"),
            ("2026-01-01T00:00:00", "expected `Z` or an offset such as `+01:00` at byte 19"),
            ("2026-01-01T00:00:00+0100", "expected `:` in the offset at byte 22"),
            ("2026-01-01T00:00:00+24:00", "expected the hours of the offset, 00 to 23 at byte 20"),
            ("2026-01-01T00:00:00Z ", "expected the end at byte 20"),
            ("0001-01-01T00:00:00+00:01", "the year must be 0001 to 9999 in UTC"),
            ("9999-12-31T23:59:59-00:01", "the year must be 0001 to 9999 in UTC"),
            ("2026-01-0é", "expected a day that the month has at byte 8"),
            ("1970-01-01T12:00:00++5:+5", "expected the hours of the offset, 00 to 23 at byte 20"),
            ("1970-01-01T12:00:00+05:+5", "expected the minutes of the offset, 00 to 59 at byte 23"),
        ] {
            assert_eq!(from_rfc3339(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_years() {
        assert_eq!(from_rfc3339("0001-01-01T00:00:00Z"), Ok(FIRST_MICROS));
        assert_eq!(from_rfc3339("9999-12-31T23:59:59.999999Z"), Ok(LAST_MICROS));
        assert!(!is_in_range(FIRST_MICROS - 1) && !is_in_range(LAST_MICROS + 1));
    }
}
