use super::*;

fn parse(text: &str) -> Result<Timestamp, TimestampError> {
    text.parse()
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
