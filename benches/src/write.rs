//! Struct → Arrow, by everyone.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{FieldRef, Schema, SchemaRef};
use serde::Serialize;
use unified_event::tables::UNIFIED_EVENTS;
use unified_event::{Json, Timestamp, UnifiedEvent};
use unified_event_runtime::batch::EventBatch;

use crate::generate::Generator;
use crate::read::BATCH_ROWS;

/// An event with 25 fields; three more columns are constants.
#[derive(UnifiedEvent)]
#[event(type = "trace", name = "http.request", ns = "https://shop.meadow.example")]
pub struct Request {
    id: String,
    trace_id: String,
    span_id: String,
    parent_id: Option<String>,
    timestamp: Timestamp,
    timestamp_ns: i64,
    duration_ms: f64,
    cpu_time_ms: Option<f64>,
    outcome: &'static str,
    http_method: &'static str,
    http_url: String,
    http_host: String,
    http_path: String,
    http_query: Option<String>,
    http_status: i32,
    http_protocol: &'static str,
    http_response_size: Option<i64>,
    http_user_agent: String,
    service_name: String,
    service_version: String,
    service_instance: Option<String>,
    host_name: String,
    cloud_provider: &'static str,
    cloud_region: &'static str,
    attributes: Json,
}

/// The same for serde: the constants are fields, the instant is its microseconds, the JSON is its text.
#[derive(Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct SerdeRequest<'a> {
    pub id: &'a str,
    pub event_type: &'static str,
    pub event_name: &'static str,
    pub ns: &'static str,
    pub trace_id: &'a str,
    pub span_id: &'a str,
    pub parent_id: Option<&'a str>,
    pub timestamp: i64,
    pub timestamp_ns: i64,
    pub duration_ms: f64,
    pub cpu_time_ms: Option<f64>,
    pub outcome: &'static str,
    pub http_method: &'static str,
    pub http_url: &'a str,
    pub http_host: &'a str,
    pub http_path: &'a str,
    pub http_query: Option<&'a str>,
    pub http_status: i32,
    pub http_protocol: &'static str,
    pub http_response_size: Option<i64>,
    pub http_user_agent: &'a str,
    pub service_name: &'a str,
    pub service_version: &'a str,
    pub service_instance: Option<&'a str>,
    pub host_name: &'a str,
    pub cloud_provider: &'static str,
    pub cloud_region: &'static str,
    pub attributes: &'a str,
}

/// Returns `n` events.
pub fn requests(n: usize) -> Vec<Request> {
    let mut g = Generator::new();
    (0..n).map(|i| request(&mut g, i as i64)).collect()
}

fn request(g: &mut Generator, i: i64) -> Request {
    let page = g.below(9_000);
    let nanos = 1_795_219_200_000_000_000 + i * 37_000_000;
    Request {
        id: g.id(),
        trace_id: g.hex(32),
        span_id: g.hex(16),
        parent_id: g.chance(75).then(|| g.hex(16)),
        timestamp: Timestamp::from_unix_nanos(nanos),
        timestamp_ns: nanos,
        duration_ms: g.millis(900),
        cpu_time_ms: g.chance(60).then(|| g.millis(40)),
        outcome: "success",
        http_method: "GET",
        http_url: format!("https://shop.meadow.example/baskets/{page}?expand=lines"),
        http_host: "shop.meadow.example".to_owned(),
        http_path: format!("/baskets/{page}"),
        http_query: g.chance(70).then(|| "expand=lines".to_owned()),
        http_status: 200,
        http_protocol: "HTTP/2",
        http_response_size: g.chance(50).then_some(page as i64),
        http_user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(),
        service_name: "basket-api".to_owned(),
        service_version: format!("4.{}.1", g.below(20)),
        service_instance: g.chance(70).then(|| format!("basket-api-{}", g.hex(10))),
        host_name: format!("node-{}", g.below(64)),
        cloud_provider: "gcp",
        cloud_region: "europe-west4",
        attributes: Json::parse(&format!(
            r#"{{"span.kind":"SERVER","http.route":"/baskets/{{id}}","server.port":{page}}}"#
        ))
        .expect("JSON"),
    }
}

impl Request {
    /// The same event for serde.
    pub fn for_serde(&self) -> SerdeRequest<'_> {
        SerdeRequest {
            id: &self.id,
            event_type: "trace",
            event_name: "http.request",
            ns: "https://shop.meadow.example",
            trace_id: &self.trace_id,
            span_id: &self.span_id,
            parent_id: self.parent_id.as_deref(),
            timestamp: self.timestamp.as_micros(),
            timestamp_ns: self.timestamp_ns,
            duration_ms: self.duration_ms,
            cpu_time_ms: self.cpu_time_ms,
            outcome: self.outcome,
            http_method: self.http_method,
            http_url: &self.http_url,
            http_host: &self.http_host,
            http_path: &self.http_path,
            http_query: self.http_query.as_deref(),
            http_status: self.http_status,
            http_protocol: self.http_protocol,
            http_response_size: self.http_response_size,
            http_user_agent: &self.http_user_agent,
            service_name: &self.service_name,
            service_version: &self.service_version,
            service_instance: self.service_instance.as_deref(),
            host_name: &self.host_name,
            cloud_provider: self.cloud_provider,
            cloud_region: self.cloud_region,
            attributes: self.attributes.as_str(),
        }
    }
}

/// The derive's way into batches of the whole table.
pub fn ours(batch: &mut EventBatch, events: &[Request]) -> usize {
    let mut n = 0;
    for event in events {
        batch.push(event).expect("an event");
        if batch.is_full() {
            n += batch.finish().num_rows();
        }
    }
    n + batch.finish().num_rows()
}

/// A batch for it.
pub fn batch() -> EventBatch {
    EventBatch::new(&UNIFIED_EVENTS).with_max_rows(BATCH_ROWS)
}

/// serde_arrow into batches of the whole table.
pub fn serde_arrow(fields: &[FieldRef], events: &[SerdeRequest<'_>]) -> usize {
    let batch =
        |events: &[SerdeRequest<'_>]| serde_arrow::to_record_batch(fields, &events).expect("a batch").num_rows();
    events.chunks(BATCH_ROWS).map(batch).sum()
}

/// The fields of the whole table.
pub fn fields() -> Vec<FieldRef> {
    unified_event_runtime::arrow::schema(&UNIFIED_EVENTS).fields().iter().cloned().collect()
}

/// Only the columns of the struct.
pub fn own_schema() -> SchemaRef {
    let schema = unified_event_runtime::arrow::schema(&UNIFIED_EVENTS);
    let event = requests(1);
    let names = serde_json::to_value(event[0].for_serde()).expect("JSON");
    let is_own = |field: &&FieldRef| names.get(field.name()).is_some();
    Arc::new(Schema::new(schema.fields().iter().filter(is_own).cloned().collect::<Vec<_>>()))
}

/// By hand: arrow's builders for exactly the columns of the struct, without the other 147.
pub fn by_hand(schema: &SchemaRef, events: &[Request]) -> usize {
    let mut builders = Builders::default();
    let mut n = 0;
    for events in events.chunks(BATCH_ROWS) {
        events.iter().for_each(|event| builders.append(event));
        let batch = RecordBatch::try_new(Arc::clone(schema), builders.finish()).expect("a batch");
        n += batch.num_rows();
    }
    n
}

#[derive(Default)]
struct Builders {
    id: StringBuilder,
    event_type: StringBuilder,
    event_name: StringBuilder,
    ns: StringBuilder,
    trace_id: StringBuilder,
    span_id: StringBuilder,
    parent_id: StringBuilder,
    timestamp: TimestampMicrosecondBuilder,
    timestamp_ns: Int64Builder,
    duration_ms: Float64Builder,
    cpu_time_ms: Float64Builder,
    outcome: StringBuilder,
    http_method: StringBuilder,
    http_url: StringBuilder,
    http_host: StringBuilder,
    http_path: StringBuilder,
    http_query: StringBuilder,
    http_status: Int32Builder,
    http_protocol: StringBuilder,
    http_response_size: Int64Builder,
    http_user_agent: StringBuilder,
    service_name: StringBuilder,
    service_version: StringBuilder,
    service_instance: StringBuilder,
    host_name: StringBuilder,
    cloud_provider: StringBuilder,
    cloud_region: StringBuilder,
    attributes: StringBuilder,
}

impl Builders {
    fn append(&mut self, event: &Request) {
        self.id.append_value(&event.id);
        self.event_type.append_value("trace");
        self.event_name.append_value("http.request");
        self.ns.append_value("https://shop.meadow.example");
        self.trace_id.append_value(&event.trace_id);
        self.span_id.append_value(&event.span_id);
        self.parent_id.append_option(event.parent_id.as_deref());
        self.timestamp.append_value(event.timestamp.as_micros());
        self.timestamp_ns.append_value(event.timestamp_ns);
        self.duration_ms.append_value(event.duration_ms);
        self.cpu_time_ms.append_option(event.cpu_time_ms);
        self.outcome.append_value(event.outcome);
        self.http_method.append_value(event.http_method);
        self.http_url.append_value(&event.http_url);
        self.http_host.append_value(&event.http_host);
        self.http_path.append_value(&event.http_path);
        self.http_query.append_option(event.http_query.as_deref());
        self.http_status.append_value(event.http_status);
        self.http_protocol.append_value(event.http_protocol);
        self.http_response_size.append_option(event.http_response_size);
        self.http_user_agent.append_value(&event.http_user_agent);
        self.service_name.append_value(&event.service_name);
        self.service_version.append_value(&event.service_version);
        self.service_instance.append_option(event.service_instance.as_deref());
        self.host_name.append_value(&event.host_name);
        self.cloud_provider.append_value(event.cloud_provider);
        self.cloud_region.append_value(event.cloud_region);
        self.attributes.append_value(event.attributes.as_str());
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let timestamp: ArrayRef = Arc::new(self.timestamp.finish().with_timezone("+00:00"));
        let builders: [&mut dyn ArrayBuilder; 27] = [
            &mut self.id,
            &mut self.event_type,
            &mut self.event_name,
            &mut self.ns,
            &mut self.trace_id,
            &mut self.span_id,
            &mut self.parent_id,
            &mut self.timestamp_ns,
            &mut self.duration_ms,
            &mut self.cpu_time_ms,
            &mut self.outcome,
            &mut self.http_method,
            &mut self.http_url,
            &mut self.http_host,
            &mut self.http_path,
            &mut self.http_query,
            &mut self.http_status,
            &mut self.http_protocol,
            &mut self.http_response_size,
            &mut self.http_user_agent,
            &mut self.service_name,
            &mut self.service_version,
            &mut self.service_instance,
            &mut self.host_name,
            &mut self.cloud_provider,
            &mut self.cloud_region,
            &mut self.attributes,
        ];
        let mut arrays: Vec<ArrayRef> = builders.into_iter().map(|builder| builder.finish()).collect();
        arrays.insert(7, timestamp);
        arrays
    }
}
