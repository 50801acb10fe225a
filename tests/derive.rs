//! What the derive makes of good structs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;
use serde_json::value::RawValue;
use unified_event::batch::EventBatch;
use unified_event::values::{Int32Value, StringValue, TimestampValue};
use unified_event::{
    Actor, CoreIdentity, EventType, Fault, FaultCode, HttpContext, Json, Sink, Timestamp, TimestampError, UnifiedEvent,
    UnifiedEventRow, Visibility,
};
use unified_event_runtime::ndjson::Decoder;

const NS: &str = "https://shop.example";

fn instant(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// The event by way of its row is the event by way of its JSON, read as the platform reads it.
fn both_ways<E: UnifiedEvent<Row = UnifiedEventRow>>(event: &E) -> UnifiedEventRow {
    let row = event.to_row().expect("a row");
    let json = event.to_json().expect("JSON");
    assert_eq!(UnifiedEventRow::from_wire(&json).expect(&json), row);
    assert_eq!(event.validate(), Ok(()));
    row
}

#[derive(UnifiedEvent)]
#[event(type = "trace", name = "http.request", ns = "https://shop.example")]
struct Request<'a> {
    http_status: u16,
    id: &'a str,
    trace_id: Arc<str>,
    span_id: Cow<'a, str>,
    parent_id: Option<Box<str>>,
    started_at: Timestamp,
    ended_at: Option<std::time::SystemTime>,
    timestamp_ns: u32,
    duration_ms: f32,
    #[event(column = "bot_verified")]
    verified: &'a bool,
    visibility: Visibility,
    replay_data: [u8; 3],
    data: Json,
}

fn request(id: &str) -> Request<'_> {
    Request {
        http_status: 200,
        id,
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".into(),
        span_id: "00f067aa0ba902b7".into(),
        parent_id: None,
        started_at: instant("2026-01-15T14:30:00.123456Z"),
        ended_at: Some(UNIX_EPOCH + Duration::from_micros(1)),
        timestamp_ns: 7,
        duration_ms: 0.5,
        verified: &true,
        visibility: Visibility::Org,
        replay_data: [0, 1, 255],
        data: Json::parse(r#"{ "big": 12345678901234567890 }"#).expect("JSON"),
    }
}

#[test]
fn fields_become_columns_in_their_order() {
    assert_eq!(Request::EVENT_TYPE, Some("trace"));
    assert_eq!(
        request("1").to_json().expect("JSON"),
        r#"{"id":"1","event_type":"trace","event_name":"http.request","ns":"https://shop.example","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","timestamp_ns":"7","started_at":"2026-01-15T14:30:00.123456Z","ended_at":"1970-01-01T00:00:00.000001Z","duration_ms":0.5,"http_status":200,"bot_verified":true,"replay_data":"AAH/","data":{"big":12345678901234567890},"visibility":"org"}"#
    );
    let row = both_ways(&request("1"));
    assert_eq!(row.event_type, EventType::Trace);
    assert_eq!((row.event_name.as_str(), row.ns.as_str()), ("http.request", NS));
    assert_eq!(row.http_status, Some(200));
    assert_eq!(row.visibility, Some(Visibility::Org));
}

#[test]
fn rows_come_by_conversion_too() {
    let request = request("1");
    assert_eq!(UnifiedEventRow::try_from(&request), request.to_row());
    let row: UnifiedEventRow = (&request).try_into().expect("a row");
    assert_eq!(row.to_row(), Ok(row), "a row is an event itself");
}

#[test]
fn json_goes_to_writers_and_buffers() {
    let mut out = Vec::new();
    request("1").write_json(&mut out).expect("JSON");
    out.push(b'\n');
    request("2").append_json(&mut out).expect("JSON");
    let lines: Vec<_> = out.split(|byte| *byte == b'\n').collect();
    assert_eq!(lines, [request("1"), request("2")].map(|r| r.to_json().expect("JSON").into_bytes()));
}

#[test]
fn conversions_that_fail_are_faults() {
    let far = UNIX_EPOCH + Duration::from_secs(1 << 40);
    let fault = Request { ended_at: Some(far), ..request("1") }.to_json().expect_err("a fault");
    assert_eq!(fault.code, FaultCode::MalformedTimestamp);
    assert_eq!(fault.column.as_deref(), Some("ended_at"));
    let fault = Request { duration_ms: f32::NAN, ..request("1") }.to_json().expect_err("a fault");
    assert_eq!((fault.code, fault.column.as_deref()), (FaultCode::NumberOutOfRange, Some("duration_ms")));
    let faults = Request { trace_id: "short".into(), ..request("1") }.validate().expect_err("faults");
    assert_eq!(faults[0].code, FaultCode::Format);
}

#[derive(UnifiedEvent)]
#[event(type = "track", name = "order.placed", ns = "https://shop.example")]
struct OrderPlaced<T> {
    id: String,
    actor_id: Option<String>,
    anonymous_id: Option<String>,
    #[event(json)]
    properties: T,
    #[event(json)]
    labels: Option<BTreeMap<String, String>>,
    #[event(skip)]
    retries: u32,
}

#[derive(Serialize)]
struct Cart<'a> {
    items: &'a [u32],
    note: Option<&'a str>,
}

fn order<T>(properties: T) -> OrderPlaced<T> {
    let (id, actor_id) = ("1".to_owned(), Some("user_1".to_owned()));
    OrderPlaced { id, actor_id, anonymous_id: None, properties, labels: None, retries: 3 }
}

#[test]
fn json_columns_take_what_serialises() {
    let mut order = order(Cart { items: &[1, 2], note: None });
    order.labels = Some(BTreeMap::from([("team".to_owned(), "checkout".to_owned())]));
    let row = both_ways(&order);
    assert_eq!(row.properties.expect("a value").as_str(), r#"{"items":[1,2],"note":null}"#);
    assert_eq!(row.labels.expect("a value").as_str(), r#"{"team":"checkout"}"#);
    assert_eq!(order.retries, 3);
}

#[test]
fn json_null_is_no_value_and_what_has_no_json_form_is_a_fault() {
    assert_eq!(both_ways(&order(None::<u8>)).properties, None);
    let fault = order(BTreeMap::from([((1, 2), 3)])).to_json().expect_err("a fault");
    assert_eq!((fault.code, fault.column.as_deref()), (FaultCode::MalformedJson, Some("properties")));
}

#[test]
fn one_of_several_columns_must_have_a_value() {
    let mut order = order(1);
    both_ways(&order);
    (order.actor_id, order.anonymous_id) = (None, Some("a".to_owned()));
    both_ways(&order);
    order.anonymous_id = None;
    for fault in [order.to_json().expect_err("a fault"), order.to_row().expect_err("a fault")] {
        assert_eq!(fault.code, FaultCode::RequirementNotMet);
        assert_eq!(
            fault.to_string(),
            "event type `track` requires at least one of the columns `actor_id`, `anonymous_id`"
        );
    }
}

#[derive(UnifiedEvent)]
#[event(type = "page")]
struct PageViewed<'a> {
    #[event(column = "id")]
    key: &'a str,
    event_name: &'static str,
    ns: Rc<str>,
    #[event(flatten)]
    http: HttpContext,
    #[event(flatten)]
    actor: Option<&'a Actor>,
}

#[test]
fn groups_are_flattened() {
    let actor = Actor { actor_name: Some("Ada".to_owned()), ..Actor::default() };
    let http = HttpContext { http_url: Some("https://shop.example/".to_owned()), ..HttpContext::default() };
    let mut page = PageViewed { key: "1", event_name: "page.viewed", ns: NS.into(), http, actor: Some(&actor) };
    let row = both_ways(&page);
    assert_eq!(row.actor_name.as_deref(), Some("Ada"));
    assert_eq!(HttpContext::from(&row), page.http);
    page.actor = None;
    assert_eq!(both_ways(&page).actor_name, None);
    page.http.http_url = None;
    let fault = page.to_json().expect_err("a fault");
    assert_eq!((fault.code, fault.column.as_deref()), (FaultCode::RequirementNotMet, Some("http_url")));
}

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct FaultyPage {
    id: String,
    #[event(flatten)]
    http: HttpContext,
    started_at: std::time::SystemTime,
    #[event(json)]
    data: BTreeMap<(u8, u8), u8>,
    duration_ms: f64,
}

#[test]
fn a_check_says_every_fault_once() {
    let page = FaultyPage {
        id: "1".to_owned(),
        http: HttpContext::default(),
        started_at: UNIX_EPOCH + Duration::from_secs(1 << 40),
        data: BTreeMap::from([((1, 2), 3)]),
        duration_ms: f64::NAN,
    };
    let faults = page.validate().expect_err("faults");
    let mut found: Vec<_> =
        faults.iter().map(|fault| (fault.column.as_deref().unwrap_or_default(), fault.code)).collect();
    found.sort();
    assert_eq!(
        found,
        [
            ("data", FaultCode::MalformedJson),
            ("duration_ms", FaultCode::NumberOutOfRange),
            ("http_url", FaultCode::RequirementNotMet),
            ("started_at", FaultCode::MalformedTimestamp),
        ]
    );
    // Who stops at the first fault stops at one of them, and writes nothing.
    let mut out = b"before".to_vec();
    page.append_json(&mut out).expect_err("a fault");
    assert_eq!(out, b"before");
    let mut batch = EventBatch::new(FaultyPage::TABLE);
    batch.push(&page).expect_err("a fault");
    assert_eq!(batch.finish().num_rows(), 0);
}

#[derive(UnifiedEvent)]
struct Anything {
    #[event(flatten)]
    core: Box<CoreIdentity>,
    log_level: Option<String>,
}

#[test]
fn an_event_type_known_at_run_time_is_validated_at_run_time() {
    let core = Box::new(CoreIdentity::new("1", EventType::Log, "log.recorded", NS));
    let mut log = Anything { core, log_level: Some("info".to_owned()) };
    assert_eq!(Anything::EVENT_TYPE, None);
    both_ways(&log);
    log.log_level = None;
    assert_eq!(log.validate().expect_err("faults")[0].code, FaultCode::RequirementNotMet);
}

struct UserId(u64);

impl StringValue for UserId {
    fn text(&self) -> Cow<'_, str> {
        format!("user_{}", self.0).into()
    }
}

struct Status(u16);

impl Int32Value for Status {
    fn int32(&self) -> i32 {
        self.0.into()
    }
}

struct Millis(i64);

impl TimestampValue for Millis {
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        Timestamp::from_millis(self.0)
    }
}

#[derive(UnifiedEvent)]
#[event(type = "tail", name = "worker.invoked", ns = "https://shop.example")]
struct Invoked<'a, S, const N: usize>
where
    S: Clone,
{
    id: S,
    service_name: &'a S,
    actor_id: Option<UserId>,
    http_status: Option<Status>,
    timestamp: Millis,
    #[event(json)]
    attributes: &'a [S; N],
}

#[test]
fn newtypes_and_generics_are_fields() {
    let invoked = Invoked {
        id: "1",
        service_name: &"ingest",
        actor_id: Some(UserId(7)),
        http_status: Some(Status(404)),
        timestamp: Millis(1),
        attributes: &["a", "b"],
    };
    let row = both_ways(&invoked);
    assert_eq!((row.actor_id.as_deref(), row.http_status), (Some("user_7"), Some(404)));
    assert_eq!(row.timestamp, Timestamp::from_micros(1_000).ok());
    assert_eq!(row.attributes.expect("a value").as_str(), r#"["a","b"]"#);
}

/// A sink that counts, as a later sink for Arrow will be handed positions.
struct Positions(Vec<usize>);

impl Sink for Positions {
    fn string(&mut self, column: usize, _: &str) {
        self.0.push(column);
    }

    fn bool(&mut self, column: usize, _: bool) {
        self.0.push(column);
    }

    fn int32(&mut self, column: usize, _: i32) {
        self.0.push(column);
    }

    fn int64(&mut self, column: usize, _: i64) {
        self.0.push(column);
    }

    fn float64(&mut self, column: usize, _: f64) {
        self.0.push(column);
    }

    fn timestamp(&mut self, column: usize, _: Timestamp) {
        self.0.push(column);
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, _: &T) {
        self.0.push(column);
    }

    fn binary(&mut self, column: usize, _: &[u8]) {
        self.0.push(column);
    }

    fn fault(&mut self, _: Option<usize>, fault: Fault) {
        panic!("{fault}");
    }
}

#[test]
fn any_sink_is_handed_positions_of_the_table() {
    let mut sink = Positions(Vec::new());
    request("1").record(&mut sink);
    let names: Vec<&str> = sink.0.iter().map(|position| Request::TABLE.columns[*position].name).collect();
    assert_eq!(names[..6], ["id", "event_type", "event_name", "ns", "trace_id", "span_id"]);
    assert!(sink.0.is_sorted());
}

#[test]
fn raw_json_is_kept_as_readers_keep_it() {
    #[derive(UnifiedEvent)]
    #[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
    struct Log {
        id: &'static str,
        log_level: &'static str,
        #[event(json)]
        data: Box<RawValue>,
        db_before: Option<Box<RawValue>>,
    }

    for (text, kept) in [
        ("{ \"a\" : 1.50 }", "{\"a\":1.50}"),
        ("[1,\r\n\t2 ]", "[1,2]"),
        ("{\"a , b\":\" : [ \"}", "{\"a , b\":\" : [ \"}"),
        ("12345678901234567890.10", "12345678901234567890.10"),
    ] {
        let raw = || RawValue::from_string(text.to_owned()).expect("JSON");
        let log = Log { id: "1", log_level: "info", data: raw(), db_before: Some(raw()) };
        let json = log.to_json().expect("JSON");
        assert!(json.ends_with(&format!(",\"data\":{kept}}}")), "{json}");
        let mut batches = [EventBatch::new(Log::TABLE), EventBatch::new(Log::TABLE)];
        batches[0].push(&log).expect("an event");
        batches[1].push_row(&log.to_row().expect("a row")).expect("a row");
        let decoded = Decoder::new(Log::TABLE).decode(json.as_bytes()).next().expect("a line");
        for mut batch in batches {
            assert_eq!(batch.finish(), decoded.batch, "{text}");
        }
    }
}
