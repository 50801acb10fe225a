//! The decoder on the fixtures: what is valid becomes the row that the slow path reads, what is invalid
//! is refused for its fault.

use arrow_array::RecordBatch;
use serde::Deserialize;
use unified_event::table::{Table, fingerprint};
use unified_event::{
    DoActionsRecord, DoEventsRecord, DoStateRecord, DoThingsRecord, Fault, Row, UnifiedEventRow, tables,
};
use unified_event_codegen::event_table::event_table;
use unified_event_runtime::batch::{BatchReader, EventBatch};
use unified_event_runtime::ndjson::{Decoded, Decoder};
use unified_event_tests::{real_schema, text};

fn decode(table: &'static Table, text: &str) -> Decoded {
    let mut all: Vec<Decoded> = Decoder::new(table).decode(text.as_bytes()).collect();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The batch that the slow path makes.
fn slow<R: Row>(text: &str) -> RecordBatch {
    let mut batch = EventBatch::new(R::TABLE);
    for line in text.lines() {
        batch.push_row(&R::from_wire(line).expect(line)).expect(line);
    }
    batch.finish()
}

fn valid<R: Row + PartialEq>(name: &str) {
    let text = text(&format!("tests/events/valid/{name}.ndjson"));
    let decoded = decode(R::TABLE, &text);
    assert_eq!(decoded.rejects.len(), 0, "{}", decoded.rejects[0]);
    assert_eq!(decoded.batch, slow::<R>(&text));
    // Rows come back as rows, and the batch from the JSON that it becomes.
    let reader = BatchReader::new(R::TABLE, &decoded.batch).expect("a reader");
    for (row, line) in text.lines().enumerate() {
        assert!(reader.row::<R>(row).expect(line) == R::from_wire(line).expect(line), "{line}");
    }
    let mut written = Vec::new();
    reader.write_ndjson(&mut written).expect("memory");
    assert_eq!(decode(R::TABLE, std::str::from_utf8(&written).expect("UTF-8")).batch, decoded.batch);
}

#[test]
fn valid_events_become_the_rows_of_the_slow_path() {
    valid::<UnifiedEventRow>("unified_events");
    valid::<DoEventsRecord>("do_events");
    valid::<DoThingsRecord>("do_things");
    valid::<DoActionsRecord>("do_actions");
    valid::<DoStateRecord>("do_state");
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    table: String,
    fault: String,
    column: Option<String>,
    event: String,
}

#[test]
fn invalid_events_are_refused_for_their_fault() {
    let tables = [
        ("unified_events", &tables::UNIFIED_EVENTS),
        ("do_events", &tables::DO_EVENTS_STREAM),
        ("do_things", &tables::DO_THINGS_STREAM),
        ("do_actions", &tables::DO_ACTIONS_STREAM),
        ("do_state", &tables::DO_STATE_STREAM),
    ];
    let (mut n, text) = (0, text("tests/events/invalid.ndjson"));
    for line in text.lines() {
        let case: Invalid = serde_json::from_str(line).expect(line);
        let (_, table) = tables.into_iter().find(|(name, _)| *name == case.table).expect(&case.table);
        let good = unified_event_tests::text(&format!("tests/events/valid/{}.ndjson", case.table));
        let (first, second) = (good.lines().next().expect("a line"), good.lines().nth(1).expect("a line"));
        let decoded = decode(table, &format!("{first}\n{}\n{second}\n", case.event));
        assert_eq!(decoded.batch.num_rows(), 2, "{}", case.name);
        let [reject] = &decoded.rejects[..] else { panic!("{}: {} rejects", case.name, decoded.rejects.len()) };
        assert_eq!((reject.line, reject.offset), (2, first.len() as u64 + 1));
        assert_eq!(reject.code.as_str(), case.fault, "{}", case.name);
        assert_eq!(reject.text, case.event.as_bytes());
        let faults = reject.faults();
        let is_named = |fault: &Fault| fault.code == reject.code && fault.column.as_deref() == case.column.as_deref();
        assert!(faults.iter().any(is_named), "{}: {faults}", case.name);
        // Of one column the decoder itself knows which.
        if let Some(column) = reject.column {
            assert_eq!(Some(column), case.column.as_deref(), "{}", case.name);
        }
        n += 1;
    }
    assert!(n >= 100);
}

#[test]
fn all_faults_of_a_line_can_be_had() {
    let line = r#"{"id":7,"event_type":"trace","ns":null,"http_status":"200","severity":1,"day":"2026-01-01"}"#;
    let decoded = decode(&tables::UNIFIED_EVENTS, line);
    assert_eq!(decoded.rejects[0].code.as_str(), "type-mismatch");
    let codes: Vec<&str> = decoded.rejects[0].faults().iter().map(|fault| fault.code.as_str()).collect();
    for code in [
        "type-mismatch",
        "null-in-required",
        "unknown-field",
        "computed-column",
        "missing-required",
        "requirement-not-met",
    ] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn the_table_of_a_loaded_definition_is_the_generated_one() {
    let schema = real_schema();
    let expected: [(&str, &Table); 5] = [
        ("unified_events", &tables::UNIFIED_EVENTS),
        ("do_events", &tables::DO_EVENTS_STREAM),
        ("do_things", &tables::DO_THINGS_STREAM),
        ("do_actions", &tables::DO_ACTIONS_STREAM),
        ("do_state", &tables::DO_STATE_STREAM),
    ];
    for (name, expected) in expected {
        let table = event_table(&schema, name).expect(name);
        assert_eq!((table.name, table.version, table.by_name), (expected.name, expected.version, expected.by_name));
        assert_eq!(fingerprint(table), fingerprint(expected), "{name}");
        for (column, expected) in table.columns.iter().zip(expected.columns) {
            assert_eq!((column.format, column.values), (expected.format, expected.values), "{name}.{}", column.name);
        }
    }
    assert!(event_table(&schema, "nothing").is_none());
}
