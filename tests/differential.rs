//! Ours against others: arrow-json on whole columns, serde_json on single values.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, FieldRef, Schema};
use serde_json::Value;
use unified_event::table::{ColumnType, Values};
use unified_event::tables::UNIFIED_EVENTS;
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

/// Decodes an event with one column set to `json`; none when it is refused.
fn one(column: &str, json: &str) -> Option<RecordBatch> {
    let core = r#""id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s""#;
    let text = format!(r#"{{{core},"{column}":{json}}}"#);
    let decoded = Decoder::new(&UNIFIED_EVENTS).decode(text.as_bytes()).next().expect("a line");
    decoded.rejects.is_empty().then_some(decoded.batch)
}

#[test]
fn serde_json_agrees_on_strings() {
    for json in [
        r#""""#,
        r#""plain""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0000\u001f\u00e9\u2028\uffff""#,
        r#""\ud83d\ude00""#,
        r#""\uD83D\uDE00x""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\ud83d""#,
        r#""\ud83dx""#,
        r#""\u12""#,
        r#""\x""#,
        r#""\""#,
        "\"\t\"",
        "\"\u{7f}\"",
        "\"é大😀\"",
        r#""\u00e9\u0301""#,
        r#""a\u0062c""#,
        "'a'",
        r#""a"#,
    ] {
        let theirs: Option<String> = serde_json::from_str(json).ok();
        let ours = one("error_message", json).map(|batch| {
            batch.column_by_name("error_message").expect("a column").as_string::<i32>().value(0).to_owned()
        });
        assert_eq!(ours, theirs, "{json}");
    }
}

#[test]
fn serde_json_agrees_on_numbers() {
    for json in [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "1",
        "-1",
        "1e400",
        "-1e400",
        "1e308",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "5e-324",
        "2e-324",
        "1e-400",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "0.12345678901234567890",
        "11.530000000000001",
        "0.1e1",
        "1E+2",
        "1e-2",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "NaN",
        "Infinity",
        "-",
        "1_000",
        "100000000000000000000000000000000000000000",
        "0.000000000000000000000000000000000001",
    ] {
        let theirs: Option<Value> = serde_json::from_str(json).ok();
        let float = one("duration_ms", json)
            .map(|batch| batch.column_by_name("duration_ms").expect("a column").as_primitive::<Float64Type>().value(0));
        let expected = theirs.as_ref().and_then(Value::as_f64);
        assert_eq!(float.map(f64::to_bits), expected.map(f64::to_bits), "{json}");
        let long = one("geo_asn", json)
            .map(|batch| batch.column_by_name("geo_asn").expect("a column").as_primitive::<Int64Type>().value(0));
        // serde_json has `-0` as a float: it is an integer of our columns.
        let expected = if json == "-0" { Some(0) } else { serde_json::from_str::<i64>(json).ok() };
        assert_eq!(long, expected, "{json}");
        let int = one("http_status", json)
            .map(|batch| batch.column_by_name("http_status").expect("a column").as_primitive::<Int32Type>().value(0));
        assert_eq!(int, expected.and_then(|long| i32::try_from(long).ok()), "{json}");
    }
}

#[test]
fn json_columns_keep_the_text_that_serde_json_accepts() {
    for json in [
        "{}",
        "[]",
        "\"a\"",
        "0",
        "true",
        r#"{"a":1,"a":2}"#,
        "[1e300,-0,12345678901234567890123]",
        r#"{ "a" : [ 1 , "x y" ] }"#,
        "[1,]",
        "{a:1}",
        "[01]",
        r#"["\ud83d"]"#,
        r#"{"a":1"#,
        "nul",
        "[\"\u{1}\"]",
    ] {
        let theirs = unified_event::Json::parse(json).ok();
        let ours = one("data", json)
            .map(|batch| batch.column_by_name("data").expect("a column").as_string::<i32>().value(0).to_owned());
        assert_eq!(ours.as_deref(), theirs.as_ref().map(unified_event::Json::as_str), "{json}");
    }
    // What no reader of the platform can hold is JSON all the same.
    assert!(one("data", "[1e400]").is_none() && unified_event::Json::parse("[1e400]").is_ok());
}
