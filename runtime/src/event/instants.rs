//! Instants of other crates, and integers that say their unit.

use super::values::TimestampValue;
use crate::{Timestamp, TimestampError};

/// Makes an integer since the Unix epoch the value of a `timestamp` column, with its unit in the name.
macro_rules! unix {
    ($ty:ident, $unit:literal, |$value:ident| $timestamp:expr) => {
        #[doc = concat!("An instant as ", $unit, " since the Unix epoch.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ty(pub i64);

        impl TimestampValue for $ty {
            #[inline]
            fn timestamp(&self) -> Result<Timestamp, TimestampError> {
                let $value = self.0;
                $timestamp
            }
        }
    };
}

unix!(UnixSeconds, "seconds", |value| Timestamp::from_millis(value.saturating_mul(1_000)));
unix!(UnixMillis, "milliseconds", |value| Timestamp::from_millis(value));
unix!(UnixMicros, "microseconds", |value| Timestamp::from_micros(value));
unix!(UnixNanos, "nanoseconds, cut to microseconds", |value| Ok(Timestamp::from_unix_nanos(value)));

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> TimestampValue for chrono::DateTime<Tz> {
    #[inline]
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        Timestamp::from_micros(self.timestamp_micros())
    }
}

#[cfg(feature = "jiff")]
impl TimestampValue for jiff::Timestamp {
    #[inline]
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        // Whole microseconds towards the past, where jiff cuts towards zero.
        let micros = self.as_nanosecond().div_euclid(1_000);
        Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

#[cfg(feature = "jiff")]
impl TimestampValue for jiff::Zoned {
    #[inline]
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        TimestampValue::timestamp(&Self::timestamp(self))
    }
}

#[cfg(feature = "time")]
impl TimestampValue for time::OffsetDateTime {
    #[inline]
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        let micros = self.unix_timestamp_nanos().div_euclid(1_000);
        Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_apart() {
        let expected: Timestamp = "2026-01-15T14:30:00.123456Z".parse().unwrap();
        let micros = expected.as_micros();
        assert_eq!(UnixMicros(micros).timestamp(), Ok(expected));
        assert_eq!(UnixNanos(micros * 1_000 + 999).timestamp(), Ok(expected));
        assert_eq!(UnixMillis(micros / 1_000).timestamp().unwrap().to_string(), "2026-01-15T14:30:00.123000Z");
        assert_eq!(UnixSeconds(micros / 1_000_000).timestamp().unwrap().to_string(), "2026-01-15T14:30:00.000000Z");
        assert!(UnixSeconds(i64::MAX).timestamp().is_err());
        assert!(UnixSeconds(i64::MIN).timestamp().is_err());
    }

    /// The last nanosecond before a microsecond of 1969, for every crate the same.
    #[cfg(all(feature = "chrono", feature = "jiff", feature = "time"))]
    #[test]
    fn instants_of_other_crates_are_cut_towards_the_past() {
        let nanos = -1_500_000_001_i64;
        let expected = Timestamp::from_unix_nanos(nanos);
        let zoned = jiff::Timestamp::from_nanosecond(nanos.into()).unwrap();
        assert_eq!(TimestampValue::timestamp(&zoned), Ok(expected));
        assert_eq!(TimestampValue::timestamp(&zoned.to_zoned(jiff::tz::TimeZone::UTC)), Ok(expected));
        let offset = time::OffsetDateTime::from_unix_timestamp_nanos(nanos.into()).unwrap();
        assert_eq!(TimestampValue::timestamp(&offset), Ok(expected));
        assert_eq!(TimestampValue::timestamp(&chrono::DateTime::from_timestamp_nanos(nanos)), Ok(expected));
    }
}
