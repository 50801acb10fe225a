use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};

use super::*;
use crate::batch::BatchReader;
use crate::sample::{EVENTS, Event, Kind};
use crate::sink::Sink;
use crate::table::Table;

const LINES: [&str; 3] = [
    r#"{"id":"a\n","kind":"click","key":"é","time":"2026-01-15T14:30:00.123456Z","nanos":"9223372036854775807","count":1,"ratio":-0.0,"extra":{"b":12345678901234567890},"blob":"AAEC/w==","ok":false,"span":"00f067aa0ba902b7","ns":"shop.example","total":-9223372036854775808}"#,
    r#"{"id":"","kind":"key-press","key":""}"#,
    r#"{"id":"c","kind":"click","count":2,"ratio":0.1,"ok":true,"total":7}"#,
];

fn rows(n: usize) -> Vec<Event> {
    LINES.iter().cycle().take(n).map(|line| Event::from_wire(line).unwrap()).collect()
}

fn batch(rows: &[Event]) -> RecordBatch {
    let mut batch = EventBatch::new(&EVENTS);
    for row in rows {
        batch.push_row(row).unwrap();
    }
    batch.finish()
}

#[test]
fn rows_come_back_from_a_batch() {
    for n in [0, 1, 2, 3, 7, 64, 100] {
        let rows = rows(n);
        let batch = batch(&rows);
        assert_eq!(batch.schema(), crate::arrow::schema(&EVENTS));
        batch.columns().iter().for_each(|column| column.to_data().validate_full().unwrap());
        let reader = BatchReader::new(&EVENTS, &batch).unwrap();
        let read: Vec<Event> = (0..reader.len()).map(|row| reader.row(row).unwrap()).collect();
        assert!(read == rows);
        assert!(reader.row::<Event>(n).is_err());
    }
}

#[test]
fn rows_come_back_as_wire_json() {
    let mut out = Vec::new();
    BatchReader::new(&EVENTS, &batch(&rows(3))).unwrap().write_ndjson(&mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), LINES.map(|line| format!("{line}\n")).concat());
}

#[test]
fn untouched_columns_of_a_type_share_one_array() {
    let batch = batch(&rows(2)[1..]);
    let column = |name: &str| batch.column_by_name(name).unwrap().to_data();
    assert_eq!(column("ns").null_count(), 1);
    assert!(column("ns").ptr_eq(&column("span")));
}

#[test]
fn a_batch_is_reused() {
    let mut batch = EventBatch::new(&EVENTS).with_max_rows(3);
    for n in [2, 1] {
        for row in rows(n) {
            batch.push_row(&row).unwrap();
        }
        assert!(!batch.is_full());
        let made = batch.finish();
        assert_eq!(made.num_rows(), n);
        assert_eq!(made.column_by_name("total").unwrap().as_primitive::<Int64Type>().value(0), i64::MIN);
        assert!(batch.is_empty() && batch.n_bytes() == 0);
    }
    rows(3).iter().for_each(|row| batch.push_row(row).unwrap());
    assert!(batch.is_full());
    assert!(EventBatch::new(&EVENTS).with_max_bytes(1).table().name == "events");
}

#[test]
fn a_number_outside_of_a_closed_set_is_refused() {
    let mut batch = EventBatch::new(&EVENTS);
    let fault = batch.push_row(&Event { count: Some(3), ..rows(1).remove(0) }).unwrap_err();
    assert_eq!((fault.code, fault.column.as_deref()), (FaultCode::ValueNotAllowed, Some("count")));
    assert!(batch.is_empty());
}

#[test]
fn numbers_of_every_type_count_as_bytes() {
    let mut batch = EventBatch::new(&EVENTS);
    batch.push_row(&rows(3)[2]).unwrap();
    // "c", "click", an int32, a float64, a bool and an int64.
    assert_eq!(batch.n_bytes(), 1 + 5 + 4 + 8 + 1 + 8);
}

#[test]
fn a_batch_is_full_as_soon_as_its_bytes_are_reached() {
    let mut batch = EventBatch::new(&EVENTS).with_max_bytes(1_000);
    let row = &rows(2)[1];
    // "key-press" alone: id and key are empty.
    for n in 1..=112 {
        assert!(!batch.is_full(), "{n}");
        batch.push_row(row).unwrap();
        assert_eq!(batch.n_bytes(), 9 * n);
    }
    assert!(batch.is_full());
    batch.finish();
    assert!(!batch.is_full() && batch.n_bytes() == 0);
}

/// Gaps of every length, before, between and behind values, in columns of every kind.
#[test]
fn gaps_are_nulls() {
    for gap in [0, 1, 7, 8, 9, 11] {
        for first in [0, 1, 8, 9] {
            let all: Vec<Event> =
                (0..100)
                    .map(|n| {
                        if n >= first && n < 90 && (n - first) % (gap + 1) == 0 {
                            rows(1)
                        } else {
                            rows(2)[1..].to_vec()
                        }
                    })
                    .map(|mut one| one.remove(0))
                    .collect();
            let mut batch = EventBatch::new(&EVENTS);
            for row in &all {
                // A refused event takes back what it filled, too.
                let refused: Script = |call| {
                    [Call::Text(2, "x"), Call::Int32(5, 1), Call::Bytes(8, b"x"), Call::Json(7, 1.into())]
                        .into_iter()
                        .for_each(call);
                };
                assert!(batch.push(&Calls(refused)).is_err());
                batch.push_row(row).unwrap();
            }
            let made = batch.finish();
            made.columns().iter().for_each(|column| column.to_data().validate_full().unwrap());
            let reader = BatchReader::new(&EVENTS, &made).unwrap();
            assert!((0..100).all(|row| reader.row::<Event>(row).unwrap() == all[row]), "{gap} {first}");
        }
    }
}

/// An event that calls the sink as its function says.
struct Calls(fn(&mut dyn FnMut(Call)));

enum Call {
    Text(usize, &'static str),
    Int32(usize, i32),
    Json(usize, serde_json::Value),
    Bytes(usize, &'static [u8]),
}

impl UnifiedEvent for Calls {
    type Row = Event;
    const EVENT_TYPE: Option<&'static str> = None;

    fn record<S: Sink>(&self, sink: &mut S) {
        (self.0)(&mut |call| match call {
            Call::Text(column, text) => sink.string(column, text),
            Call::Int32(column, value) => sink.int32(column, value),
            Call::Json(column, value) => sink.json(column, &value),
            Call::Bytes(column, bytes) => sink.binary(column, bytes),
        });
    }
}

/// Makes the calls of one event.
type Script = fn(&mut dyn FnMut(Call));

#[test]
fn an_event_that_panics_leaves_no_trace() {
    let good = rows(2);
    let mut batch = EventBatch::new(&EVENTS);
    batch.push_row(&good[0]).unwrap();
    let panics = Calls(|call| {
        call(Call::Text(0, "a"));
        panic!("in code of the user");
    });
    let push = std::panic::AssertUnwindSafe(|| batch.push(&panics));
    assert!(std::panic::catch_unwind(push).is_err());
    batch.push_row(&good[1]).unwrap();
    assert_eq!(batch.finish().num_rows(), 2);
    let mut out = b"before".to_vec();
    let append = std::panic::AssertUnwindSafe(|| panics.append_json(&mut out));
    assert!(std::panic::catch_unwind(append).is_err());
    assert_eq!(out, b"before");
}

#[test]
fn a_refused_event_leaves_no_trace() {
    let good = rows(2);
    let mut batch = EventBatch::new(&EVENTS);
    batch.push_row(&good[0]).unwrap();
    let refused: [Script; 8] = [
        // Required columns are missing.
        |call| call(Call::Text(0, "a")),
        |_| {},
        // A second value, of each kind.
        |call| [Call::Text(0, "a"), Call::Text(1, "click"), Call::Text(0, "b")].into_iter().for_each(call),
        |call| [Call::Json(7, 1.into()), Call::Json(7, 2.into())].into_iter().for_each(call),
        // Another type, no such column, JSON in a text column.
        |call| [Call::Text(0, "a"), Call::Bytes(8, b"x"), Call::Int32(1, 1)].into_iter().for_each(call),
        |call| [Call::Text(0, "a"), Call::Int32(5, 1), Call::Int32(99, 1)].into_iter().for_each(call),
        |call| [Call::Text(0, "a"), Call::Json(2, 1.into())].into_iter().for_each(call),
        // Large values, which count at once.
        |call| call(Call::Bytes(8, &[0; 5_000])),
    ];
    let n_bytes = batch.n_bytes();
    for record in refused {
        assert!(batch.push(&Calls(record)).is_err());
        assert_eq!((batch.len(), batch.n_bytes()), (1, n_bytes));
    }
    batch.push_row(&good[1]).unwrap();
    let made = batch.finish();
    let reader = BatchReader::new(&EVENTS, &made).unwrap();
    assert!(reader.row::<Event>(0).unwrap() == good[0]);
    assert!(reader.row::<Event>(1).unwrap() == good[1]);
}

#[test]
fn json_null_is_no_value() {
    let mut batch = EventBatch::new(&EVENTS);
    let event = Calls(|call| {
        [Call::Text(0, "a"), Call::Text(1, "click"), Call::Json(7, serde_json::Value::Null)].into_iter().for_each(call);
    });
    batch.push(&event).unwrap();
    let made = batch.finish();
    assert_eq!(made.column_by_name("extra").unwrap().null_count(), 1);
    assert_eq!(BatchReader::new(&EVENTS, &made).unwrap().row::<Event>(0).unwrap().kind, Kind::Click);
}

#[test]
fn tables_are_told_apart() {
    let other: &'static Table = Box::leak(Box::new(Table { name: "other", ..EVENTS }));
    let same: &'static Table = Box::leak(Box::new(EVENTS));
    assert!(EventBatch::new(other).push_row(&rows(1)[0]).is_err());
    assert!(EventBatch::new(same).push_row(&rows(1)[0]).is_ok());
}
