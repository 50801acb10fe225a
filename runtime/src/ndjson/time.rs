//! Timestamps by fixed positions: `YYYY-MM-DDThh:mm:ss[.digits]Z`, which is what nearly all are.

use super::number::digits;
use crate::Timestamp;
use crate::raw::{Cursor, PAD};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The date that was read last: most events of a stream are of the same day.
#[derive(Debug)]
pub(super) struct LastDate {
    text: [u8; 10],
    /// Microseconds from the epoch to its midnight.
    midnight: i64,
}

impl Default for LastDate {
    /// Before any was read it is a date all the same: no other text may stand for one.
    fn default() -> Self {
        Self { text: *b"1970-01-01", midnight: 0 }
    }
}

impl LastDate {
    /// Reads a string with a timestamp of the common form and passes it.
    ///
    /// Any other form, right or wrong, is none: the string is then still to be read.
    #[inline(always)]
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>) -> Option<i64> {
        let window = cursor.window();
        let date: &[u8; 10] = window[1..].first_chunk()?;
        if *date != self.text {
            self.set(date)?;
        }
        let second = second(window)?;
        let (micros, end) = fraction(window)?;
        if window[0] != b'"' || window[11] != b'T' || window[end] != b'Z' || window[end + 1] != b'"' {
            return None;
        }
        cursor.advance(end + 2);
        Some(self.midnight + second * MICROS_PER_SECOND + micros)
    }

    #[cold]
    fn set(&mut self, date: &[u8; 10]) -> Option<()> {
        let midnight: Timestamp = format!("{}T00:00:00Z", std::str::from_utf8(date).ok()?).parse().ok()?;
        *self = Self { text: *date, midnight: midnight.as_micros() };
        Some(())
    }
}

/// Returns the second of the day, which is written at 12.
#[inline(always)]
fn second(window: &[u8; PAD]) -> Option<i64> {
    let time: &[u8; 8] = window[12..].first_chunk()?;
    // Digits become their values, and what must be a colon becomes zero.
    let values = u64::from_le_bytes(*time) ^ u64::from_le_bytes(*b"00:00:00");
    let is_time = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080 == 0
        && values & 0x0000_FF00_00FF_0000 == 0;
    let pair = |shift: u32| (values >> shift & 0xF) as i64 * 10 + (values >> (shift + 8) & 0xF) as i64;
    let (hour, minute, second) = (pair(0), pair(24), pair(48));
    (is_time && hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
}

/// Returns the microseconds of a fraction, which may start at 20, and where it ends.
#[inline(always)]
fn fraction(window: &[u8; PAD]) -> Option<(i64, usize)> {
    if window[20] != b'.' {
        return Some((0, 20));
    }
    let (value, n) = digits(window, 21);
    const SCALES: [u64; 7] = [0, 100_000, 10_000, 1_000, 100, 10, 1];
    const CUTS: [u64; 4] = [1, 10, 100, 1_000];
    let micros = match n {
        1..=6 => value * SCALES[n],
        7..=9 => value / CUTS[n - 6],
        _ => return None,
    };
    Some((micros as i64, 21 + n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Chunk;

    fn read(last: &mut LastDate, text: &str) -> (Option<i64>, usize) {
        let mut bytes = format!("\"{text}\"\n").into_bytes();
        let len = bytes.len();
        bytes.resize(len + PAD, b'0');
        let mut cursor = Cursor::new(Chunk::new(&bytes, len).unwrap(), 0).unwrap();
        (last.read(&mut cursor), cursor.position())
    }

    #[test]
    fn common_forms_are_what_the_parser_says() {
        let mut last = LastDate::default();
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-11-20T10:00:00Z",
            "2026-11-20T23:59:59.5Z",
            "2026-11-20T10:00:00.123Z",
            "2024-02-29T10:00:00.123456Z",
            "0001-01-01T00:00:00.000001Z",
            "9999-12-31T23:59:59.999999999Z",
            "1969-12-31T23:59:59.1234567Z",
        ] {
            let expected: Timestamp = text.parse().unwrap();
            assert_eq!(read(&mut last, text), (Some(expected.as_micros()), text.len() + 2), "{text}");
        }
    }

    #[test]
    fn other_forms_are_left_alone() {
        let mut last = LastDate::default();
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T10:00:00",
            "2026-13-20T10:00:00Z",
            "2026-02-29T10:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:60:00Z",
            "2026-11-20T10:00:60Z",
            "2026-11-20 10:00:00Z",
            "2026-11-20t10:00:00z",
            "2026-11-20T10:00:00+01:00",
            "2026-11-20T10:00:00.Z",
            "2026-11-20T10:00:00,5Z",
            "2026-11-20T1:00:00Z",
            "2026-11-20T10-00-00Z",
            "2026-11-20T10:00:0:Z",
            "2026-11-20T10:00:00.0000000000Z",
            "0000-01-01T00:00:00Z",
            "+026-11-20T10:00:00Z",
            "2026-11-20T10:00:00ZZ",
            "2026-11-20T:0:00:00Z",
            "\0\0\0\0\0\0\0\0\0\0T10:00:00Z",
            "          T10:00:00Z",
        ] {
            assert_eq!(read(&mut LastDate::default(), text), (None, 0), "{text}");
            assert_eq!(read(&mut last, text), (None, 0), "{text}");
        }
    }

    #[test]
    fn every_second_of_a_day_is_read() {
        let mut last = LastDate::default();
        for second in (0..86_400).step_by(7) {
            let text = format!("2026-11-20T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60);
            let expected: Timestamp = text.parse().unwrap();
            assert_eq!(read(&mut last, &text).0, Some(expected.as_micros()));
        }
    }
}
