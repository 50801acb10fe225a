use std::io::{Cursor, Read};
use std::num::NonZero;
use std::ops::ControlFlow;

use super::*;
use crate::FaultCode;
use crate::batch::{BatchReader, EventBatch};
use crate::sample::{EVENTS, Event};
use crate::table::{Column, ColumnType};

const GOOD: &str = r#"{"id":"a\n","kind":"click","key":"é","time":"2026-01-15T14:30:00.123456Z","nanos":"9223372036854775807","count":1,"ratio":-0.0,"extra":{"b":12345678901234567890},"blob":"AAEC/w==","ok":false,"span":"00f067aa0ba902b7","ns":"shop.example","total":-9223372036854775808}"#;

fn decoder() -> Decoder {
    Decoder::new(&EVENTS)
}

/// The rows and the rejects as line, position and code.
fn decode(decoder: &Decoder, text: impl AsRef<[u8]>) -> (Vec<Event>, Vec<(u64, usize, FaultCode)>) {
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    for decoded in decoder.decode(text.as_ref()) {
        let reader = BatchReader::new(&EVENTS, &decoded.batch).unwrap();
        rows.extend((0..reader.len()).map(|row| reader.row::<Event>(row).unwrap()));
        rejects.extend(decoded.rejects.iter().map(|r| (r.line, r.position, r.code)));
    }
    (rows, rejects)
}

#[test]
fn a_good_line_is_what_the_other_path_reads() {
    let expected = Event::from_wire(GOOD).unwrap();
    for line in [
        GOOD.to_owned(),
        format!("\u{feff}{GOOD}"),
        format!(" {GOOD}\t\r"),
        GOOD.replace(",\"", " ,\t\"").replace("\":", "\" : "),
    ] {
        for text in [line.clone(), format!("{line}\n"), format!("\n\r\n{line}\n \n")] {
            let (rows, rejects) = decode(&decoder(), &text);
            if line.starts_with('\u{feff}') && text.starts_with('\n') {
                assert_eq!(rejects, [(3, 0, FaultCode::MalformedJson)]);
            } else {
                assert_eq!(rejects, [], "{text}");
                assert!(rows == [expected.clone()]);
            }
        }
    }
}

#[test]
fn faults_have_their_line_place_and_code() {
    for (line, position, code) in [
        (r#"{"id":"a"}"#, 10, FaultCode::MissingRequired),
        (r#"{"id":"a","kind":null}"#, 17, FaultCode::NullInRequired),
        (r#"{"id":1}"#, 6, FaultCode::TypeMismatch),
        (r#"{"time":"2026"}"#, 8, FaultCode::MalformedTimestamp),
        (r#"{"kind":"tap"}"#, 8, FaultCode::ValueNotAllowed),
        (r#"{"count":3}"#, 9, FaultCode::ValueNotAllowed),
        (r#"{"id":"a","kind":"click"}"#, 25, FaultCode::RequirementNotMet),
        (r#"{"colour":1}"#, 1, FaultCode::UnknownField),
        (r#"{"id":"a","\u0069d":"b"}"#, 10, FaultCode::DuplicateKey),
        (r#"{"key":null,"key":"a"}"#, 12, FaultCode::DuplicateKey),
        (r#"{"count":2147483648}"#, 9, FaultCode::NumberOutOfRange),
        (r#"{"id":"#, 6, FaultCode::MalformedJson),
        (r#"{"id":"a"} x"#, 11, FaultCode::MalformedJson),
        ("[]", 0, FaultCode::MalformedJson),
        (r#"{"span":"00f067aa0ba902b"}"#, 8, FaultCode::Format),
        (r#"{"day":"2026-01-15"}"#, 1, FaultCode::ComputedColumn),
        (r#"{"blob":"AAE"}"#, 8, FaultCode::MalformedBase64),
    ] {
        let (rows, rejects) = decode(&decoder(), format!("{GOOD}\n{line}\n{GOOD}"));
        assert_eq!(rejects, [(2, position, code)], "{line}");
        assert_eq!(rows.len(), 2);
        let decoded = decoder().decode(line.as_bytes()).next().unwrap();
        let faults = decoded.rejects[0].faults();
        assert_eq!(faults.to_vec(), Event::from_wire(line).unwrap_err().to_vec(), "{line}");
        assert!(faults.iter().any(|fault| fault.code == code));
    }
    let (_, rejects) = decode(&decoder(), b"{\"id\":\"\xFF\"}\n{\"\xFF\":1}\n{\"extra\":[\"\xFF\"]}");
    assert_eq!(rejects.iter().map(|reject| reject.2).collect::<Vec<_>>(), [FaultCode::InvalidUtf8; 3]);
}

#[test]
fn unknown_fields_are_ignored_and_counted() {
    let decoder = decoder().with_unknown_fields(UnknownFields::Ignore);
    let line = GOOD.replacen('{', r#"{"x":[1, {"y":"\u00e9"}],"x":null,"#, 1);
    let (rows, rejects) = decode(&decoder, &line);
    assert!(rows == [Event::from_wire(GOOD).unwrap()] && rejects.is_empty());
    assert_eq!(decoder.decode(line.as_bytes()).next().unwrap().n_unknown_fields, 2);
    // A line that is refused for another reason has that reason.
    let decoded = decoder.decode(br#"{"x":1,"id":2}"#).next().unwrap();
    assert_eq!((decoded.rejects[0].code, decoded.n_unknown_fields), (FaultCode::TypeMismatch, 0));
    assert!(decoded.rejects[0].faults().iter().all(|fault| fault.code != FaultCode::UnknownField));
    assert_eq!(decode(&decoder, r#"{"x":1e}"#).1[0].2, FaultCode::MalformedJson);
}

static COLLECTING: Table = Table {
    columns: &[
        Column { id: 1, name: "id", required: true, ..Column::BLANK },
        Column { id: 2, name: "data", ty: ColumnType::Json, ..Column::BLANK },
    ],
    by_name: &[1, 0],
    event_type: None,
    event_types: &[],
    ..EVENTS
};

#[test]
fn unknown_fields_join_data() {
    let decoder = Decoder::new(&COLLECTING).with_unknown_fields(UnknownFields::Collect);
    for (line, data) in [
        (r#"{"id":"a","b":1}"#, r#"{"b":1}"#),
        (r#"{"x":{ "y" : [1, 2] },"id":"a","é":"\n"}"#, r#"{"x":{"y":[1,2]},"é":"\n"}"#),
        (r#"{"id":"a","data":{"z":1e40},"b":null}"#, r#"{"z":1e40,"b":null}"#),
        (r#"{"b":true,"id":"a","data":{}}"#, r#"{"b":true}"#),
        (r#"{"b":true,"id":"a","data":null}"#, r#"{"b":true}"#),
    ] {
        let decoded = decoder.decode(line.as_bytes()).next().unwrap();
        assert_eq!(decoded.rejects.len(), 0, "{line}");
        let mut out = Vec::new();
        BatchReader::new(&COLLECTING, &decoded.batch).unwrap().append_json(0, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!(r#"{{"id":"a","data":{data}}}"#));
    }
    for (line, code) in [
        (r#"{"id":"a","data":[],"b":1}"#, FaultCode::UnknownField),
        (r#"{"id":"a","data":{"b":1},"b":2}"#, FaultCode::DuplicateKey),
        (r#"{"id":"a","b":1,"\u0062":2}"#, FaultCode::DuplicateKey),
    ] {
        let decoded = decoder.decode(line.as_bytes()).next().unwrap();
        assert_eq!((decoded.batch.num_rows(), decoded.rejects[0].code), (0, code), "{line}");
        assert!(decoded.rejects[0].faults().iter().any(|fault| fault.code == code));
    }
    // Without the column there is nothing to collect in.
    assert_eq!(
        decode(&self::decoder().with_unknown_fields(UnknownFields::Collect), r#"{"x":1}"#).1[0].2,
        FaultCode::UnknownField
    );
}

#[test]
fn limits_refuse_lines_and_keep_those_around() {
    let short = r#"{"id":"a","kind":"key-press","key":"a"}"#;
    let long = short.replace("\"a\"}", &format!("\"{}\"}}", "x".repeat(400_000)));
    let text = format!("{short}\n{long}\n{short}\n{long}");
    for limit in [100, 300_000, 400_030] {
        let decoder = decoder().with_max_line(limit);
        let (rows, rejects) = decode(&decoder, &text);
        assert_eq!(rows.len(), 2);
        assert_eq!(rejects, [(2, 0, FaultCode::TooLarge), (4, 0, FaultCode::TooLarge)]);
        let read: Vec<Decoded> = decoder.read(text.as_bytes()).map(Result::unwrap).collect();
        let rejects: Vec<&Reject> = read.iter().flat_map(|decoded| &decoded.rejects).collect();
        assert_eq!(
            rejects.iter().map(|r| (r.line, r.offset, r.len > 400_000)).collect::<Vec<_>>(),
            [(2, short.len() as u64 + 1, true), (4, (2 * short.len() + long.len() + 3) as u64, true)]
        );
        assert!(rejects[0].text.len() <= 256 && rejects[0].faults()[0].code == FaultCode::TooLarge);
        assert_eq!(read.iter().map(|decoded| decoded.batch.num_rows()).sum::<usize>(), 2);
    }
    assert_eq!(decode(&decoder().with_max_line(long.len()), &text).0.len(), 4);
    let deep = short.replace("\"a\"}", &format!("\"a\",\"extra\":{}{}}}", "[".repeat(200), "]".repeat(200)));
    assert_eq!(decode(&decoder(), &deep).1[0].2, FaultCode::TooDeep);
    assert_eq!(decoder().decode(deep.as_bytes()).next().unwrap().rejects[0].faults()[0].code, FaultCode::TooDeep);
}

/// A reader that yields a few bytes at a time, and then perhaps fails.
struct Trickle<'a>(&'a [u8], usize, bool);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() && self.2 {
            return Err(io::Error::other("broken"));
        }
        let n = self.0.len().min(self.1).min(out.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn many() -> String {
    let mut text = String::from("\u{feff}");
    for i in 0..1_000 {
        match i % 7 {
            3 => text.push_str("{\"id\":7}\n"),
            5 => text.push_str("\r\n"),
            _ => text
                .push_str(&format!("{{\"id\":\"{i}\",\"kind\":\"key-press\",\"key\":\"{}\"}}\n", "k".repeat(i % 90))),
        }
    }
    text
}

fn ids(decoded: &[Decoded]) -> (Vec<String>, Vec<(u64, u64)>) {
    let mut ids = Vec::new();
    for decoded in decoded {
        let reader = BatchReader::new(&EVENTS, &decoded.batch).unwrap();
        ids.extend((0..reader.len()).map(|row| reader.row::<Event>(row).unwrap().id));
    }
    (ids, decoded.iter().flat_map(|decoded| &decoded.rejects).map(|r| (r.line, r.offset)).collect())
}

#[test]
fn every_way_to_read_yields_the_same() {
    let text = many();
    let whole: Vec<Decoded> = decoder().decode(text.as_bytes()).collect();
    let expected = ids(&whole);
    assert_eq!(whole.iter().map(|decoded| decoded.n_lines).sum::<u64>(), 1_000);
    for (line, offset) in &expected.1 {
        assert!(text[*offset as usize..].starts_with("{\"id\":7}"));
        assert_eq!(text[..*offset as usize].matches('\n').count() as u64 + 1, *line);
    }
    for n in [1, 2, 3, 7, 64, 1_000] {
        let decoder = decoder().with_max_rows(n);
        let read: Vec<Decoded> = decoder.read(Trickle(text.as_bytes(), n, false)).map(Result::unwrap).collect();
        assert_eq!(ids(&read), expected);
        assert!(read.iter().all(|decoded| decoded.batch.num_rows() <= n));
        let in_place: Vec<Decoded> = decoder.decode(text.as_bytes()).collect();
        assert_eq!(ids(&in_place), expected);
    }
    for n_threads in [1, 2, 5] {
        let long = text[3..].repeat(100);
        let mut parallel = Vec::new();
        let n_threads = NonZero::new(n_threads).unwrap();
        decoder()
            .read_parallel(Cursor::new(&long), n_threads, |decoded| {
                parallel.push(decoded);
                ControlFlow::Continue(())
            })
            .unwrap();
        let serial: Vec<Decoded> = decoder().decode(long.as_bytes()).collect();
        assert_eq!(ids(&parallel), ids(&serial));
    }
}

#[test]
fn what_was_read_before_an_error_is_kept() {
    let text = format!("{GOOD}\n{GOOD}\n{GOOD}");
    let read: Vec<io::Result<Decoded>> = decoder().read(Trickle(text.as_bytes(), 100, true)).collect();
    assert_eq!(read[0].as_ref().unwrap().batch.num_rows(), 2);
    assert!(read[1].is_err());
    assert_eq!(read.len(), 2);
    let mut n_rows = 0;
    let result = decoder().read_parallel(Trickle(text.as_bytes(), 100, true), NonZero::<usize>::MIN, |decoded| {
        n_rows += decoded.batch.num_rows();
        ControlFlow::Continue(())
    });
    assert!(result.is_err());
    assert_eq!(n_rows, 2);
}

#[test]
fn good_lines_around_long_ones_are_kept_on_any_number_of_threads() {
    let x = |n| "x".repeat(n);
    let text = format!("{}\n{GOOD}\n{GOOD}\n{}\n{GOOD}\n{}", x(5_000_000), x(9_000_000), x(4 << 20 | 1));
    let expected: Vec<Decoded> = decoder().decode(text.as_bytes()).collect();
    let rejects = |decoded: &[Decoded]| -> Vec<(u64, u64, u64)> {
        decoded.iter().flat_map(|decoded| &decoded.rejects).map(|r| (r.line, r.offset, r.len)).collect()
    };
    let offsets = [0, 5_000_001 + 2 * (GOOD.len() as u64 + 1)];
    let last = text.len() as u64 - (4 << 20 | 1);
    assert_eq!(rejects(&expected), [(1, 0, 5_000_000), (4, offsets[1], 9_000_000), (6, last, 4 << 20 | 1)]);
    assert_eq!(expected[0].rejects[0].text, x(256).as_bytes());
    assert_eq!(ids(&expected).0.len(), 3);
    for n_threads in [1, 2, 7] {
        let mut parallel = Vec::new();
        let each = |decoded| {
            parallel.push(decoded);
            ControlFlow::Continue(())
        };
        decoder().read_parallel(text.as_bytes(), NonZero::new(n_threads).unwrap(), each).unwrap();
        assert_eq!(ids(&parallel), ids(&expected));
        assert_eq!(rejects(&parallel), rejects(&expected));
        assert_eq!(parallel.iter().map(|decoded| decoded.n_lines).sum::<u64>(), 6);
    }
    let read: Vec<Decoded> = decoder().read(text.as_bytes()).map(Result::unwrap).collect();
    assert_eq!((ids(&read), rejects(&read)), (ids(&expected), rejects(&expected)));
    // Space is blank, however much of it there is.
    let blank = " ".repeat(5_000_000);
    for text in [blank.clone(), blank.clone() + "\n", format!("{blank}\n{GOOD}")] {
        let read: Vec<Decoded> = decoder().read(text.as_bytes()).map(Result::unwrap).collect();
        let slice: Vec<Decoded> = decoder().decode(text.as_bytes()).collect();
        assert_eq!(ids(&read), ids(&slice));
        assert!(rejects(&read).is_empty());
        assert_eq!(read[0].n_lines, slice[0].n_lines);
    }
}

#[test]
fn what_was_read_before_a_panic_comes_once() {
    struct Panics<'a>(Trickle<'a>);

    impl Read for Panics<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            // Without a message on standard error.
            self.0.read(out).or_else(|_| std::panic::resume_unwind(Box::new("the reader panics")))
        }
    }

    let text = format!("{GOOD}\n{{\n{GOOD}\n{GOOD}");
    let mut reader = decoder().read(Panics(Trickle(text.as_bytes(), 100, true)));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.next())).is_err());
    let rest: Vec<Decoded> = reader.map(Result::unwrap).collect();
    assert_eq!((rest.len(), rest[0].batch.num_rows(), rest[0].rejects.len(), rest[0].n_lines), (1, 2, 1, 3));
    let parallel = std::panic::catch_unwind(|| {
        let reader = Panics(Trickle(text.as_bytes(), 100, true));
        decoder().read_parallel(reader, NonZero::new(3).unwrap(), |_| ControlFlow::Continue(()))
    });
    assert_eq!(parallel.unwrap_err().downcast_ref::<&str>(), Some(&"the reader panics"));
}

#[test]
fn a_line_of_any_bytes_behind_an_open_object_is_a_reject() {
    static LONG_NAMES: Table = Table {
        columns: &[
            Column { id: 1, name: "id", required: true, ..Column::BLANK },
            Column { id: 2, name: "a_name_of_more_than_thirty_bytes_altogether", ..Column::BLANK },
        ],
        by_name: &[1, 0],
        event_type: None,
        event_types: &[],
        ..EVENTS
    };
    for table in [&EVENTS, &LONG_NAMES] {
        for before in ["", "{", "{\"id\":\"a\",", "{\"id\":\"a\", "] {
            for byte in 0..=u8::MAX {
                for n in [1, 8, 31, 32, 33, 64] {
                    let run = vec![byte; n];
                    let bytes = [before.as_bytes(), &run, b"\n{\"id\":\"a\"}\n"].concat();
                    let decoded: Vec<Decoded> = Decoder::new(table).decode(&bytes).collect();
                    let n_lines = 2 + if byte == b'\n' { n as u64 } else { 0 };
                    assert_eq!(decoded[0].n_lines, n_lines, "{before} and {byte}");
                }
            }
        }
    }
    let name = LONG_NAMES.columns[1].name;
    let line = format!("{{\"{name}\":\"b\",\"id\":\"a\"}}\n{{\"id\":\"a\",\"{name}\":\"b\"}}\n").repeat(4);
    assert_eq!(Decoder::new(&LONG_NAMES).decode(line.as_bytes()).next().unwrap().batch.num_rows(), 8);
}

#[test]
fn unknown_fields_of_rows_count_and_many_are_no_harder_than_few() {
    let decoder = Decoder::new(&COLLECTING).with_unknown_fields(UnknownFields::Collect);
    let unknown: String = (0..128_000).map(|i| format!(",\"k{i}\":1")).collect();
    let line = format!("{{\"id\":\"a\"{unknown}}}");
    let decoded = decoder.decode(line.as_bytes()).next().unwrap();
    assert_eq!((decoded.batch.num_rows(), decoded.n_unknown_fields), (1, 128_000));
    for line in [line.replace("\"id\"", "\"ie\""), line.replace("k127999", "k0"), format!("{line}{}", "x".repeat(9))] {
        let decoded = decoder.decode(line.as_bytes()).next().unwrap();
        assert_eq!((decoded.rejects.len(), decoded.n_unknown_fields), (1, 0));
    }
    let long = decoder.with_max_line(100).decode(line.as_bytes()).next().unwrap();
    assert_eq!((long.rejects.len(), long.n_unknown_fields), (1, 0));
}

#[test]
fn a_caller_can_stop_the_threads() {
    let text = many()[3..].repeat(400);
    let mut n = 0;
    let n_threads = NonZero::new(3).unwrap();
    decoder()
        .with_max_rows(10)
        .read_parallel(text.as_bytes(), n_threads, |_| {
            n += 1;
            if n == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!(n, 5);
}

#[test]
fn written_and_decoded_batches_are_equal() {
    let mut batch = EventBatch::new(&EVENTS);
    batch.push_row(&Event::from_wire(GOOD).unwrap()).unwrap();
    let batch = batch.finish();
    let decoded = decoder().decode(GOOD.as_bytes()).next().unwrap();
    assert_eq!(decoded.batch, batch);
}

#[test]
fn nothing_is_no_batch() {
    assert!(decoder().decode(b"").next().is_none());
    assert!(decoder().read(io::empty()).next().is_none());
    assert_eq!(decoder().decode(b"\n\n").next().unwrap().n_lines, 2);
}
