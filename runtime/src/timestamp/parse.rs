//! RFC 3339, strictly: `YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)`.
//!
//! `T` and `Z` may be lower case, as the RFC's grammar has it; a space in place of `T`, a missing
//! offset, `24:00` and leap seconds are refused, because engines disagree about each of them.

use super::civil::{days_in_month, to_days};
use super::{MICROS_PER_SECOND, SECONDS_PER_DAY, Timestamp, TimestampError};

pub(super) fn rfc3339(text: &str) -> Result<Timestamp, TimestampError> {
    let mut cursor = Cursor { bytes: text.as_bytes(), position: 0 };
    let day = date(&mut cursor)?;
    cursor.letter(b'T', "expected `T` between date and time")?;
    let second = time(&mut cursor)?;
    let micros = fraction(&mut cursor)?;
    let offset = offset(&mut cursor)?;
    if cursor.position < cursor.bytes.len() {
        return Err(TimestampError::at(cursor.position, "expected the end"));
    }
    Timestamp::from_micros((day * SECONDS_PER_DAY + second - offset) * MICROS_PER_SECOND + micros)
}

fn date(cursor: &mut Cursor<'_>) -> Result<i64, TimestampError> {
    let year = cursor.number(4, 1..=9999, "expected a year from 0001 to 9999")?;
    cursor.byte(b'-', "expected `-` after the year")?;
    let month = cursor.number(2, 1..=12, "expected a month from 01 to 12")?;
    cursor.byte(b'-', "expected `-` after the month")?;
    let day = cursor.number(2, 1..=days_in_month(year, month), "expected a day that the month has")?;
    Ok(to_days(year, month, day))
}

fn time(cursor: &mut Cursor<'_>) -> Result<i64, TimestampError> {
    let hour = cursor.number(2, 0..=23, "expected an hour from 00 to 23")?;
    cursor.byte(b':', "expected `:` after the hour")?;
    let minute = cursor.number(2, 0..=59, "expected a minute from 00 to 59")?;
    cursor.byte(b':', "expected `:` after the minute")?;
    let second = cursor.number(2, 0..=59, "expected a second from 00 to 59")?;
    Ok(hour * 3_600 + minute * 60 + second)
}

/// Reads any number of digits after a point; those beyond microseconds are cut.
fn fraction(cursor: &mut Cursor<'_>) -> Result<i64, TimestampError> {
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
        return Err(TimestampError::at(start, "expected a digit after `.`"));
    }
    Ok(micros)
}

/// Reads the offset from UTC and returns its seconds.
fn offset(cursor: &mut Cursor<'_>) -> Result<i64, TimestampError> {
    let sign = match cursor.peek() {
        Some(b'Z' | b'z') => {
            cursor.position += 1;
            return Ok(0);
        }
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(TimestampError::at(cursor.position, "expected `Z` or an offset such as `+01:00`")),
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

    fn byte(&mut self, byte: u8, reason: &'static str) -> Result<(), TimestampError> {
        if self.take(byte) { Ok(()) } else { Err(TimestampError::at(self.position, reason)) }
    }

    fn letter(&mut self, upper: u8, reason: &'static str) -> Result<(), TimestampError> {
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
    ) -> Result<i64, TimestampError> {
        let start = self.position;
        let mut value = 0;
        for _ in 0..n_digits {
            value = value * 10 + self.digit().ok_or(TimestampError::at(start, reason))?;
        }
        if range.contains(&value) { Ok(value) } else { Err(TimestampError::at(start, reason)) }
    }
}
