use std::time::{Duration, UNIX_EPOCH};

use super::values::{BinaryValue, Int64Value, StringValue, TimestampValue};
use super::*;
use crate::sample::{Event, Kind};
use crate::{FaultCode, Timestamp};

struct Click<'a> {
    id: &'a str,
    ratio: f64,
}

impl UnifiedEvent for Click<'_> {
    type Row = Event;
    const EVENT_TYPE: Option<&'static str> = Some("click");

    fn record<S: Sink>(&self, sink: &mut S) {
        sink.string(0, &self.id.text());
        sink.string(1, "click");
        sink.timestamp(3, Timestamp::UNIX_EPOCH);
        sink.int64(4, 7_u32.int64());
        sink.float64(6, self.ratio);
        sink.json(7, &[(); 2]);
        sink.binary(8, [1, 2].bytes());
        sink.bool(9, true);
        sink.int64(13, 1);
    }
}

#[test]
fn one_record_serves_json_row_and_check() {
    let click = Click { id: "a", ratio: 0.5 };
    let json = click.to_json().unwrap();
    assert_eq!(
        json,
        r#"{"id":"a","kind":"click","time":"1970-01-01T00:00:00.000000Z","nanos":"7","ratio":0.5,"extra":[null,null],"blob":"AQI=","ok":true,"total":1}"#
    );
    let row = click.to_row().unwrap();
    assert_eq!(row.kind, Kind::Click);
    assert_eq!(row, Event::from_wire(&json).unwrap());
    assert_eq!(click.validate(), Ok(()));
}

#[test]
fn a_fault_leaves_the_output_as_it_was() {
    let click = Click { id: "a", ratio: f64::NAN };
    let mut out = b"before".to_vec();
    assert_eq!(click.append_json(&mut out).unwrap_err().code, FaultCode::NumberOutOfRange);
    assert_eq!(out, b"before");
    assert!(click.write_json(&mut out).is_err());
    assert_eq!(out, b"before");
    assert_eq!(click.validate().unwrap_err().len(), 1);
    assert!(click.to_row().unwrap().ratio.unwrap().is_nan());
}

/// An event with a number of a closed set, for which there is no Rust type.
struct Counted(i32);

impl UnifiedEvent for Counted {
    type Row = Event;
    const EVENT_TYPE: Option<&'static str> = Some("click");

    fn record<S: Sink>(&self, sink: &mut S) {
        sink.string(0, "a");
        sink.string(1, "click");
        sink.int32(5, self.0);
    }
}

#[test]
fn a_number_outside_of_a_closed_set_does_not_leave() {
    let fault = Counted(3).to_json().unwrap_err();
    assert_eq!((fault.code, fault.column.as_deref()), (FaultCode::ValueNotAllowed, Some("count")));
    assert_eq!(Counted(3).validate().unwrap_err().len(), 1);
    assert!(Event::from_wire(Counted(2).to_json().unwrap()).is_ok());
}

/// An event that is in order but for one value of a column.
enum Odd {
    Text(usize, &'static str),
    Int32(usize, i32),
    Float64(usize, f64),
    Raw(usize, &'static str),
}

impl UnifiedEvent for Odd {
    type Row = Event;
    const EVENT_TYPE: Option<&'static str> = Some("click");

    fn record<S: Sink>(&self, sink: &mut S) {
        sink.string(0, "a");
        sink.string(1, "click");
        sink.int64(13, 1);
        match self {
            Self::Text(column, text) => sink.string(*column, text),
            Self::Int32(column, number) => sink.int32(*column, *number),
            Self::Float64(column, number) => sink.float64(*column, *number),
            Self::Raw(column, json) => {
                let raw = serde_json::value::RawValue::from_string((*json).to_owned()).unwrap();
                sink.json(*column, &[raw]);
            }
        }
    }
}

const TOO_DEEP: &str = "[[[[[[[[]]]]]]]]";

#[test]
fn what_readers_refuse_does_not_leave_by_any_way() {
    for (odd, code, column) in [
        (Odd::Text(10, "00f067aa0ba902b"), FaultCode::Format, "span"),
        (Odd::Text(10, "00f067aa0ba902bg"), FaultCode::Format, "span"),
        (Odd::Text(10, "0000000000000000"), FaultCode::Format, "span"),
        (Odd::Text(10, ""), FaultCode::Format, "span"),
        (Odd::Text(11, ""), FaultCode::EmptyText, "ns"),
        (Odd::Int32(5, 3), FaultCode::ValueNotAllowed, "count"),
        (Odd::Int32(5, -1), FaultCode::ValueNotAllowed, "count"),
        (Odd::Float64(6, f64::NAN), FaultCode::NumberOutOfRange, "ratio"),
        (Odd::Float64(6, f64::INFINITY), FaultCode::NumberOutOfRange, "ratio"),
        (Odd::Float64(6, f64::NEG_INFINITY), FaultCode::NumberOutOfRange, "ratio"),
        (Odd::Raw(7, r#"{"a":"\ud800"}"#), FaultCode::MalformedJson, "extra"),
        (Odd::Raw(7, r#"{"\udc00":1}"#), FaultCode::MalformedJson, "extra"),
        (Odd::Raw(7, r#"{"a":[1e400]}"#), FaultCode::NumberOutOfRange, "extra"),
        (Odd::Raw(7, TOO_DEEP), FaultCode::TooDeep, "extra"),
    ] {
        let fault = odd.to_json().unwrap_err();
        assert_eq!((fault.code, fault.column.as_deref()), (code, Some(column)));
        let faults = odd.validate().unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code]);
        #[cfg(feature = "arrow")]
        {
            let mut batch = crate::batch::EventBatch::new(Odd::TABLE);
            let fault = batch.push(&odd).unwrap_err();
            assert_eq!((fault.code, fault.column.as_deref()), (code, Some(column)));
            assert!(batch.is_empty());
        }
    }
}

#[test]
fn what_they_take_leaves_by_every_way() {
    for odd in [
        Odd::Text(10, "00F067AA0BA902B7"),
        Odd::Text(11, "not a host"),
        Odd::Text(2, ""),
        Odd::Int32(5, 2),
        Odd::Float64(6, -0.0),
        Odd::Raw(7, r#"{"a":"\ud83d\ude00","b":1e-400}"#),
        Odd::Raw(7, "[[[[[[[]]]]]]]"),
    ] {
        let row = Event::from_wire(odd.to_json().unwrap()).unwrap();
        assert_eq!(odd.to_row().unwrap(), row);
        assert_eq!(odd.validate(), Ok(()));
        #[cfg(feature = "arrow")]
        {
            let mut batch = crate::batch::EventBatch::new(Odd::TABLE);
            batch.push(&odd).unwrap();
            let batch = batch.finish();
            let reader = crate::batch::BatchReader::new(Odd::TABLE, &batch).unwrap();
            assert!(reader.row::<Event>(0).unwrap() == row);
        }
    }
}

#[test]
fn faults_in_json_say_where_they_are() {
    let message = |json| Odd::Raw(7, json).to_json().unwrap_err().message;
    assert_eq!(
        message(r#"{"a":[1,1e400]}"#),
        "column `extra` is `json`; expected a finite 64-bit number, found `1e400` at `extra.0.a.1`"
    );
    assert_eq!(
        message(r#"{"a":"\ud800"}"#),
        "column `extra` is `json`; the value has no JSON form: lone surrogate in a string at `extra.0.a`"
    );
    assert_eq!(message(TOO_DEEP), "column `extra` nests deeper than 8 levels at `extra.0.0.0.0.0.0.0.0`");
}

struct Nothing;

impl UnifiedEvent for Nothing {
    type Row = Event;
    const EVENT_TYPE: Option<&'static str> = None;

    fn record<S: Sink>(&self, _: &mut S) {}
}

#[test]
fn no_placeholder_passes_for_a_value() {
    assert_eq!(Nothing.to_row().unwrap_err().code, FaultCode::MissingRequired);
    assert_eq!(Nothing.validate().unwrap_err().len(), 2);
}

#[test]
fn positions_beyond_the_table_are_faults() {
    let mut row = Event::blank();
    let mut sink = RowSink::new(Nothing::TABLE, &mut row);
    sink.bool(99, true);
    let fault = sink.finish().unwrap_err();
    assert_eq!(fault.to_string(), "the table `events` has no column at position 99");
}

#[test]
fn instants_beyond_the_calendar_are_faults() {
    let far = UNIX_EPOCH + Duration::from_secs(1 << 40);
    let fault = timestamp_fault(Nothing::TABLE, 3, far.timestamp().unwrap_err());
    assert_eq!(fault.to_string(), "column `time` is `timestamp`; the year must be 0001 to 9999 in UTC");
}
