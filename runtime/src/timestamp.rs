//! Instants in UTC with microseconds: what columns of type `timestamp` hold.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use unified_event_types::instant;

pub use unified_event_types::instant::InstantError as TimestampError;

/// An instant in UTC, in microseconds since the Unix epoch, from the year 0001 to the year 9999.
///
/// Text is RFC 3339 with an offset; [`Display`](std::fmt::Display) writes one canonical form, with six
/// digits of fraction and `Z`.
///
/// ```
/// use unified_event_runtime::Timestamp;
///
/// let instant: Timestamp = "2026-01-15T15:30:00.123456789+01:00".parse()?;
/// assert_eq!(instant.to_string(), "2026-01-15T14:30:00.123456Z");
/// assert_eq!(instant.as_micros(), 1_768_487_400_123_456);
/// # Ok::<(), unified_event_runtime::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first representable instant: the start of the year 0001.
    pub const MIN: Self = Self(instant::FIRST_MICROS);
    /// The last representable instant: the end of the year 9999.
    pub const MAX: Self = Self(instant::LAST_MICROS);
    /// The start of the year 1970.
    pub const UNIX_EPOCH: Self = Self(0);

    /// Returns the instant that lies `micros` microseconds after the Unix epoch.
    ///
    /// # Errors
    ///
    /// When the instant lies outside of the years 0001 to 9999.
    pub const fn from_micros(micros: i64) -> Result<Self, TimestampError> {
        if !instant::is_in_range(micros) {
            return Err(TimestampError::OUT_OF_RANGE);
        }
        Ok(Self(micros))
    }

    /// Returns the instant that lies `millis` milliseconds after the Unix epoch.
    ///
    /// # Errors
    ///
    /// When the instant lies outside of the years 0001 to 9999.
    pub const fn from_millis(millis: i64) -> Result<Self, TimestampError> {
        match millis.checked_mul(1_000) {
            Some(micros) => Self::from_micros(micros),
            None => Err(TimestampError::OUT_OF_RANGE),
        }
    }

    /// Returns the instant that lies `nanos` nanoseconds after the Unix epoch, cut to microseconds.
    ///
    /// Every `i64` of nanoseconds is in range: they reach from 1677 to 2262.
    pub const fn from_unix_nanos(nanos: i64) -> Self {
        Self(nanos.div_euclid(1_000))
    }

    /// Returns the instant at which it is called, by the clock of the system.
    ///
    /// # Errors
    ///
    /// When the clock is set outside of the years 0001 to 9999.
    pub fn now() -> Result<Self, TimestampError> {
        SystemTime::now().try_into()
    }

    /// Returns the microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the same instant as a system time, where the platform can represent it.
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_micros(self.0.unsigned_abs());
        if self.0 < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let micros = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_micros()),
            // Before the epoch the cut to microseconds goes back in time, as it does after the epoch.
            Err(before) => i64::try_from(before.duration().as_nanos().div_ceil(1_000)).map(|micros| -micros),
        };
        micros.map_err(|_| TimestampError::OUT_OF_RANGE).and_then(Self::from_micros)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        instant::from_rfc3339(text).map(Self)
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        instant::write_rfc3339(self.0, f)
    }
}

impl std::fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an RFC 3339 timestamp")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests;
