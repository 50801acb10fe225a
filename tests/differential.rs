//! Ours against others: arrow-json on whole columns, serde_json on single values.
//!
//! `events/values.ndjson` is the corpus: one value a line, with what is stored of it or why it is refused.
//! Random events are for breadth.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, FieldRef, Schema};
use serde::Deserialize;
use serde_json::Value;
use unified_event::table::{ColumnType, Values};
use unified_event::tables::UNIFIED_EVENTS;
use unified_event::{Timestamp, UnifiedEventRow};
use unified_event_runtime::batch::EventBatch;
use unified_event_runtime::ndjson::{Decoded, Decoder};
use unified_event_tests::text;

fn ours(text: &str) -> RecordBatch {
    let mut all: Vec<Decoded> = Decoder::new(&UNIFIED_EVENTS).with_max_rows(100_000).decode(text.as_bytes()).collect();
    assert_eq!(all.len(), 1);
    let decoded = all.remove(0);
    assert!(decoded.rejects.is_empty(), "{}", decoded.rejects[0]);
    decoded.batch
}

/// Returns how many columns had a value in both.
fn agrees_with_arrow_json(text: &str) -> usize {
    let ours = ours(text);
    let schema = ours.schema();
    // arrow-json knows neither JSON as text nor base64.
    let is_common = |field: &&FieldRef| field.extension_type_name().is_none() && *field.data_type() != DataType::Binary;
    let common: Vec<FieldRef> = schema.fields().iter().filter(is_common).cloned().collect();
    let builder = arrow_json::ReaderBuilder::new(Arc::new(Schema::new(common))).with_batch_size(100_000);
    let theirs = builder.build(text.as_bytes()).expect("a reader").next().expect("a batch").expect("a batch");
    assert_eq!(ours.num_rows(), theirs.num_rows());
    let mut n = 0;
    for (field, column) in theirs.schema().fields().iter().zip(theirs.columns()) {
        assert_eq!(ours.column_by_name(field.name()).expect("a column"), column, "{}", field.name());
        n += usize::from(column.null_count() < column.len());
    }
    n
}

#[test]
fn arrow_json_agrees_on_the_fixtures() {
    let n = agrees_with_arrow_json(&text("tests/events/valid/unified_events.ndjson"));
    assert!(n > 100, "{n} columns were compared");
}

#[test]
fn arrow_json_agrees_on_random_events() {
    let mut random = Random(7);
    let mut text = String::new();
    for i in 0..2_000 {
        text.push_str(&format!(
            r#"{{"id":"{i}","event_type":"tail","event_name":"a.b","ns":"a.example","service_name":"s""#
        ));
        for column in UNIFIED_EVENTS.columns {
            let is_free = matches!(column.values, Values::Any) && column.format.is_none();
            let is_set =
                ["id", "event_type", "event_name", "ns", "service_name", "timestamp_ns"].contains(&column.name);
            if is_set || !is_free || column.computed || random.below(8) > 0 {
                continue;
            }
            if let Some(value) = random.value(column.ty) {
                text.push_str(&format!(",{}\"{}\":{}{value}", random.space(), column.name, random.space()));
            }
        }
        text.push_str("}\n");
    }
    let n = agrees_with_arrow_json(&text);
    assert!(n > 120, "{n} columns were compared");
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.0 ^ (self.0 >> 33);
        x.wrapping_mul(0xFF51_AFD7_ED55_8CCD)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 32) % n
    }

    fn space(&mut self) -> &'static str {
        ["", "", "", " ", "  \t"][self.below(5) as usize]
    }

    fn value(&mut self, ty: ColumnType) -> Option<String> {
        Some(match ty {
            ColumnType::String => {
                // Some columns take no empty text.
                let text: String = (0..1 + self.below(70)).map(|_| self.character()).collect();
                serde_json::to_string(&text).expect("text")
            }
            ColumnType::Bool => (self.below(2) == 0).to_string(),
            ColumnType::Int32 => (self.next() as i32 >> self.below(31)).to_string(),
            ColumnType::Int64 => (self.next() as i64 >> self.below(63)).to_string(),
            ColumnType::Float64 => match self.below(3) {
                0 => f64::from_bits(self.next()).to_string().parse::<f64>().ok().filter(|f| f.is_finite())?.to_string(),
                1 => format!("{:e}", (self.next() >> 11) as f64 / 1e9),
                _ => format!("{}.{}", self.below(100_000), self.below(1_000_000)),
            },
            ColumnType::Timestamp => format!(
                "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:0width$}{}\"",
                1_700 + self.below(500),
                1 + self.below(12),
                1 + self.below(28),
                self.below(24),
                self.below(60),
                self.below(60),
                self.below(1_000),
                ["Z", "+00:00", "-07:30"][self.below(3) as usize],
                width = 3 + self.below(7) as usize,
            ),
            ColumnType::Json | ColumnType::Binary => return None,
        })
    }

    fn character(&mut self) -> char {
        match self.below(20) {
            0 => ['"', '\\', '/', '\n', '\u{0}', '\u{1f}', '\u{7f}'][self.below(7) as usize],
            1 => char::from_u32(self.below(0x11_0000) as u32).unwrap_or('\u{FFFD}'),
            2 => ['é', '大', '😀', '\u{2028}'][self.below(4) as usize],
            _ => (b' ' + self.below(95) as u8) as char,
        }
    }
}

/// A value of a column as it is sent, and what becomes of it.
#[derive(Deserialize)]
struct Case {
    name: String,
    column: String,
    /// The JSON text, whatever it is.
    sent: String,
    /// The value that a row holds: JSON as text, bytes as numbers, instants as RFC 3339.
    stored: Option<Value>,
    /// The code of the fault.
    refused: Option<String>,
}

impl Case {
    fn line(&self) -> String {
        let core = r#""id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s""#;
        format!("{{{core},\"{}\":{}}}", self.column, self.sent)
    }
}

fn cases() -> Vec<Case> {
    let text = text("tests/events/values.ndjson");
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert!(names.len() == cases.len() && cases.len() > 100, "{} names, {} cases", names.len(), cases.len());
    assert!(cases.iter().all(|case| case.stored.is_some() != case.refused.is_some()));
    cases
}

/// Returns the first value of a column in the form of the corpus.
fn stored(batch: &RecordBatch, name: &str) -> Value {
    let column = batch.column_by_name(name).expect(name);
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(0).into(),
        DataType::Boolean => column.as_boolean().value(0).into(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(0).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(0).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(0).into(),
        DataType::Timestamp(..) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(0);
            Timestamp::from_micros(micros).expect("an instant").to_string().into()
        }
        DataType::Binary => column.as_binary::<i32>().value(0).to_vec().into(),
        other => panic!("{name}: {other}"),
    }
}

#[test]
fn values_are_stored_or_refused_as_the_corpus_says() {
    for case in cases() {
        let Case { name, column, refused, .. } = &case;
        let line = case.line();
        let decoded = Decoder::new(&UNIFIED_EVENTS).decode(line.as_bytes()).next().expect("a line");
        let row = UnifiedEventRow::from_wire(&line);
        if let Some(expected) = &case.stored {
            assert!(decoded.rejects.is_empty(), "{name}: {}", decoded.rejects[0]);
            // As texts zeros have their signs.
            assert_eq!(stored(&decoded.batch, column).to_string(), expected.to_string(), "{name}");
            let mut batch = EventBatch::new(&UNIFIED_EVENTS);
            batch.push_row(&row.expect(name)).expect(name);
            assert_eq!(batch.finish(), decoded.batch, "{name}");
        } else {
            assert_eq!(decoded.batch.num_rows(), 0, "{name}");
            assert_eq!(decoded.rejects[0].code.as_str(), refused.as_deref().expect("a code"), "{name}");
            let faults = row.expect_err(name);
            assert_eq!((faults.len(), faults[0].code), (1, decoded.rejects[0].code), "{name}");
        }
    }
}

#[test]
fn arrow_json_agrees_on_the_corpus() {
    let stored = cases().into_iter().filter(|case| case.stored.is_some());
    let text: String = stored.map(|case| case.line() + "\n").collect();
    let n = agrees_with_arrow_json(&text);
    assert!(n >= 12, "{n} columns were compared");
}

#[test]
fn serde_json_agrees_on_the_corpus() {
    let mut n = 0;
    for Case { name, column, sent, stored, .. } in cases() {
        let theirs: Option<Value> = match column.as_str() {
            "error_message" => serde_json::from_str::<String>(&sent).ok().map(Value::from),
            "duration_ms" => serde_json::from_str::<f64>(&sent).ok().map(Value::from),
            // It has `-0` as a float: it is an integer of our columns.
            "http_status" | "geo_asn" if sent == "-0" => Some(0.into()),
            "http_status" => serde_json::from_str::<i32>(&sent).ok().map(Value::from),
            "geo_asn" => serde_json::from_str::<i64>(&sent).ok().map(Value::from),
            "is_leaf" => serde_json::from_str::<bool>(&sent).ok().map(Value::from),
            // What it keeps as text it does not look into.
            "data" => unified_event::Json::parse(&sent).ok().map(|json| json.as_str().into()),
            _ => continue,
        };
        assert_eq!(theirs.map(|value| value.to_string()), stored.map(|value| value.to_string()), "{name}");
        n += 1;
    }
    assert!(n > 100, "{n} values were compared");
}
