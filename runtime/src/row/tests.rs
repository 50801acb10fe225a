use crate::sample::{Event, Kind};
use crate::{FaultCode, Json, Row, Value, WarningCode};

const FULL: &str = r#"{"id":"a\n","kind":"click","key":"a","time":"2026-01-15T14:30:00.123456Z","nanos":"9223372036854775807","count":1,"ratio":-0.0,"extra":{"b":12345678901234567890},"blob":"AAEC/w==","ok":false,"span":"00f067aa0ba902b7","ns":"shop.example","total":-9223372036854775808}"#;

fn codes(event: &str) -> Vec<(FaultCode, Option<String>)> {
    let faults = Event::from_wire(event).unwrap_err();
    faults.into_iter().map(|fault| (fault.code, fault.column.map(|c| c.into_owned()))).collect()
}

fn only(event: &str) -> (FaultCode, String) {
    let codes = codes(event);
    let [(code, column)] = &codes[..] else { panic!("{event}: {codes:?}") };
    (*code, column.clone().unwrap_or_default())
}

#[test]
fn wire_and_row_are_two_forms_of_one_event() {
    let row = Event::from_wire(FULL).unwrap();
    assert_eq!(row.nanos, Some(i64::MAX));
    assert!(row.ratio.unwrap().is_sign_negative());
    assert_eq!(row.to_json().unwrap(), FULL);
    assert_eq!(serde_json::to_string(&row).unwrap(), FULL);
    assert_eq!(serde_json::from_str::<Event>(FULL).unwrap(), row);
    assert_eq!(row.validate(), Ok(()));
    assert_eq!(row.warnings(), []);
    assert_eq!(row.get("count"), Some(Value::Int32(1)));
    assert_eq!((row.get("day"), row.get("colour")), (None, None));
}

#[test]
fn other_sources_than_text_are_read() {
    let row = Event::from_wire(FULL.replace("12345678901234567890", "1")).unwrap();
    let tree = serde_json::to_value(&row).unwrap();
    assert_eq!(serde_json::from_value::<Event>(tree).unwrap(), row);
    assert_eq!(serde_json::from_reader::<_, Event>(serde_json::to_vec(&row).unwrap().as_slice()).unwrap(), row);
}

#[test]
fn stored_rows_keep_what_producers_may_not_set() {
    let stored = r#"{"id":"a","kind":"click","day":"2026-01-15"}"#;
    let row: Event = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_string(&row).unwrap(), stored);
    assert_eq!(codes(stored)[0], (FaultCode::ComputedColumn, Some("day".to_owned())));
}

#[test]
fn nulls_are_no_values() {
    let row = Event::from_wire(r#"{"id":"","kind":"key-press","key":"b","extra":null,"day":null,"ok":null}"#).unwrap();
    assert_eq!(row.to_json().unwrap(), r#"{"id":"","kind":"key-press","key":"b"}"#);
    let mut row = row;
    row.extra = Some(Json::parse("null").unwrap());
    assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"id":"","kind":"key-press","key":"b"}"#);
    assert_eq!(row.to_json().unwrap(), r#"{"id":"","kind":"key-press","key":"b"}"#);
}

#[test]
fn each_fault_has_its_code_and_column() {
    let event = |rest: &str| format!(r#"{{"id":"a","kind":"click","total":1{rest}}}"#);
    for (rest, code, column) in [
        (r#","key":1"#, FaultCode::TypeMismatch, "key"),
        (r#","count":1.0"#, FaultCode::TypeMismatch, "count"),
        (r#","count":1e0"#, FaultCode::TypeMismatch, "count"),
        (r#","count":2147483648"#, FaultCode::NumberOutOfRange, "count"),
        (r#","count":3"#, FaultCode::ValueNotAllowed, "count"),
        (r#","ratio":1e400"#, FaultCode::NumberOutOfRange, "ratio"),
        (r#","ratio":"1""#, FaultCode::TypeMismatch, "ratio"),
        (r#","nanos":1"#, FaultCode::TypeMismatch, "nanos"),
        (r#","nanos":"+1""#, FaultCode::TypeMismatch, "nanos"),
        (r#","nanos":"""#, FaultCode::TypeMismatch, "nanos"),
        (r#","nanos":"9223372036854775808""#, FaultCode::NumberOutOfRange, "nanos"),
        (r#","time":"2026-01-15""#, FaultCode::MalformedTimestamp, "time"),
        (r#","time":1"#, FaultCode::TypeMismatch, "time"),
        (r#","blob":"AAE""#, FaultCode::MalformedBase64, "blob"),
        (r#","blob":[1]"#, FaultCode::TypeMismatch, "blob"),
        (r#","span":"x""#, FaultCode::Format, "span"),
        (r#","id":"b""#, FaultCode::DuplicateKey, "id"),
        (r#","i\u0064":"b""#, FaultCode::DuplicateKey, "id"),
        (r#","raito":1"#, FaultCode::UnknownField, "raito"),
        (r#","day":"2026-01-15""#, FaultCode::ComputedColumn, "day"),
        (r#","day":1"#, FaultCode::ComputedColumn, "day"),
        (r#","key":"\ud83d""#, FaultCode::MalformedJson, ""),
        (r#","extra":["\ud83d"]"#, FaultCode::MalformedJson, ""),
        (r#","extra":1e400"#, FaultCode::NumberOutOfRange, "extra"),
        (r#","extra":{"a":[-1e400]}"#, FaultCode::NumberOutOfRange, "extra"),
        (r#","extra":[[[[[[[[[]]]]]]]]]"#, FaultCode::TooDeep, "extra"),
        (r#","key":NaN"#, FaultCode::MalformedJson, ""),
        (r#","#, FaultCode::MalformedJson, ""),
    ] {
        assert_eq!(only(&event(rest)), (code, column.to_owned()), "{rest}");
    }
    for (event, code, column) in [
        (r#"{"kind":"click","total":1}"#, FaultCode::MissingRequired, "id"),
        (r#"{"id":null,"kind":"click","total":1}"#, FaultCode::NullInRequired, "id"),
        (r#"{"id":"a","kind":"clik"}"#, FaultCode::ValueNotAllowed, "kind"),
        (r#"{"id":"a","kind":"click"}"#, FaultCode::RequirementNotMet, ""),
        (r#"{"id":"a","kind":"key-press","key":null}"#, FaultCode::RequirementNotMet, "key"),
        ("", FaultCode::MalformedJson, ""),
        ("[]", FaultCode::MalformedJson, ""),
        ("\u{feff}{}", FaultCode::MalformedJson, ""),
        (r#"{"id":"a"} x"#, FaultCode::MalformedJson, ""),
    ] {
        assert_eq!(only(event), (code, column.to_owned()), "{event}");
    }
    assert_eq!(Event::from_wire(b"{\"id\":\"\xff\"}").unwrap_err()[0].code, FaultCode::InvalidUtf8);
}

#[test]
fn all_faults_come_at_once() {
    let faults = Event::from_wire(r#"{"kind":"key-press","count":"1","time":"x","colour":1,"key":{}}"#).unwrap_err();
    let text = faults.to_string();
    assert_eq!(
        text,
        "5 faults: column `count` is `int32`; expected an integer, found `\"1\"`; \
         column `time` is `timestamp`; expected RFC 3339 text such as `2026-01-31T08:30:00.000000Z`, found `x` \
         (expected a year from 0001 to 9999 at byte 0); \
         column `colour` is not defined in the table `events`; \
         column `key` is `string`; expected text, found `{}`; \
         column `id` is required and missing"
    );
    let error = serde_json::from_str::<Event>(r#"{"kind":"clik","count":2147483648,"x":[1],"nanos":1}"#).unwrap_err();
    assert!(error.to_string().starts_with("5 faults: "), "{error}");
    assert!(error.to_string().contains("expected one of `click`, `key-press`, found `clik`; did you mean `click`?"));
}

#[test]
fn floats_that_are_not_finite_are_faults_and_never_null() {
    let mut row = Event::from_wire(r#"{"id":"a","kind":"click","total":1}"#).unwrap();
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        row.ratio = Some(float);
        assert_eq!(row.to_json().unwrap_err().code, FaultCode::NumberOutOfRange);
        assert!(serde_json::to_string(&row).is_err());
        assert_eq!(row.validate().unwrap_err()[0].code, FaultCode::NumberOutOfRange);
    }
}

#[test]
fn floats_come_back_bit_by_bit() {
    let mut bits = 0x0123_4567_89ab_cdef_u64;
    for _ in 0..20_000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let float = f64::from_bits(bits);
        if !float.is_finite() {
            continue;
        }
        let row = Event { ratio: Some(float), total: Some(1), ..Event::blank() };
        let json = row.to_json().unwrap();
        assert_eq!(Event::from_wire(&json).unwrap().ratio.map(f64::to_bits), Some(bits));
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap().ratio.map(f64::to_bits), Some(bits));
    }
}

#[test]
fn oddities_are_warnings() {
    let mut row = Event { key: Some("aa".to_owned()), ns: Some("not a host".to_owned()), ..Event::blank() };
    row.kind = Kind::KeyPress;
    assert_eq!(row.validate(), Ok(()));
    let warnings: Vec<_> = row.warnings().iter().map(|w| (w.code, w.message.clone())).collect();
    assert_eq!(
        warnings,
        [
            (WarningCode::UnknownValue, "`aa` is no known value of column `key`; did you mean `a`?".to_owned()),
            (
                WarningCode::Convention,
                "column `ns` has a convention; expected a URL or a host name, found `not a host`".to_owned()
            ),
        ]
    );
}

#[test]
fn json_text_in_a_json_column_is_a_warning() {
    let warnings = |extra: &str| {
        let row = Event::from_wire(format!(r#"{{"id":"a","kind":"click","total":1,"extra":{extra}}}"#)).unwrap();
        row.warnings().iter().map(|w| (w.code, w.column.to_string())).collect::<Vec<_>>()
    };
    // What `JSON.stringify` or a driver made text of, of whatever type and however it is escaped.
    for extra in [r#""{\"a\":1}""#, r#""[]""#, r#""1""#, r#""null""#, r#""\"a\"""#, r#"" {} ""#, r#""\u007b\u007d""#] {
        assert_eq!(warnings(extra), [(WarningCode::JsonText, "extra".to_owned())], "{extra}");
    }
    for extra in ["{}", "1", "null", r#""""#, r#""plain""#, r#""{a:1}""#, r#""1 2""#, r#"["{}"]"#, r#"{"a":"{}"}"#] {
        assert_eq!(warnings(extra), [], "{extra}");
    }
}

/// Every cut and every single-byte change of an event is refused or read, and never panics.
#[test]
fn damaged_events_do_not_panic() {
    for end in 0..FULL.len() {
        assert!(Event::from_wire(&FULL.as_bytes()[..end]).is_err());
    }
    for at in 0..FULL.len() {
        for byte in [0, b'"', b'\\', b'{', b'}', b'9', b'e', b'-', 0x80, 0xff] {
            let mut event = FULL.as_bytes().to_vec();
            event[at] = byte;
            if let Ok(row) = Event::from_wire(&event) {
                assert_eq!(Event::from_wire(row.to_json().unwrap()).unwrap(), row);
            }
        }
    }
}
