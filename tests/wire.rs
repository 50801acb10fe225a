//! The runtime on the fixtures: every valid event is read and written back, every invalid one is
//! refused for the fault it has; and the runtime's facts are those of the definition.

use std::collections::BTreeSet;

use arrow_ipc::reader::StreamReader;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unified_event::table::Table;
use unified_event::{
    DoActionsRecord, DoActionsRow, DoEventsRecord, DoEventsRow, DoStateRecord, DoStateRow, DoThingsRecord, DoThingsRow,
    EventType, FaultCode, Faults, Format, Row, UnifiedEventRow, WarningCode, arrow, tables,
};
use unified_event_tests::{real_schema, repository, text};

/// Reads an event, writes it, and reads it again: twice the same.
fn round_trip<R: Row + PartialEq + std::fmt::Debug>(event: &str) {
    let row = R::from_wire(event).unwrap_or_else(|faults| panic!("{faults}\n{event}"));
    let json = row.to_json().expect("JSON");
    assert_eq!(serde_json::to_string(&row).expect("JSON"), json, "both ways of writing agree");
    assert_eq!(R::from_wire(&json).expect(&json), row);
    assert_eq!(serde_json::from_str::<R>(&json).expect(&json), row, "both ways of reading agree");
    assert_eq!(row.validate(), Ok(()));
    assert_eq!(without_nulls(event), without_nulls(&json), "every value is kept");
}

/// Returns the event with what may differ in text made the same: times, floats and top-level nulls.
fn without_nulls(event: &str) -> serde_json::Map<String, Value> {
    let Value::Object(mut object) = serde_json::from_str(event).expect("JSON") else { panic!("no object: {event}") };
    object.retain(|_, value| !value.is_null());
    for value in object.values_mut() {
        let instant = value.as_str().and_then(|text| text.parse::<unified_event::Timestamp>().ok());
        if let Some(instant) = instant {
            *value = Value::String(instant.to_string());
        } else if let Some(number) = value.as_f64() {
            *value = number.into();
        }
    }
    object
}

fn each_valid(table: &str, check: fn(&str)) {
    let events = text(&format!("tests/events/valid/{table}.ndjson"));
    assert!(events.lines().count() >= 5, "{table}");
    events.lines().for_each(check);
}

#[test]
fn valid_events_are_kept_whole() {
    each_valid("unified_events", round_trip::<UnifiedEventRow>);
    each_valid("do_events", round_trip::<DoEventsRecord>);
    each_valid("do_things", round_trip::<DoThingsRecord>);
    each_valid("do_actions", round_trip::<DoActionsRecord>);
    each_valid("do_state", round_trip::<DoStateRecord>);
}

#[test]
fn every_event_type_is_among_them() {
    let events = text("tests/events/valid/unified_events.ndjson");
    let types = events.lines().map(|event| UnifiedEventRow::from_wire(event).expect(event).event_type);
    assert_eq!(types.collect::<BTreeSet<_>>(), EventType::ALL.iter().copied().collect());
}

fn faults<R: Row>(event: &str) -> Faults {
    R::from_wire(event).err().unwrap_or_else(|| panic!("accepted: {event}"))
}

#[test]
fn invalid_events_are_refused_for_the_fault_they_have() {
    let mut codes = BTreeSet::new();
    for line in text("tests/events/invalid.ndjson").lines() {
        let case: Value = serde_json::from_str(line).expect(line);
        let field = |name: &str| case[name].as_str();
        let (name, event) = (field("name").expect("a name"), field("event").expect("an event"));
        let faults = match field("table").expect("a table") {
            "unified_events" => faults::<UnifiedEventRow>(event),
            "do_events" => faults::<DoEventsRecord>(event),
            "do_things" => faults::<DoThingsRecord>(event),
            "do_actions" => faults::<DoActionsRecord>(event),
            "do_state" => faults::<DoStateRecord>(event),
            other => panic!("no table `{other}`"),
        };
        let first = faults.first().expect("a fault");
        assert_eq!(
            (Some(first.code.as_str()), first.column.as_deref()),
            (field("fault"), field("column")),
            "{name}: {faults}"
        );
        // An event that lacks two required columns has two faults of the one kind.
        assert!(faults.iter().all(|fault| fault.code == first.code), "{name}: {faults}");
        codes.insert(first.code);
    }
    // Text files hold no invalid UTF-8, and limits are the reader's.
    let elsewhere = [FaultCode::InvalidUtf8, FaultCode::TooLarge];
    let missing: Vec<_> = FaultCode::ALL.iter().filter(|code| !codes.contains(code)).collect();
    assert_eq!(missing, elsewhere.iter().collect::<Vec<_>>(), "codes without a fixture");
    assert_eq!(UnifiedEventRow::from_wire(b"{\"id\":\"\xc3\"}").unwrap_err()[0].code, FaultCode::InvalidUtf8);
}

/// Stored rows come from the expected rows of the transforms: computed columns are set in them.
fn stored<R: Row + PartialEq + std::fmt::Debug>(table: &str) {
    let rows = text(&format!("tests/events/expected/{table}.ndjson"));
    assert!(!rows.is_empty());
    for line in rows.lines() {
        let wire = stored_to_wire(line, R::TABLE);
        let row: R = serde_json::from_value(wire).unwrap_or_else(|error| panic!("{error}\n{line}"));
        let json = serde_json::to_string(&row).expect("JSON");
        assert_eq!(serde_json::from_str::<R>(&json).expect(&json), row);
        assert_eq!(row.to_json().expect("JSON"), json);
    }
}

/// Expected rows hold 64-bit integers as numbers; on the wire some travel as text.
fn stored_to_wire(line: &str, table: &Table) -> Value {
    let mut row: Value = serde_json::from_str(line).expect(line);
    for (name, value) in row.as_object_mut().expect("an object") {
        let column = table.column(name).unwrap_or_else(|| panic!("no column `{name}`"));
        if column.wire == unified_event::table::Wire::DecimalString && value.is_number() {
            *value = Value::String(value.to_string());
        }
    }
    row
}

#[test]
fn stored_rows_are_kept_whole() {
    stored::<UnifiedEventRow>("unified_events");
    stored::<DoEventsRow>("do_events");
    stored::<DoThingsRow>("do_things");
    stored::<DoActionsRow>("do_actions");
    stored::<DoStateRow>("do_state");
}

fn all_tables() -> Vec<(&'static Table, arrow::SchemaRef)> {
    vec![
        (&tables::UNIFIED_EVENTS, arrow::unified_events()),
        (&tables::DO_EVENTS, arrow::do_events()),
        (&tables::DO_THINGS, arrow::do_things()),
        (&tables::DO_ACTIONS, arrow::do_actions()),
        (&tables::DO_STATE, arrow::do_state()),
    ]
}

#[test]
fn the_const_tables_say_what_the_definition_says() {
    let schema = real_schema();
    for (table, _) in all_tables() {
        let defined = schema.table(table.name).expect("a table");
        assert_eq!(table.columns.len(), defined.columns.len());
        for (column, defined) in table.columns.iter().zip(&defined.columns) {
            assert_eq!(table.position(column.name), defined.id.checked_sub(1).map(|id| id as usize), "{}", column.name);
            let said = (column.id, column.name, column.ty.name(), column.required, column.computed, column.doc);
            let is_computed = defined.computed.is_some();
            let meant =
                (defined.id, &*defined.name, defined.ty.name(), defined.required, is_computed, defined.doc.as_str());
            assert_eq!(said, meant);
            assert_eq!(column.group, defined.group.as_deref());
            assert_eq!(column.unit, defined.unit.as_deref());
            assert_eq!(column.format.map(Format::name), defined.format.map(|format| format.name()));
        }
    }
    let system = tables::UNIFIED_EVENTS.columns.iter().filter(|column| column.system).count();
    assert_eq!((tables::UNIFIED_EVENTS.columns.len(), system), (schema.counts.stored, schema.counts.system));
}

#[test]
fn the_arrow_functions_return_what_the_arrow_files_hold() {
    for (table, schema) in all_tables() {
        let path = repository(&format!("generated/arrow/{}.arrow", table.name));
        let file = std::fs::File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(StreamReader::try_new(file, None).expect("an Arrow stream").schema(), schema);
    }
}

#[test]
fn conventions_and_known_values_are_warnings() {
    let mut row = UnifiedEventRow::new("1", EventType::Log, "Order Placed", "https://shop.example");
    row.log_level = Some("inof".to_owned());
    row.log_level_num = Some(25);
    assert_eq!(row.validate(), Ok(()));
    let warnings: Vec<_> = row.warnings().into_iter().map(|warning| (warning.code, warning.column)).collect();
    assert_eq!(
        warnings,
        [
            (WarningCode::Convention, "event_name"),
            (WarningCode::UnknownValue, "log_level"),
            (WarningCode::UnknownValue, "log_level_num"),
        ]
    );
}

#[test]
fn rows_are_printed_without_their_empty_columns() {
    let row = UnifiedEventRow::new("1", EventType::Log, "log.recorded", "shop.example");
    assert_eq!(
        format!("{row:?}"),
        r#"UnifiedEventRow { id: "1", event_type: "log", event_name: "log.recorded", ns: "shop.example", .. }"#
    );
}

#[test]
fn groups_go_into_rows_and_come_out_of_them() {
    use unified_event::{CoreIdentity, Outcome};

    let mut row = UnifiedEventRow::new("1", EventType::Log, "log.recorded", "shop.example");
    row.outcome_reason = Some("kept".to_owned());
    row.set_group(&Outcome { status_code: Some(5), ..Outcome::default() }).expect("a group");
    let outcome = Outcome::from(&row);
    assert_eq!((outcome.status_code, outcome.outcome_reason.as_deref()), (Some(5), Some("kept")));
    assert_eq!(CoreIdentity::from(&row), CoreIdentity::new("1", EventType::Log, "log.recorded", "shop.example"));
}

#[test]
fn event_types_know_their_requirements() {
    for event_type in EventType::ALL {
        let rules = event_type.rules();
        assert_eq!(rules.name, event_type.as_str());
        let defined = real_schema();
        let defined = defined.event_type(rules.name).expect("an event type").requires.clone();
        let said: Vec<Vec<&str>> = rules
            .requires
            .iter()
            .map(|requirement| requirement.columns(&tables::UNIFIED_EVENTS).map(|column| column.name).collect())
            .collect();
        assert_eq!(
            said,
            defined.iter().map(|r| r.any_of.iter().map(String::as_str).collect()).collect::<Vec<Vec<&str>>>()
        );
    }
    let error = "pgae".parse::<EventType>().unwrap_err().to_string();
    assert_eq!(error, "`pgae` is no value of `event_type`; did you mean `page`?");
}

/// Every row type can be read as owned data: the bound that generic code asks for.
#[test]
fn rows_are_owned() {
    fn owned<R: DeserializeOwned + Send + Sync + 'static>() {}
    owned::<UnifiedEventRow>();
    owned::<DoStateRecord>();
}
