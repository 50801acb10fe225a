use super::*;

fn parse(text: &str) -> Result<Timestamp, TimestampError> {
    text.parse()
}

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
        let instant = parse(text).unwrap();
        assert_eq!(instant.to_string(), canonical, "{text}");
        assert_eq!(parse(canonical), Ok(instant), "{text}");
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
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
    }
}

/// Every day from 0001 to 9999, against a calendar that counts instead of computing.
#[test]
fn every_day_is_where_a_counting_calendar_has_it() {
    let mut days = civil::to_days(1, 1, 1);
    assert_eq!(days * SECONDS_PER_DAY * MICROS_PER_SECOND, Timestamp::MIN.as_micros());
    for year in 1..=9999 {
        for month in 1..=12 {
            for day in 1..=civil::days_in_month(year, month) {
                assert_eq!(civil::to_days(year, month, day), days);
                assert_eq!(civil::from_days(days), (year, month, day));
                days += 1;
            }
        }
    }
    assert_eq!(days * SECONDS_PER_DAY * MICROS_PER_SECOND - 1, Timestamp::MAX.as_micros());
    assert_eq!(civil::to_days(1970, 1, 1), 0);
}

#[test]
fn text_and_micros_agree_over_the_whole_range() {
    let span = i128::from(Timestamp::MAX.as_micros()) - i128::from(Timestamp::MIN.as_micros());
    for step in 0..10_007_i128 {
        let micros = Timestamp::MIN.as_micros() + i64::try_from(span * step / 10_006).unwrap();
        let instant = Timestamp::from_micros(micros).unwrap();
        assert_eq!(parse(&instant.to_string()), Ok(instant));
    }
    for micros in [i64::MIN, Timestamp::MIN.as_micros() - 1, Timestamp::MAX.as_micros() + 1, i64::MAX] {
        assert_eq!(Timestamp::from_micros(micros), Err(TimestampError::OUT_OF_RANGE));
    }
    assert_eq!(Timestamp::from_millis(i64::MAX), Err(TimestampError::OUT_OF_RANGE));
}

#[test]
fn nanoseconds_are_cut_towards_the_past() {
    assert_eq!(Timestamp::from_unix_nanos(1_999).as_micros(), 1);
    assert_eq!(Timestamp::from_unix_nanos(-1).as_micros(), -1);
    assert_eq!(Timestamp::from_unix_nanos(i64::MIN).to_string(), "1677-09-21T00:12:43.145224Z");
    assert_eq!(Timestamp::from_unix_nanos(i64::MAX).to_string(), "2262-04-11T23:47:16.854775Z");
}

#[test]
fn system_times_convert_both_ways() {
    for micros in [0, 1, -1, 1_768_487_400_123_456, -1_768_487_400_123_456] {
        let instant = Timestamp::from_micros(micros).unwrap();
        assert_eq!(instant.to_system_time().map(Timestamp::try_from), Some(Ok(instant)));
    }
    let before = UNIX_EPOCH - Duration::from_nanos(1);
    assert_eq!(Timestamp::try_from(before).unwrap().as_micros(), -1);
    assert!(Timestamp::try_from(UNIX_EPOCH + Duration::from_secs(1 << 40)).is_err());
    assert!(Timestamp::now().unwrap() > Timestamp::UNIX_EPOCH);
}

#[test]
fn serde_speaks_text() {
    let instant = Timestamp::from_micros(1).unwrap();
    let json = serde_json::to_string(&instant).unwrap();
    assert_eq!(json, r#""1970-01-01T00:00:00.000001Z""#);
    assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), instant);
    assert!(serde_json::from_str::<Timestamp>("1").is_err());
}
